import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';

/** What a function in the cloud would load that has only this of the SDK. */
async function bundle(source: string) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: source, resolveDir: fileURLToPath(new URL('.', import.meta.url)), loader: 'ts' },
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'silent',
  });
  const [output] = Object.values(metafile.outputs);
  const used = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const modules = used.map(([path]) => basename(path));
  return { size: gzipSync(outputFiles[0]?.contents ?? '').length, modules, needs: output?.imports ?? [] };
}

describe('the size of the SDK', () => {
  it('is at most 9 kB of compressed code, and it needs nothing but Node', async () => {
    const { size, needs } = await bundle(`export * from './index.ts';`);
    expect(size).toBeLessThan(9_000);
    expect([...new Set(needs.map(({ path }) => path))]).toEqual(['node:crypto']);
  });

  it('is at most 2.5 kB for those who only verify webhooks', async () => {
    const { size, modules } = await bundle(`export { verifyRequest } from './index.ts';`);
    expect(size).toBeLessThan(2_500);
    expect(modules).not.toContain('client.ts');
  });
});
