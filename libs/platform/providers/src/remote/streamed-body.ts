/** Reads a body to its end or to the limit; what follows is not read. */
export async function readWhole(
  body: AsyncIterable<Buffer>,
  limit: number,
): Promise<{ readonly body: Buffer; readonly truncated: boolean }> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    chunks.push(chunk);
    if (size > limit) return { body: Buffer.concat(chunks).subarray(0, limit), truncated: true };
  }
  return { body: Buffer.concat(chunks), truncated: false };
}

/** Whether a body's first bytes are those of JSON, and so not those of an event. */
export function startsLikeJson(chunk: Buffer): boolean {
  const first = chunk.find((byte) => byte !== 0x20 && (byte < 0x09 || byte > 0x0d));
  return first === openingBrace || first === openingBracket;
}

const openingBrace = 0x7b;
const openingBracket = 0x5b;

/** A body whose first chunk was looked at already. Leaving it early leaves what it is made of. */
export async function* withFirst(
  first: IteratorResult<Buffer, unknown>,
  rest: AsyncIterator<Buffer>,
): AsyncGenerator<Buffer> {
  let ended = false;
  try {
    for (let next = first; next.done !== true; next = await rest.next()) yield next.value;
    ended = true;
  } finally {
    if (!ended) await rest.return?.();
  }
}
