import { promisify } from 'node:util';
import { Module, type Provider, type Type } from '@nestjs/common';
import type { ErrorBody } from '@headrace/contracts';
import { createHttpApplication } from '../application/http.application.js';
import { HttpSettings } from '../application/http.settings.js';

/** What a test application is made of. */
export interface HttpParts {
  readonly controllers?: readonly Type[];
  readonly modules?: readonly Type[];
  /** Seen by all modules, as the platform's are in a process. */
  readonly providers?: readonly Provider[];
  readonly settings?: Partial<HttpSettings>;
}

/** A running application and how to ask it. */
export interface HttpHarness {
  readonly url: string;
  /** Sends a request; the answer's body parsed. */
  ask(method: string, path: string, options?: AskOptions): Promise<Answer>;
  /** How many connections clients have open. */
  connections(): Promise<number>;
  close(): Promise<void>;
}

export interface AskOptions {
  /** Sent as JSON; text is sent as it is. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

/** An answer: either body may be read, whichever it is. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown> & ErrorBody;
}

type CountDone = (error: Error | null, count: number) => void;

/** Starts an application as `createHttpApplication` makes it, on a free port. */
export async function startHttp(parts: HttpParts): Promise<HttpHarness> {
  const { controllers = [], modules = [], providers = [], settings = {} } = parts;
  class PlatformModule {}
  class TestModule {}
  Module({})(PlatformModule);
  const platform = { module: PlatformModule, global: true, providers: [...providers], exports: [...providers] };
  Module({ controllers: [...controllers], imports: [platform, ...modules] })(TestModule);
  const app = await createHttpApplication(TestModule, Object.assign(new HttpSettings(), settings), { logger: false });
  await app.listen(0, '127.0.0.1');
  const url = (await app.getUrl()).replace('[::1]', '127.0.0.1');
  return {
    url,
    close: () => app.close(),
    connections: () => promisify((done: CountDone) => app.getHttpServer().getConnections(done))(),
    ask: async (method, path, { body, headers = {} } = {}) => {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
        body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
      });
      const text = await response.text();
      return {
        status: response.status,
        headers: response.headers,
        body: (text ? JSON.parse(text) : {}) as Answer['body'],
      };
    },
  };
}
