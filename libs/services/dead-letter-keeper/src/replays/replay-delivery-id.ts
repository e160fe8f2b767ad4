import { hash } from 'node:crypto';

/**
 * The id of the one delivery that a bulk replay makes of a dead letter. It follows from both, so that a process that
 * takes over finds what was planned before. 132 bits: far beyond any chance of two meeting.
 */
export const replayDeliveryId = (replay: string, letter: string): string =>
  `dlv_${hash('sha256', `${replay}\n${letter}`, 'base64url').slice(0, 22)}`;
