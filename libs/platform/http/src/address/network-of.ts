import { isIPv6 } from 'node:net';

const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
/** IPv4 within IPv6, as two groups. */
const mappedGroups = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/i;
/** As some proxies name a client: with its port, which is another one with each connection. */
const withPort = /^(\d+\.\d+\.\d+\.\d+):\d+$|^\[([^\]]*)\](?::\d+)?$/;
/** What is no address may be anything; it is kept in memory. */
const longestText = 64;

/**
 * What counts as one address: an IPv4 address itself, of IPv6 the first 64 bits, since one household or server has
 * all the rest and could come from another one with each request.
 */
export function networkOf(text: string): string {
  const named = withPort.exec(text);
  const address = named?.[1] ?? named?.[2] ?? text;
  const v4 = mapped.exec(address)?.[1];
  if (v4 !== undefined) return v4;
  const [, high, low] = mappedGroups.exec(address) ?? [];
  if (high !== undefined && low !== undefined) return [high, low].flatMap(bytesOf).join('.');
  const [plain = ''] = address.split('%');
  if (!isIPv6(plain)) return address.slice(0, longestText);
  const [head = '', tail] = plain.split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : new Array<string>(Math.max(0, 8 - front.length - back.length)).fill('0');
  const groups = [...front, ...zeros, ...back].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}

function bytesOf(group: string): number[] {
  const value = Number.parseInt(group, 16);
  return [value >> 8, value & 0xff];
}
