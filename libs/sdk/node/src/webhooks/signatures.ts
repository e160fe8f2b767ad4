import { createHmac, timingSafeEqual } from 'node:crypto';

const prefix = 'whsec_';

/** What Standard Webhooks signs. */
export interface StandardMessage {
  readonly id: string;
  /** As in the header. */
  readonly timestamp: string;
  readonly body: Buffer;
}

/** Whether one of the signatures of `webhook-signature` was made with the secret. Versions but `v1` are passed over. */
export function matchesStandard({ id, timestamp, body }: StandardMessage, header: string, secret: string): boolean {
  const key = Buffer.from(secret.startsWith(prefix) ? secret.slice(prefix.length) : secret, 'base64');
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64');
  return header.split(' ').some((candidate) => candidate.startsWith('v1,') && isSame(candidate.slice(3), expected));
}

/** Whether `mr-signature` was made with the secret: hex HMAC-SHA256 over the body. */
export const matchesBody = (body: Buffer, header: string, secret: string): boolean =>
  isSame(header, createHmac('sha256', secret).update(body).digest('hex'));

/** Whether `X-ModelRiver-Signature` was made with the secret: hex HMAC-SHA256 over time and `data`. */
export const matchesData = (data: unknown, timestamp: string, header: string, secret: string): boolean =>
  isSame(
    header,
    createHmac('sha256', secret)
      .update(`${timestamp}.${JSON.stringify(data)}`)
      .digest('hex'),
  );

/** Takes equally long wherever they differ. Their length is no secret. */
function isSame(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
