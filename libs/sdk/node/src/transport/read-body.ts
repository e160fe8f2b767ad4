type Bytes = AsyncIterable<Uint8Array>;

/** Reads a body whole; calls `tooLarge`, which throws, as soon as there is more of it than the limit. */
export async function readBody(body: unknown, maxBytes: number, tooLarge: () => never): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (body) {
    // A stream of the web, which Node can iterate; leaving the loop cancels it.
    for await (const chunk of body as Bytes) {
      size += chunk.byteLength;
      if (size > maxBytes) tooLarge();
      chunks.push(chunk);
    }
  }
  return Buffer.concat(chunks, size);
}
