import { errors } from '@nats-io/nats-core';
import { messageOf } from '../logger.js';

/** Whether waiting can mend a failed connection. */
export function isPassing(error: unknown): boolean {
  return !(error instanceof errors.AuthorizationError);
}

/** A failed connection as a sentence that says what to do. */
export function connectFailure(error: unknown, addresses: string): string {
  if (error instanceof errors.AuthorizationError) {
    return `NATS at ${addresses} refuses our credentials: put them into NATS_URL, as nats://user:password@host:4222.`;
  }
  return `NATS at ${addresses} cannot be reached (${messageOf(error)}): start it, or correct NATS_URL.`;
}
