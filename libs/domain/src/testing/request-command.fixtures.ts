import type { CallbackRecord, DataOf, GenerationOutput, requestAccepted } from '@headrace/contracts';
import type { NextStage, RequestCommand } from '../request/request.commands.js';
import { aGeneration, anAcceptedRequest, aStageCallback } from './request.fixtures.js';

const eventDriven = anAcceptedRequest({ eventName: 'ready' });

/** When the window of every answer closes. */
export const callbackDeadline = '2026-01-01T00:05:00.000Z';
/** When callbacks come. */
export const calledBackAt = '2026-01-01T00:00:03.000Z';

/** The acceptance of a request; event-driven unless told otherwise. */
export const accept = (accepted: DataOf<typeof requestAccepted> = eventDriven): RequestCommand => ({
  type: 'accept',
  accepted,
});
/** An answer of the AI. */
export const answer = (output: GenerationOutput, generation = aGeneration()): RequestCommand => ({
  type: 'recordGeneration',
  generation,
  output,
  at: '2026-01-01T00:00:01.000Z',
  callbackDeadline,
});
/** A callback, for the round that runs unless told otherwise. */
export const callBack = (
  callback: CallbackRecord,
  more: { round?: number; stage?: NextStage } = {},
): RequestCommand => ({
  type: 'receiveCallback',
  callback,
  at: calledBackAt,
  ...more,
});
/** What the workflow `second` was resolved to. */
export const aStage = (context: Partial<NextStage['context']> = {}): NextStage => ({
  context: {
    workflow: 'second',
    eventName: 'second_ready',
    customerData: { step: 2 },
    testMode: false,
    callbackWindowMs: 60_000,
    ...context,
  },
  plan: { ...eventDriven.plan, targets: [{ provider: 'offline', model: 'second', timeoutMs: 1_000 }] },
  messages: [{ role: 'user', content: 'And now?' }],
});
/** A callback that goes on with the workflow `second`. */
export const toStage = (context: Partial<NextStage['context']> = {}, callback = aStageCallback()): RequestCommand =>
  callBack(callback, { stage: aStage(context) });
