/** A chunk of a streamed answer, or the error that ends it: the fields that tests look at. */
export interface StreamEvent {
  readonly choices?: readonly { readonly index: number; readonly delta: { readonly content?: string | null } }[];
  readonly usage?: unknown;
  readonly error?: { readonly code: string; readonly message: string };
}

/** The events of a stream that was read to its end; `[DONE]` as the text. */
export function eventsOf(text: string): (StreamEvent | '[DONE]')[] {
  return text
    .split('\n\n')
    .filter((event) => event.startsWith('data: '))
    .map((event) => event.slice('data: '.length))
    .map((data) => (data === '[DONE]' ? data : (JSON.parse(data) as StreamEvent)));
}

/** The text that the events of a stream add up to. */
export const contentOf = (events: readonly (StreamEvent | '[DONE]')[]): string =>
  events
    .flatMap((event) => (event === '[DONE]' ? [] : (event.choices ?? [])))
    .map(({ delta }) => delta.content ?? '')
    .join('');
