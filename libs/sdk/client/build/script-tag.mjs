import { fileURLToPath } from 'node:url';
import { bundle, minify } from '@swc/core';

const entry = fileURLToPath(new URL('../src/script-tag.ts', import.meta.url));

/** The whole client as one script for a `script` tag: all modules in one scope, minified. */
export async function scriptTag() {
  const { client } = await bundle({
    mode: 'production',
    target: 'browser',
    entry: { client: entry },
    output: { name: 'client', path: fileURLToPath(new URL('../dist', import.meta.url)) },
    module: {},
    options: {
      sourceMaps: false,
      jsc: { target: 'es2022', parser: { syntax: 'typescript' }, transform: { useDefineForClassFields: false } },
    },
  });
  const { code } = await minify(`(()=>{${client.code}})();`, {
    compress: { passes: 3, ecma: 2020 },
    mangle: true,
    sourceMap: false,
  });
  return code;
}
