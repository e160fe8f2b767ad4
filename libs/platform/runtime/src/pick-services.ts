import { ConfigurationError } from '@headrace/config';
import type { ServiceDefinition } from './service-definition.js';

/**
 * The services that HEADRACE_SERVICES names, separated by commas; all of them when it is empty.
 * Throws a `ConfigurationError` that lists unknown names and the known ones.
 */
export function pickServices(
  all: readonly ServiceDefinition[],
  names: string | undefined,
): readonly ServiceDefinition[] {
  const wanted = (names ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (wanted.length === 0) return all;
  const unknown = wanted.filter((name) => !all.some((service) => service.name === name));
  if (unknown.length > 0) {
    const known = all.map(({ name }) => name).join(', ');
    throw new ConfigurationError([
      `HEADRACE_SERVICES names ${unknown.join(', ')}, which is no service. Choose from: ${known}.`,
    ]);
  }
  return all.filter(({ name }) => wanted.includes(name));
}
