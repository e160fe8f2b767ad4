/**
 * An AI provider of the bench, in a process of its own: OpenAI's chat completions with an answer that is always the
 * same, whole at once or in pieces at fixed moments.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '../lib/part.ts';
import { word, type ProviderPlan } from '../lib/sync-plan.ts';

let plan: ProviderPlan = { pieces: 20, pieceMs: 0, latencyMs: 0 };
let calls = 0;

const head = { id: 'chatcmpl-bench', created: 1_700_000_000, model: 'bench-model' };
const usage = { prompt_tokens: 12, completion_tokens: 20, total_tokens: 32 };
const chunk = (delta: object, reason: string | null = null) =>
  `data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: reason }] })}\n\n`;
const first = chunk({ role: 'assistant', content: '' });
const piece = chunk({ content: word });
const last = `${chunk({}, 'stop')}data: ${JSON.stringify({ ...head, object: 'chat.completion.chunk', choices: [], usage })}\n\ndata: [DONE]\n\n`;

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  calls += 1;
  let body = '';
  request.on('data', (text: Buffer) => (body += text.toString()));
  request.once('end', () => {
    const answer = /"stream": ?true/.test(body) ? stream : whole;
    if (plan.latencyMs === 0) answer(response);
    else setTimeout(() => answer(response), plan.latencyMs);
  });
});
server.listen(0, '127.0.0.1');

function whole(response: ServerResponse): void {
  const message = { role: 'assistant', content: word.repeat(plan.pieces) };
  const choices = [{ index: 0, message, finish_reason: 'stop' }];
  const body = Buffer.from(JSON.stringify({ ...head, object: 'chat.completion', choices, usage }));
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
}

function stream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(first + piece);
  let told = 1;
  if (plan.pieceMs === 0) {
    response.end(piece.repeat(plan.pieces - 1) + last);
    return;
  }
  const timer = setInterval(() => {
    told += 1;
    if (told <= plan.pieces) response.write(piece);
    else {
      clearInterval(timer);
      response.end(last);
    }
  }, plan.pieceMs);
  response.once('close', () => clearInterval(timer));
}

serve({
  port: () => (server.address() as AddressInfo).port,
  /** How it answers from now on. */
  answer: (next: ProviderPlan) => {
    plan = next;
    calls = 0;
  },
  calls: () => calls,
});
