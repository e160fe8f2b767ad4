import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { compile } from 'svelte/compiler';
import type * as VueCompiler from 'vue/compiler-sfc';

/** Which versions of React and Vue: those of the repository, or the oldest that the client works with. */
export type Versions = 'newest' | 'oldest';

export interface BundleOptions {
  readonly versions?: Versions;
  /** Where the bundle runs. Default: in a browser. */
  readonly for?: 'browser' | 'server';
}

const oldestFolder = fileURLToPath(new URL('../../../../libs/sdk/oldest-frameworks', import.meta.url));

/** A script with all that it imports, bundled as a site would: with the package as it is published, from `dist`. */
export async function bundlePage(entry: string, options: BundleOptions = {}): Promise<string> {
  const { versions = 'newest', for: place = 'browser' } = options;
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    ...(place === 'server' ? forServer : { format: 'esm' }),
    jsx: 'automatic',
    tsconfigRaw: { compilerOptions: { experimentalDecorators: true, useDefineForClassFields: false } },
    // The builds for development: they warn, and React's strict mode does something in these only.
    define: {
      'process.env.NODE_ENV': '"development"',
      __VUE_OPTIONS_API__: 'true',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    },
    plugins: [
      ...(versions === 'oldest' ? [oldestFrameworks] : []),
      compiling(/\.svelte$/, (source, filename) => svelteComponent(source, filename, place === 'server')),
      compiling(/\.vue$/, (source, filename) => vueComponent(source, filename, place === 'server', versions)),
    ],
    logLevel: 'silent',
  });
  return outputFiles.map(({ text }) => text).join('');
}

/** CommonJS, for parts of the frameworks are, and ask Node for its modules at run time. */
const forServer = { platform: 'node', format: 'cjs' } as const;

/** Finds React and Vue where their oldest versions are installed. */
const oldestFrameworks: Plugin = {
  name: 'oldest-frameworks',
  setup: (bundler) =>
    bundler.onResolve({ filter: /^(react|react-dom|vue)(\/|$)/ }, ({ path, kind, resolveDir }) =>
      resolveDir.startsWith(oldestFolder)
        ? undefined
        : bundler.resolve(path, { kind, resolveDir: oldestFolder, importer: oldestFolder }),
    ),
};

/** Has files of a framework's own language compiled to JavaScript. */
function compiling(filter: RegExp, compileFile: (source: string, file: string) => string): Plugin {
  return {
    name: String(filter),
    setup: (bundler) =>
      bundler.onLoad({ filter }, async ({ path }) => ({
        contents: compileFile(await readFile(path, 'utf8'), basename(path)),
        loader: 'js',
      })),
  };
}

const svelteComponent = (source: string, filename: string, isForServer: boolean): string =>
  compile(source, { filename, generate: isForServer ? 'server' : 'client', dev: true }).js.code;

function vueComponent(source: string, filename: string, isForServer: boolean, versions: Versions): string {
  const from = versions === 'oldest' ? `${oldestFolder}/package.json` : import.meta.url;
  const { compileScript, parse } = createRequire(from)('vue/compiler-sfc') as typeof VueCompiler;
  const { descriptor } = parse(source, { filename });
  const templateOptions = { ssr: isForServer, ssrCssVars: [] };
  return compileScript(descriptor, { id: filename, inlineTemplate: true, templateOptions }).content;
}
