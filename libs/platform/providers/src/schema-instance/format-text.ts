import type { Random } from './random.js';

type Make = (random: Random) => string;

const two = (random: Random, from: number, to: number): string => String(random.integer(from, to)).padStart(2, '0');
const hex = (random: Random, digits: number): string =>
  Array.from({ length: digits }, () => random.integer(0, 15).toString(16)).join('');
const date: Make = (random) => `20${two(random, 20, 29)}-${two(random, 1, 12)}-${two(random, 1, 28)}`;
const time: Make = (random) => `${two(random, 0, 23)}:${two(random, 0, 59)}:${two(random, 0, 59)}Z`;
const host: Make = (random) => `host-${hex(random, 4)}.example.com`;
const url: Make = (random) => `https://example.com/${hex(random, 8)}`;

/** Texts of the formats that JSON Schema and OpenAPI name. */
const formats: Readonly<Record<string, Make>> = {
  'date-time': (random) => `${date(random)}T${time(random)}`,
  'iso-date-time': (random) => `${date(random)}T${time(random)}`,
  date,
  time,
  'iso-time': time,
  duration: (random) => `PT${random.integer(1, 59)}M`,
  email: (random) => `user-${hex(random, 4)}@example.com`,
  'idn-email': (random) => `user-${hex(random, 4)}@example.com`,
  hostname: host,
  'idn-hostname': host,
  ipv4: (random) => `192.0.2.${random.integer(1, 254)}`,
  ipv6: (random) => `2001:db8::${random.integer(1, 15).toString(16)}${hex(random, 3)}`,
  uri: url,
  url,
  iri: url,
  'uri-reference': (random) => `/${hex(random, 8)}`,
  'iri-reference': (random) => `/${hex(random, 8)}`,
  'uri-template': () => 'https://example.com/{id}',
  uuid: (random) => `${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-8${hex(random, 3)}-${hex(random, 12)}`,
  regex: () => '^[a-z]+$',
  'json-pointer': (random) => `/${hex(random, 4)}`,
  'json-pointer-uri-fragment': (random) => `#/${hex(random, 4)}`,
  'relative-json-pointer': (random) => `${random.integer(0, 3)}`,
  byte: (random) => Buffer.from(hex(random, 9)).toString('base64'),
};

/** A text of a format; undefined for a format that is not known. */
export function formatText(format: string, random: Random): string | undefined {
  return Object.hasOwn(formats, format) ? formats[format]?.(random) : undefined;
}
