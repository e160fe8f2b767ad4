import type { LookupAddress } from 'node:dns';
import { OutboundError } from '../outbound-error.js';
import { OutboundHttpSettings } from '../outbound-http.settings.js';
import { isBadPort } from './bad-ports.js';
import { classifyAddress } from './classify-address.js';
import {
  canonicalHost,
  listsAddress,
  listsHost,
  parseAddress,
  parseNetworkList,
  type NetworkList,
} from './network-list.js';
import { systemResolver, type ResolveHost } from './resolve-host.js';

/**
 * Decides which URLs and addresses this system may call: what keeps a user's URL from reaching the operator's own
 * network (server-side request forgery).
 *
 * URLs are checked when they are saved (`checkUrl`, a courtesy to the user) and names again, by what they resolve to,
 * at each new connection (`allowedAddresses`, the real guard: the connection goes to the very address that was
 * checked, so a name that changes its mind gains nothing).
 */
export class AddressPolicy {
  private readonly allow: NetworkList;
  private readonly deny: NetworkList;

  /** Throws an `Error` that names a list entry which cannot be read. */
  constructor(
    private readonly settings: OutboundHttpSettings,
    private readonly resolveHost: ResolveHost = systemResolver(),
  ) {
    this.allow = parseNetworkList(settings.allow);
    this.deny = parseNetworkList(settings.deny);
  }

  /** Why a URL may not be called, as a sentence for its owner; undefined when it may. Resolves its host. */
  async checkUrl(url: string): Promise<string | undefined> {
    try {
      await this.allowedAddresses(this.parseUrl(url).hostname);
      return undefined;
    } catch (error) {
      if (error instanceof OutboundError) return error.message;
      throw error;
    }
  }

  /**
   * A URL that the rules accept as far as its text tells. WHATWG parsing turns odd spellings of an address (octal,
   * hexadecimal, short, full-width digits) into the usual one. Throws `OutboundError`.
   */
  parseUrl(text: string): URL {
    const url = URL.parse(text);
    if (!url) throw new OutboundError('invalid_url', 'The URL is not valid: write it as https://host/path.');
    if (url.protocol !== 'https:' && url.protocol !== 'http:') {
      throw new OutboundError('invalid_url', `The URL must start with https:// or http://, not ${url.protocol}//.`);
    }
    if (url.protocol === 'http:' && this.settings.httpsOnly) {
      throw new OutboundError('invalid_url', 'The URL must start with https://: this installation calls nothing else.');
    }
    if (url.username !== '' || url.password !== '') {
      throw new OutboundError('invalid_url', 'The URL must not hold a user name or a password.');
    }
    if (isBadPort(url.port)) {
      throw new OutboundError('blocked_address', `Port ${url.port} is not one that HTTP is served on.`);
    }
    const host = canonicalHost(url.hostname);
    if (listsHost(this.deny, host)) throw this.blocked(host, 'a host that the operator refuses');
    const refused = this.refusedLiteral(host);
    if (refused) throw refused;
    return url;
  }

  /** Why a host that is an address may not be called; undefined when it may, and for names. */
  refusedLiteral(hostname: string): OutboundError | undefined {
    const host = canonicalHost(hostname);
    if (!parseAddress(host)) return undefined;
    const refusal = this.refusal(host, host);
    return refusal === undefined ? undefined : this.blocked(host, refusal);
  }

  /**
   * The addresses of a host that may be connected to; never empty. Throws `OutboundError`: `dns_failed` when it has
   * none, `blocked_address` when all of them are refused.
   */
  async allowedAddresses(hostname: string): Promise<readonly LookupAddress[]> {
    const host = canonicalHost(hostname);
    if (listsHost(this.deny, host)) throw this.blocked(host, 'a host that the operator refuses');
    const literal = parseAddress(host);
    const addresses = literal
      ? [{ address: host, family: literal.kind() === 'ipv4' ? 4 : 6 }]
      : await this.resolve(host);
    const refusals = addresses.map(({ address }) => this.refusal(host, address));
    const allowed = addresses.filter((_, index) => refusals[index] === undefined);
    if (allowed.length === 0) throw this.blocked(host, refusals[0] ?? 'no valid address');
    return allowed;
  }

  private async resolve(host: string): Promise<readonly LookupAddress[]> {
    let addresses: readonly LookupAddress[] = [];
    try {
      addresses = await this.resolveHost(host);
    } catch (error) {
      throw new OutboundError('dns_failed', `The host ${host} cannot be resolved (${codeOf(error)}).`, {
        cause: error,
      });
    }
    if (addresses.length === 0) throw new OutboundError('dns_failed', `The host ${host} has no address.`);
    return addresses;
  }

  /** Why an address of a host may not be called; undefined when it may. */
  private refusal(host: string, text: string): string | undefined {
    // A scope (`fe80::1%eth0`) only ever names a link-local address.
    const address = parseAddress(text.replace(/%.*$/, ''));
    if (!address) return 'no valid address';
    if (listsAddress(this.deny, address)) return 'an address that the operator refuses';
    if (listsHost(this.allow, host) || listsAddress(this.allow, address)) return undefined;
    const { kind, label } = classifyAddress(address);
    if (kind === 'public') return undefined;
    if (kind === 'loopback' && (this.settings.allowLoopback || this.settings.allowPrivateNetworks)) return undefined;
    if (kind === 'private' && this.settings.allowPrivateNetworks) return undefined;
    return label;
  }

  private blocked(host: string, label: string): OutboundError {
    return new OutboundError('blocked_address', `The URL may not be called: ${host} is ${label}.`);
  }
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown error';
}
