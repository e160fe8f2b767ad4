import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './npm-package.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** How TypeScript finds modules; with each of them, what a project that uses it says of its own modules. */
export const moduleResolutions = { node16: 'node16', nodenext: 'nodenext', bundler: 'preserve' } as const;

/** A customer's project that has nothing but what is installed into it. */
export class EmptyProject {
  readonly folder = mkdtempSync(join(tmpdir(), 'headrace-project-'));

  constructor() {
    this.write('package.json', JSON.stringify({ name: 'customer', private: true, type: 'module' }));
  }

  /** Installs tarballs, without a network: what they depend on would be missed. */
  install(tarballs: readonly string[]): void {
    run('npm', ['install', '--offline', '--no-audit', '--no-fund', ...tarballs], this.folder);
  }

  /** Lets the project have packages of this repository's own node_modules, whatever they depend on included. */
  link(packages: readonly string[]): void {
    for (const name of packages) {
      const link = join(this.folder, 'node_modules', name);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(join(root, 'node_modules', name), link, 'dir');
    }
  }

  write(file: string, text: string): string {
    writeFileSync(join(this.folder, file), text);
    return join(this.folder, file);
  }

  /** What Node prints when it runs a script of the project. */
  node(file: string, text: string): string {
    return run(process.execPath, [this.write(file, text)], this.folder);
  }

  /** What the compiler says about a file, as its users have it: strict, and with no trust in declaration files. */
  compile(file: string, text: string, resolution: keyof typeof moduleResolutions): string {
    this.write(file, text);
    const compilerOptions = {
      target: 'es2022',
      lib: ['es2022', 'dom', 'dom.iterable', 'esnext.disposable'],
      module: moduleResolutions[resolution],
      moduleResolution: resolution,
      types: ['node'],
      strict: true,
      exactOptionalPropertyTypes: false,
      skipLibCheck: false,
      noEmit: true,
    };
    const config = this.write(`tsconfig.${resolution}.json`, JSON.stringify({ compilerOptions, files: [file] }));
    const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript7/package.json')), 'bin/tsc');
    return run(process.execPath, [compiler, '-p', config], this.folder);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
