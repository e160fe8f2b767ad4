import { CommandFailed, messageOf } from '../errors.js';
import type { Connection } from '../options/connection.js';

const limitMs = 30_000;

/** Calls the server's REST API. Throws `CommandFailed` with the server's own words. */
export async function callApi<Answer>(
  { url, apiKey }: Connection,
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
): Promise<Answer> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${url}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${apiKey}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      // A key goes to the server that was named, never to where that one points.
      redirect: 'manual',
      signal: AbortSignal.timeout(limitMs),
    });
    text = await response.text();
  } catch (error) {
    throw new CommandFailed(`${url} cannot be reached: ${reasonOf(error)}. Is it running, and is the URL right?`);
  }
  const answer = parsed(text);
  if (response.ok && answer !== undefined) return answer as Answer;
  throw new CommandFailed(`${url} answered ${response.status}: ${wordsOf(answer) ?? 'nothing that is of Headrace'}`);
}

/** The words of an error answer. */
export function wordsOf(answer: unknown): string | undefined {
  const message = (answer as { readonly message?: unknown } | undefined)?.message;
  return typeof message === 'string' ? message : undefined;
}

/** Text as JSON; undefined when it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `fetch` hides what happened one error deeper. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = (cause as NodeJS.ErrnoException).code;
  return messageOf(cause) || (code ?? 'no reason was given');
}
