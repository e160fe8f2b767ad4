import { beforeAll, describe, expect, it } from '@jest/globals';
import { ESLint } from 'eslint';

/** ESLint reads types and the project graph for the first file only. */
const setupLimitMs = 120_000;

describe('the boundaries between rooms', () => {
  let eslint: ESLint;

  /** Rules that an existing file would break if this were its text. */
  async function brokenRules(filePath: string, ...lines: string[]): Promise<(string | null)[]> {
    const [result] = await eslint.lintText(`${lines.join('\n')}\n`, { filePath });
    return [...new Set(result?.messages.filter(({ severity }) => severity === 2).map(({ ruleId }) => ruleId))].sort();
  }

  beforeAll(async () => {
    // In CI typescript-eslint takes the first text of each file from the disk, unless it is told not to.
    const parserOptions = { disallowAutomaticSingleRunInference: true };
    eslint = new ESLint({ overrideConfig: { files: ['**/*.ts'], languageOptions: { parserOptions } } });
    await brokenRules('libs/domain/src/index.ts', 'export {};');
  }, setupLimitMs);

  const boundary = '@nx/enforce-module-boundaries';

  it.each([
    ['the domain imports a platform lib', 'libs/domain/src/index.ts', '@headrace/jetstream'],
    ['a platform lib imports the domain', 'libs/platform/http/src/index.ts', '@headrace/domain'],
    ['a platform lib imports a service', 'libs/platform/http/src/index.ts', '@headrace/gateway'],
    ['a service imports another service', 'libs/services/gateway/src/index.ts', '@headrace/ai-runner'],
    ['the contracts import the domain', 'libs/contracts/src/index.ts', '@headrace/domain'],
    ['an app imports the domain', 'apps/gateway/src/main.ts', '@headrace/domain'],
    ['what customers install imports the contracts', 'libs/sdk/client/src/index.ts', '@headrace/contracts'],
  ])('fails lint when %s', async (_what, file, imported) => {
    expect(await brokenRules(file, `export * from '${imported}';`)).toEqual([boundary]);
  });

  it.each([
    ['the domain imports the contracts', 'libs/domain/src/index.ts', '@headrace/contracts'],
    ['a platform lib imports another', 'libs/platform/jetstream/src/index.ts', '@headrace/event-log'],
    ['a service imports the domain', 'libs/services/gateway/src/index.ts', '@headrace/domain'],
    ['a service imports a platform lib', 'libs/services/gateway/src/index.ts', '@headrace/http'],
    ['an app imports a service', 'apps/gateway/src/main.ts', '@headrace/gateway'],
  ])('passes lint when %s', async (_what, file, imported) => {
    expect(await brokenRules(file, `export * from '${imported}';`)).toEqual([]);
  });

  it('fails lint when a lib is imported by its path', async () => {
    const text = `export * from '../../contracts/src/index.js';`;
    expect(await brokenRules('libs/domain/src/index.ts', text)).toContain(boundary);
  });

  it.each([
    ['reads the clock', 'export const now = Date.now();', 'no-restricted-syntax'],
    ['makes a date of now', 'export const now = new Date();', 'no-restricted-syntax'],
    ['draws a random number', 'export const random = Math.random();', 'no-restricted-syntax'],
    ['is asynchronous', 'export const later = async () => 1;', 'no-restricted-syntax'],
    ['imports from Node', `export { readFileSync } from 'node:fs';`, 'no-restricted-imports'],
    ['reads the environment', 'export const home = process.env;', 'no-restricted-globals'],
  ])('fails lint when the domain %s', async (_what, text, rule) => {
    expect(await brokenRules('libs/domain/src/index.ts', text)).toContain(rule);
  });

  it('lets the domain take time as a value', async () => {
    const text = 'export const minuteAfter = (time: string) => new Date(Date.parse(time) + 60_000).toISOString();';
    expect(await brokenRules('libs/domain/src/index.ts', text)).toEqual([]);
  });
});
