import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, isIPv6 } from 'node:net';

/** Tells the address of a client, behind the proxies that are trusted. */
export type AddressOf = (request: Pick<IncomingMessage, 'headers' | 'socket'>) => string;

const forwarded = /\s*,\s*/;

/**
 * Reads addresses as the HTTP server does: the last one of `X-Forwarded-For` that no trusted proxy has, beginning with
 * the connection itself. `trusted` are addresses, ranges or `true`, as in HEADRACE_TRUST_PROXY.
 */
export function addressBehind(trusted: readonly string[]): AddressOf {
  const anyone = trusted[0] === 'true';
  const proxies = blockListOf(trusted);
  const isProxy = (address: string): boolean =>
    anyone || (isIP(address) !== 0 && proxies.check(address, isIPv6(address) ? 'ipv6' : 'ipv4'));
  return ({ headers, socket }) => {
    const header = headers['x-forwarded-for'];
    const named = (typeof header === 'string' ? header.trim().split(forwarded) : []).filter((one) => one !== '');
    let address = plain(socket.remoteAddress ?? '');
    while (named.length > 0 && isProxy(address)) address = plain(named.pop() ?? '');
    return address;
  };
}

/** IPv4 as IPv4, however the connection came. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/, '');

const named: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
};

function blockListOf(trusted: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of trusted.flatMap((one) => named[one] ?? [one])) {
    const [address = '', bits] = range.split('/');
    if (isIP(address) === 0) continue;
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    list.addSubnet(address, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family);
  }
  return list;
}
