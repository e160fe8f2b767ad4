import { isFinal, PreparedJson, responsePayloadOf, type RequestEvent, type ResponseStatus } from '@headrace/contracts';
import type { Recorded } from '@headrace/event-log';

/** A state of a request as its clients are told, serialised once for all of them. */
export interface ToldState {
  readonly status: ResponseStatus;
  readonly payload: PreparedJson;
  /** Whether no further state follows. */
  readonly final: boolean;
}

/** What clients are told of a decision event; undefined while there is nothing to tell. */
export function toldStateOf(event: Recorded): ToldState | undefined {
  const payload = responsePayloadOf(event.address.channel, event as Recorded & RequestEvent);
  return payload && { status: payload.status, payload: PreparedJson.of(payload), final: isFinal(payload) };
}
