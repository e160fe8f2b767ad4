import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { EmptyProject, moduleResolutions } from './empty-project.js';
import { npmPackages, packNpmPackage, run } from './npm-package.mjs';

const packLimitMs = 120_000;
/** What users of an adapter have. */
const frameworks = ['@angular/core', 'react', 'rxjs', 'svelte', 'vue'];
const adapters = ['angular', 'react', 'svelte', 'vue'];
/** Compressed bytes of a page's script; the frameworks' own come on top. */
const sizeLimits = { '': 8000, '/angular': 8000, '/react': 8000, '/svelte': 8000, '/vue': 8000 };

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}

/** Tarballs that are about to be published are checked themselves. */
const toPublish = process.env.HEADRACE_RELEASE_TARBALLS?.split('\n');

describe('the npm packages, as they are published', () => {
  const project = new EmptyProject();
  const packed = join(project.folder, 'packed');
  let tarballs: readonly string[];
  beforeAll(() => {
    mkdirSync(packed);
    tarballs = toPublish ?? npmPackages.map((folder) => packNpmPackage(folder, packed));
    project.install(tarballs);
  }, packLimitMs);
  afterAll(() => {
    rmSync(packed, { recursive: true, force: true });
    project.remove();
  });

  const filesOf = (tarball: string): string[] =>
    run('tar', ['-tzf', tarball], project.folder)
      .split('\n')
      .map((path) => path.replace('package/', ''));
  const installed = (name: string, file: string): string => join(project.folder, 'node_modules', name, file);
  const manifestOf = (name: string): Manifest =>
    JSON.parse(readFileSync(installed(name, 'package.json'), 'utf8')) as Manifest;
  const names = ['@headrace/client', '@headrace/node'];

  it('hold what is run, its types, the licence and a README, and no tests', () => {
    for (const tarball of tarballs) {
      const files = filesOf(tarball);
      expect(files).toEqual(
        expect.arrayContaining(['LICENSE', 'README.md', 'package.json', 'dist/index.js', 'dist/index.d.ts']),
      );
      expect(files.filter((file) => /spec|testing|tsbuildinfo|tsconfig/.test(file))).toEqual([]);
    }
  });

  it('have types for each module, and sources for each map that leads to one', () => {
    for (const tarball of tarballs) {
      const files = new Set(filesOf(tarball));
      for (const file of files) {
        if (/\.js$/.test(file) && !file.endsWith('.min.js')) expect(files).toContain(file.replace(/js$/, 'd.ts'));
        if (!file.endsWith('.map')) continue;
        expect(files).toContain(file.replace(/^dist/, 'src').replace(/(\.d\.ts|\.js)\.map$/, '.ts'));
      }
    }
  });

  it('say of themselves nothing that only this repository understands, and name no file that is not there', () => {
    for (const name of names) {
      const manifest = manifestOf(name);
      expect(Object.keys(manifest)).toEqual(expect.not.arrayContaining(['nx', 'scripts', 'private', 'dependencies']));
      expect(JSON.stringify(manifest)).not.toContain('@headrace/source');
      for (const target of Object.values(manifest.exports)) {
        for (const file of typeof target === 'string' ? [target] : Object.values(target)) {
          expect(() => readFileSync(installed(name, file))).not.toThrow();
        }
      }
    }
  });

  it('are imported by Node where nothing else is installed', () => {
    const said = project.node(
      'alone.js',
      `import { HeadraceClient, ModelRiverClient, followRequest } from '@headrace/client';
       import '@headrace/client/script-tag';
       import * as server from '@headrace/node';
       console.log(new HeadraceClient().getState().connectionState, ModelRiverClient === HeadraceClient);
       console.log(typeof followRequest, typeof Headrace.followRequest, Object.keys(server).length > 3);`,
    );
    expect(said).toBe('disconnected true\nfunction function true\n');
    const required = names.map((name) => `Object.keys(require('${name}')).length > 3`);
    expect(project.node('commonjs.cjs', `console.log(${required.join()});`)).toBe('true true\n');
  });

  it('give a page the global names', () => {
    const page = createContext({ URL, setTimeout, clearTimeout });
    runInContext(readFileSync(installed('@headrace/client', 'dist/headrace.min.js'), 'utf8'), page);
    const said = 'new Headrace.HeadraceClient().getState().steps.length + typeof ModelRiver.ModelRiverClient';
    expect(runInContext(said, page)).toBe('0function');
  });

  describe('beside the frameworks', () => {
    beforeAll(() => project.link([...frameworks, '@types/node']));

    it('give Node each adapter', () => {
      const paths = Object.keys(manifestOf('@headrace/client').exports).map((path) => path.slice(1));
      expect(paths.sort()).toEqual(['', '/package.json', '/script-tag', ...adapters.map((name) => `/${name}`)].sort());
      const said = project.node(
        'adapters.js',
        `for (const name of ${JSON.stringify(adapters)})
           console.log(name, Object.keys(await import('@headrace/client/' + name)).sort().join());`,
      );
      expect(said.split('\n')).toEqual([
        'angular HeadraceService,ModelRiverService,createModelRiverService,injectHeadrace',
        'react useHeadrace,useModelRiver',
        'svelte createHeadrace,createModelRiver',
        'vue useHeadrace,useModelRiver',
        '',
      ]);
    });

    it.each(Object.keys(moduleResolutions) as (keyof typeof moduleResolutions)[])(
      'have types that a project with moduleResolution %s compiles',
      (resolution) => expect(project.compile('types.ts', typedUse, resolution)).toBe(''),
    );

    it('have types that tell what is wrong', () => {
      const wrong = `import { useModelRiver } from '@headrace/client/react';\nuseModelRiver().text satisfies number;`;
      expect(() => project.compile('wrong.ts', wrong, 'nodenext')).toThrow(/'string' does not satisfy.*'number'/);
    });
  });

  describe('in a bundle', () => {
    const bundle = async (source: string) => {
      const { outputFiles, metafile } = await build({
        stdin: { contents: source, resolveDir: project.folder },
        bundle: true,
        minify: true,
        write: false,
        metafile: true,
        format: 'esm',
        target: 'es2022',
        external: [...frameworks, 'node:*'],
        logLevel: 'silent',
      });
      const inputs = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs));
      const used = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0);
      const modules = used.map(([path]) => basename(path)).filter((file) => file !== '<stdin>');
      return { size: gzipSync(outputFiles[0]?.contents ?? '').length, modules };
    };

    it.each(Object.entries(sizeLimits))('@headrace/client%s takes at most %i compressed bytes', async (path, limit) => {
      const { size } = await bundle(`export * from '@headrace/client${path}';`);
      expect(size).toBeLessThan(limit);
    });

    it('bring no adapter to those who import the core, and nothing to those who use nothing', async () => {
      const { modules } = await bundle(`export * from '@headrace/client';`);
      expect(modules).toContain('client.js');
      expect(modules.filter((file) => adapters.includes(file.replace('.js', '')))).toEqual([]);
      expect(modules).not.toContain('observed-client.js');
      const unused = await bundle(
        `import '@headrace/client'; import { useHeadrace } from '@headrace/client/react'; import '@headrace/node';`,
      );
      expect(unused.modules).toEqual([]);
    });

    it('bring of the core what is used of it', async () => {
      const { modules } = await bundle(
        `import { decodeToken } from '@headrace/client'; console.log(decodeToken('t'));`,
      );
      expect(modules).toEqual(['token.js']);
    });

    it('keep the script for a script tag, which is there for its effect', async () => {
      const { modules } = await bundle(`import '@headrace/client/script-tag';`);
      expect(modules).toContain('headrace.min.js');
    });
  });
});

const typedUse = `
import { HeadraceClient, followRequest, type AIResponse, type ModelRiverClientOptions } from '@headrace/client';
import { injectHeadrace, ModelRiverService } from '@headrace/client/angular';
import { useHeadrace } from '@headrace/client/react';
import { createHeadrace } from '@headrace/client/svelte';
import { useModelRiver } from '@headrace/client/vue';
import * as server from '@headrace/node';
import '@headrace/client/script-tag';

const options: ModelRiverClientOptions = { apiBaseUrl: '/' };
new HeadraceClient(options).on('tokens', ({ text }) => text satisfies string);
export const result: Promise<AIResponse> = followRequest({ channelId: 'c', wsToken: 't' });
useHeadrace(options).steps satisfies { status: string }[];
useModelRiver(options).text.value satisfies string;
createHeadrace(options).text.subscribe((text) => text satisfies string);
injectHeadrace(options).text() satisfies string;
new ModelRiverService().text$.subscribe((text) => text satisfies string);
server satisfies object;
// @ts-expect-error What is not exported cannot be reached.
import '@headrace/client/dist/client.js';
`;
