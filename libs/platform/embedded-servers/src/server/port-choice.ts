import { EmbeddedServerError } from '../embedded-server.error.js';
import { freePort, isFree } from './free-port.js';

/**
 * The port to listen on: the wanted one, else the remembered one while it is free, so that addresses stay the same
 * from start to start, else any. Error: `port_taken` for a wanted port.
 */
export async function choosePort(name: string, wanted: number | undefined, remembered?: number): Promise<number> {
  if (wanted !== undefined) {
    if (await isFree(wanted)) return wanted;
    throw portTaken(name, wanted);
  }
  return remembered !== undefined && (await isFree(remembered)) ? remembered : freePort();
}

/** A port that is wanted and taken. */
export function portTaken(name: string, port: number): EmbeddedServerError {
  return new EmbeddedServerError(
    'port_taken',
    `Port ${port} for ${name} is taken by another program: stop that program, or choose another port.`,
  );
}
