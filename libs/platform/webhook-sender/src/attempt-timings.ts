import type { AttemptTimings } from '@headrace/contracts';
import type { OutboundTimings } from '@headrace/outbound-http';

/** How long the steps of a call took, as its attempt keeps it. */
export const attemptTimingsOf = ({ connection, firstByteMs, totalMs }: OutboundTimings): AttemptTimings => ({
  dnsMs: roundedOrNull(connection?.dnsMs),
  connectMs: roundedOrNull(connection?.connectMs),
  tlsMs: roundedOrNull(connection?.tlsMs),
  firstByteMs: roundedOrNull(firstByteMs),
  totalMs: rounded(totalMs),
});

const rounded = (ms: number): number => Math.round(ms * 10) / 10;

const roundedOrNull = (ms: number | null | undefined): number | null => (typeof ms === 'number' ? rounded(ms) : null);
