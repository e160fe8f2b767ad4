import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';

const fileOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const sdk = fileOf('index.ts');
const compileLimitMs = 60_000;

/** What the documentation takes for granted; what a block declares itself is left out. */
const given: Readonly<Record<string, string>> = {
  Headrace: `import { Headrace } from '${sdk}';`,
  verifyRequest: `import { verifyRequest } from '${sdk}';`,
  verifyWebhook: `import { verifyWebhook } from '${sdk}';`,
  toolCallsOf: `import { toolCallsOf } from '${sdk}';`,
  headrace: `declare const headrace: import('${sdk}').Headrace;`,
  webhook: `declare const webhook: import('${sdk}').VerifiedWebhook;`,
  Offer: 'interface Offer { readonly price: number }',
  messages: 'declare const messages: { role: string; content: string }[];',
  channelId: 'declare const channelId: string;',
  secret: 'declare const secret: string;',
  save: 'declare function save(offer: Offer): Promise<{ id: number }>;',
  run: 'declare function run(call: { name: string; arguments: unknown }): string;',
  // Frameworks, of which not all are at hand: `frameworks.spec.ts` uses those that are.
  app: `interface Scope {
      addContentTypeParser(type: string, options: object, parser: (request: object, body: Buffer, done: (error: null, body: unknown) => void) => void): void;
      post(path: string, handler: (request: import('${sdk}').NodeRequest, reply: { code(status: number): { send(): object } }) => unknown): void;
    }
    declare const app: {
      post(path: string, handler: (context: { req: { raw: Request } }) => unknown): void;
      post(path: string, parser: object, handler: (request: import('${sdk}').NodeRequest, response: { sendStatus(status: number): void }) => unknown): void;
      register(plugin: (scope: Scope) => Promise<void>): void;
    };`,
  express: 'declare const express: { raw(options: object): object };',
  createServer: `import { createServer } from 'node:http';`,
  handle: `declare function handle(webhook: import('${sdk}').VerifiedWebhook): Response;`,
  respond: `declare function respond(response: object, webhook: import('${sdk}').VerifiedWebhook): void;`,
  enqueue: `declare function enqueue(payload: import('${sdk}').WebhookPayload): Promise<void>;`,
  keep: 'declare function keep(secret: string): Promise<void>;',
};

/** The blocks of a page in TypeScript, as modules of their own. */
function modulesOf(page: string): string[] {
  const text = readFileSync(fileOf(page), 'utf8');
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, block = '']) => {
    const code = block.replaceAll("'@headrace/node'", `'${sdk}'`);
    const isDeclared = (name: string): boolean =>
      new RegExp(`(import \\{[^}]*\\b|const |function )${name}\\b`).test(code);
    const needed = Object.entries(given).filter(
      ([name]) => new RegExp(`\\b${name}\\b`).test(code) && !isDeclared(name),
    );
    return [...needed.map(([, line]) => line), code, 'export {};'].join('\n');
  });
}

/** What the compiler says of modules that are not on the disk. */
function complaintsOf(modules: readonly string[]): string[] {
  const names = modules.map((_module, at) => fileOf(`readme-block-${at}.ts`));
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2023.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    allowImportingTsExtensions: true,
    types: ['node'],
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  const textOf = (name: string): string | undefined => modules[names.indexOf(name)];
  host.fileExists = (name) => textOf(name) !== undefined || fileExists(name);
  host.readFile = (name) => textOf(name) ?? readFile(name);
  host.getSourceFile = (name, language, ...others) => {
    const text = textOf(name);
    return text === undefined
      ? getSourceFile(name, language, ...others)
      : ts.createSourceFile(name, text, language, true);
  };
  return ts.getPreEmitDiagnostics(ts.createProgram(names, options, host)).map(({ messageText, file, start }) => {
    const place = file && start !== undefined ? file.text.slice(start).split('\n')[0] : '';
    return `${ts.flattenDiagnosticMessageText(messageText, '\n')} | ${place}`;
  });
}

describe('the code of the documentation', () => {
  it(
    'is what the SDK has',
    () => {
      const modules = [...modulesOf('../README.md'), ...modulesOf('../../../../docs/guides/server-sdks.md')];
      expect(modules).toHaveLength(8);
      expect(complaintsOf(modules)).toEqual([]);
      expect(
        complaintsOf([`import { Headrace } from '${sdk}';\nawait new Headrace().workflows.restore('x');\n`]),
      ).toEqual([expect.stringContaining("Property 'restore' does not exist")]);
    },
    compileLimitMs,
  );
});
