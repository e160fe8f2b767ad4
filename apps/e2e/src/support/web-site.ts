import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { ApiClient } from './api-client.js';

const compiled = fileURLToPath(new URL('../../../../libs/sdk/client/dist/', import.meta.url));

/** A request whose answer is streamed for almost two seconds. */
export const aStory = {
  workflow: 'demo',
  stream: true,
  metadata: { chunks: 20, chunk_delay_ms: 90 },
  messages: [{ role: 'user', content: 'Tell me a story of a river that turns a wheel, in many words and twice.' }],
};

/** A customer's site: pages with our client, and a backend that gets fresh tokens for them. */
export class WebSite {
  private constructor(private readonly server: Server) {}

  /**
   * Serves `files` by their paths, and the compiled modules of the client below `/client/`. Every other path is a page
   * with `/headrace.min.js`.
   */
  static async start(api: ApiClient, files: Readonly<Record<string, string>>): Promise<WebSite> {
    const server = createServer((request, response) => {
      const path = request.url ?? '/';
      const file = files[path];
      if (file !== undefined) send(response, path.endsWith('.js') ? 'text/javascript' : 'text/html', file);
      else if (path.startsWith('/client/')) void sendModule(response, path.slice('/client/'.length));
      else if (path === '/api/v1/ai/reconnect') void reconnect(api, request, response);
      else if (path === '/ask') void ask(api, response);
      else send(response, 'text/html', '<!doctype html><script src="/headrace.min.js"></script>');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new WebSite(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

function send(response: ServerResponse, type: string, body: string): void {
  response.setHeader('content-type', type);
  response.end(body);
}

async function sendModule(response: ServerResponse, file: string): Promise<void> {
  send(response, 'text/javascript', await readFile(`${compiled}${file}`, 'utf8'));
}

/** Answers as the API does when a story is asked for. */
async function ask(api: ApiClient, response: ServerResponse): Promise<void> {
  send(response, 'application/json', JSON.stringify(await api.ask(aStory)));
}

async function reconnect(api: ApiClient, body: AsyncIterable<Buffer>, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  try {
    const access = await api.must('POST', '/v1/ai/reconnect', JSON.parse(Buffer.concat(chunks).toString()));
    send(response, 'application/json', JSON.stringify(access));
  } catch {
    response.statusCode = 503;
    response.end();
  }
}
