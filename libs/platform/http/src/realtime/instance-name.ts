import { randomBytes } from 'node:crypto';
import { Logger } from '@nestjs/common';

/**
 * A name for a service of this process, for people who look at timelines. It tells processes apart and nothing about
 * them, as timelines are not only the operator's; the log says which process has it.
 */
export function instanceName(service: string): string {
  const name = `${service}-${randomBytes(3).toString('hex')}`;
  new Logger('Instance').log({ msg: 'On timelines this process has a name', instance: name });
  return name;
}
