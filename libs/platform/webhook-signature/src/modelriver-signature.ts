import { dataJsonOf } from './data-json.js';
import { hmacSha256, sameSignature } from './hmac.js';

/*
 * The two signatures of ModelRiver. Their key is the secret as its owner sees it: the UTF-8 bytes of the whole
 * string, `whsec_` included, because that is what a receiver has in its environment and gives to its HMAC function.
 */

/** `mr-signature`: lower-case hex HMAC-SHA256(secret, raw body). */
export function hexSignature(body: string | Buffer, secret: string): string {
  return hmacSha256(secret, [body], 'hex');
}

/** Whether `signature` is the `mr-signature` of these very bytes. */
export function verifyHexSignature(body: string | Buffer, signature: string, secret: string): boolean {
  return sameSignature(signature, hexSignature(body, secret));
}

/**
 * `X-ModelRiver-Signature`: hex HMAC-SHA256(secret, `{timestamp}.` + JSON.stringify(body.data)). A body without
 * `data` is signed as a receiver's template string would write it: `undefined`.
 */
export function dataSignature(dataJson: string | undefined, timestamp: number, secret: string): string {
  return hmacSha256(secret, [`${timestamp}.${dataJson}`], 'hex');
}

/** Whether `signature` is the `X-ModelRiver-Signature` of a body that this system wrote. */
export function verifyDataSignature(body: string, timestamp: number, signature: string, secret: string): boolean {
  return sameSignature(signature, dataSignature(dataJsonOf(body), timestamp, secret));
}
