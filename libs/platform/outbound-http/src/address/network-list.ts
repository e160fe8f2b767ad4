import ipaddr from 'ipaddr.js';

/** An IP address, version 4 or 6. */
export type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** An operator's list of networks and hosts: CIDRs, single addresses, names, and `*.suffix` for all names below one. */
export interface NetworkList {
  readonly networks: readonly { readonly address: Address; readonly bits: number }[];
  readonly names: ReadonlySet<string>;
  /** Each starts with a dot. */
  readonly suffixes: readonly string[];
}

/** Reads a list as configured. Throws an `Error` that names an entry which is neither a network nor a host. */
export function parseNetworkList(entries: readonly string[]): NetworkList {
  const networks: { address: Address; bits: number }[] = [];
  const names = new Set<string>();
  const suffixes: string[] = [];
  for (const entry of entries.map(canonicalHost)) {
    const network = parseNetwork(entry);
    if (network) networks.push(network);
    else if (/^\*\.[a-z0-9.-]+$/.test(entry)) suffixes.push(entry.slice(1));
    else if (/^[a-z0-9_.-]+$/.test(entry)) names.add(entry);
    else throw new Error(`"${entry}" is neither a network such as 10.0.0.0/8 nor a host such as api.internal`);
  }
  return { networks, names, suffixes };
}

function parseNetwork(entry: string): { address: Address; bits: number } | undefined {
  if (ipaddr.isValidCIDR(entry)) {
    const [address, bits] = ipaddr.parseCIDR(entry);
    return { address, bits };
  }
  const address = parseAddress(entry);
  return address && { address, bits: address.kind() === 'ipv4' ? 32 : 128 };
}

/** An address in one of its usual spellings; undefined for anything else, such as a name. */
export function parseAddress(text: string): Address | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  return ipaddr.IPv6.isValid(text) ? ipaddr.IPv6.parse(text) : undefined;
}

/** A host name as lists and look-ups compare it: lower case, without brackets and without the root's dot. */
export function canonicalHost(host: string): string {
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  return bare.toLowerCase().replace(/\.+$/, '');
}

/** Whether a list names an address. */
export function listsAddress({ networks }: NetworkList, address: Address): boolean {
  return networks.some(
    (network) => network.address.kind() === address.kind() && address.match(network.address, network.bits),
  );
}

/** Whether a list names a host, itself or by a suffix. */
export function listsHost({ names, suffixes }: NetworkList, host: string): boolean {
  return names.has(host) || suffixes.some((suffix) => host.endsWith(suffix));
}
