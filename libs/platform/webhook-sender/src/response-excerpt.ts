/** Bytes of an answer's body that are kept with its attempt. */
export const excerptLimit = 16 * 1_024;

/** Keeps back the bytes of a character that the cut went through. */
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes, { stream: true });

/**
 * The start of an answer's body as text that can be stored anywhere: valid UTF-8 of at most 16 KiB, without NUL,
 * which Postgres takes in no text. Bytes that are no UTF-8 become U+FFFD.
 */
export function responseExcerpt(body: Uint8Array): string {
  const text = decode(body.subarray(0, excerptLimit)).replaceAll('\0', '\uFFFD');
  // Replacements are longer than what they replace.
  return Buffer.byteLength(text) <= excerptLimit ? text : decode(Buffer.from(text).subarray(0, excerptLimit));
}
