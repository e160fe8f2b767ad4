import ipaddr from 'ipaddr.js';
import { parseAddress, type Address } from './network-list.js';

/** What an address is to the rules. `private` and `loopback` can be allowed by a setting, `forbidden` cannot. */
export interface AddressClass {
  readonly kind: 'public' | 'loopback' | 'private' | 'forbidden';
  /** For people: `a link-local address`. */
  readonly label: string;
}

const labels: Readonly<Record<string, AddressClass>> = {
  loopback: { kind: 'loopback', label: 'a loopback address' },
  private: { kind: 'private', label: 'a private address' },
  carrierGradeNat: { kind: 'private', label: 'a shared (carrier-grade NAT) address' },
  uniqueLocal: { kind: 'private', label: 'a unique local address' },
  linkLocal: { kind: 'forbidden', label: 'a link-local address' },
  multicast: { kind: 'forbidden', label: 'a multicast address' },
  broadcast: { kind: 'forbidden', label: 'the broadcast address' },
  unspecified: { kind: 'forbidden', label: 'an unspecified address' },
};

const globalUnicast: AddressClass = { kind: 'public', label: 'a public address' };
const metadata: AddressClass = { kind: 'forbidden', label: 'a metadata service of a cloud' };
const reserved: AddressClass = { kind: 'forbidden', label: 'a reserved address' };
const embedding: AddressClass = { kind: 'forbidden', label: 'an IPv6 address that stands for an IPv4 one' };

/**
 * Metadata services that the ranges alone do not forbid: Azure's is a public address, those of AWS (IPv6) and
 * Alibaba lie in ranges that an operator may allow.
 */
const metadataServices = new Set(['168.63.129.16', '100.100.100.200', 'fd00:ec2::254']);

/** All of the public IPv6 Internet is in here (RFC 4291 section 2.4); the rest is not assigned or not routed. */
const globalUnicastV6 = ipaddr.IPv6.parse('2000::');

/** IPv6 ranges that wrap an IPv4 address: they could smuggle a refused one through a gateway. */
const embeddings = new Set(['ipv4Mapped', 'rfc6145', 'rfc6052', '6to4', 'teredo']);

/** The class of an address. Everything that is not known to be public is refused, so new ranges fail safe. */
export function classifyAddress(address: Address): AddressClass {
  if (metadataServices.has(address.toString())) return metadata;
  const range = address.range();
  const known = labels[range];
  if (known) return known;
  if (embeddings.has(range)) return embedding;
  if (range !== 'unicast') return reserved;
  if (address.kind() === 'ipv6' && !address.match(globalUnicastV6, 3)) return reserved;
  return globalUnicast;
}

/** The class of an address in text; forbidden when it is none. */
export function classifyAddressText(text: string): AddressClass {
  const address = parseAddress(text);
  return address ? classifyAddress(address) : reserved;
}
