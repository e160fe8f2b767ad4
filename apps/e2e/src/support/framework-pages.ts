import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { compile } from 'svelte/compiler';
import { compileScript, parse } from 'vue/compiler-sfc';

const folder = fileURLToPath(new URL('../pages/', import.meta.url));

/** The pages in `../pages`, each with the framework that it is written for. `rxjs` stands for Angular. */
export const frameworks = { react: 'react.jsx', vue: 'vue.js', svelte: 'svelte.js', rxjs: 'rxjs.js' } as const;

export type Framework = keyof typeof frameworks;

/** The files of a site with these pages, by their paths: `/react` and so on. */
export async function frameworkPages(): Promise<Record<string, string>> {
  const files: Record<string, string> = { '/watch.js': await readFile(`${folder}watch.js`, 'utf8') };
  for (const framework of Object.keys(frameworks) as Framework[]) {
    files[`/${framework}`] = page.replace('%s', framework);
    files[`/${framework}.js`] = await pageScript(framework);
  }
  return files;
}

const page =
  '<!doctype html><meta charset="utf-8"><div id="page"></div>' +
  '<script src="/watch.js"></script><script type="module" src="/%s.js"></script>';

/** The script of a page, bundled as a site would: with the package as it is published, from `dist`. */
async function pageScript(framework: Framework): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [`${folder}${frameworks[framework]}`],
    bundle: true,
    write: false,
    format: 'esm',
    jsx: 'automatic',
    // The builds for development: they warn, and React's strict mode does something in these only.
    define: {
      'process.env.NODE_ENV': '"development"',
      __VUE_OPTIONS_API__: 'true',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    },
    plugins: [compiling(/\.svelte$/, svelteComponent), compiling(/\.vue$/, vueComponent)],
    logLevel: 'silent',
  });
  return outputFiles.map(({ text }) => text).join('');
}

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

const svelteComponent = (source: string, filename: string): string =>
  compile(source, { filename, generate: 'client', dev: true }).js.code;

const vueComponent = (source: string, filename: string): string =>
  compileScript(parse(source, { filename }).descriptor, { id: filename, inlineTemplate: true }).content;
