import { ConfigurationError, WebhookVerificationError } from '../errors.js';
import type { Json } from '../types/json.js';
import type { WebhookPayload } from '../types/webhook-payload.js';
import { ReceivedHeaders, type WebhookHeaders } from './received-headers.js';
import { matchesBody, matchesData, matchesStandard } from './signatures.js';
import { VerifiedWebhook } from './verified-webhook.js';

/** How webhooks are verified. */
export interface VerifyOptions {
  /** The endpoint's secret (`whsec_…`); several during a rotation. */
  readonly secret: string | readonly string[];
  /** How far the signature's time may be from now, in seconds: 300. */
  readonly toleranceSeconds?: number;
  /** The present, for tests. */
  readonly now?: () => Date;
}

/** A webhook as it arrived. */
export interface ReceivedWebhook {
  /** The bytes, or their text, exactly as they came: never JSON that was parsed and written again. */
  readonly body: Uint8Array | string;
  readonly headers: WebhookHeaders;
}

const defaultToleranceSeconds = 300;

/**
 * Checks signature and time of a webhook and reads its payload. `Data`: the shape of your structured output.
 *
 * With the headers of Standard Webhooks those decide; without them both of ModelRiver's have to be good, since
 * `mr-signature` alone does not cover the time and `X-ModelRiver-Signature` alone does not cover the body.
 * Throws `WebhookVerificationError` for a webhook that is not to be believed.
 */
export function verifyWebhook<Data = Json>(received: ReceivedWebhook, options: VerifyOptions): VerifiedWebhook<Data> {
  const secrets = secretsOf(options.secret);
  const body = bytesOf(received.body);
  const headers = new ReceivedHeaders(received.headers);
  const timestamp = headers.get('webhook-signature') === null ? verifyModelRiver() : verifyStandard();
  return new VerifiedWebhook(payloadOf(body) as WebhookPayload<Data>, headers, timestamp);

  function verifyStandard(): string {
    const [id, signature] = [headers.must('webhook-id'), headers.must('webhook-signature')];
    const time = timeOf(headers.must('webhook-timestamp'), options);
    requireMatch(secrets.some((secret) => matchesStandard({ id, timestamp: time, body }, signature, secret)));
    return time;
  }

  function verifyModelRiver(): string {
    const [ofBody, ofData] = [headers.must('mr-signature'), headers.must('x-modelriver-signature')];
    const time = timeOf(headers.must('x-modelriver-timestamp'), options);
    // The body's own signature first: nobody else's bytes are parsed.
    const good = secrets.filter((secret) => matchesBody(body, ofBody, secret));
    requireMatch(good.length > 0);
    const { data } = payloadOf(body);
    requireMatch(good.some((secret) => matchesData(data, time, ofData, secret)));
    return time;
  }
}

function requireMatch(matches: boolean): void {
  if (matches) return;
  throw new WebhookVerificationError(
    'signature_mismatch',
    'No signature fits the body. Check that the secret is that of this endpoint, and that the body is the raw bytes.',
  );
}

function secretsOf(secret: string | readonly string[]): readonly string[] {
  const secrets: unknown[] = [secret].flat();
  // An empty key would verify whatever anybody signs with an empty key.
  if (secrets.length > 0 && secrets.every(isSecret)) return secrets;
  throw new ConfigurationError('secret must be the secret of the endpoint, or a list of them. Is its variable set?');
}

const isSecret = (value: unknown): value is string =>
  typeof value === 'string' && Buffer.from(value.replace(/^whsec_/, ''), 'base64').length > 0;

function bytesOf(body: unknown): Buffer {
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  throw new ConfigurationError(
    'body must be the raw bytes or text of the request. Something has parsed it: have the raw body kept.',
  );
}

/** The time of the signature, as its header has it. */
function timeOf(header: string, { toleranceSeconds = defaultToleranceSeconds, now }: VerifyOptions): string {
  if (!/^\d{1,15}$/.test(header)) {
    throw new WebhookVerificationError('invalid_header', 'The time of the signature is no number of Unix seconds.');
  }
  if (!(toleranceSeconds >= 0)) throw new ConfigurationError('toleranceSeconds must be a number from 0.');
  const age = (now?.() ?? new Date()).getTime() / 1_000 - Number(header);
  if (age > toleranceSeconds) {
    throw new WebhookVerificationError('timestamp_too_old', `The signature is more than ${toleranceSeconds} s old.`);
  }
  if (age < -toleranceSeconds) {
    const message = `The signature is from more than ${toleranceSeconds} s in the future. Check this machine's clock.`;
    throw new WebhookVerificationError('timestamp_too_new', message);
  }
  return header;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function payloadOf(body: Buffer): { readonly type: string; readonly data?: unknown } {
  try {
    const payload = JSON.parse(utf8.decode(body)) as { type?: unknown } | null;
    if (typeof payload?.type === 'string') return payload as { type: string };
  } catch {
    // Told below.
  }
  throw new WebhookVerificationError('invalid_body', 'The body is signed, but is no JSON object with a type.');
}
