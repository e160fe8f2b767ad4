import { OutboundError } from '../outbound-error.js';
import { endedEarly, outboundErrorOf } from '../outbound-error-of.js';

/** How much of a body came, and how much its `Content-Length` announced. */
export interface BodyLengths {
  readonly received: number;
  readonly announced: string | undefined;
}

/** The failure of an answer whose head came, told with how much came of its body. */
export function brokenBody(error: Error, status: number, { received, announced }: BodyLengths): OutboundError {
  const ended = endedEarly(error);
  const known = outboundErrorOf(error);
  if (!ended && known.code !== 'connection_reset') return known;
  const bytes = `${received}${announced === undefined ? '' : ` of the ${announced} announced`} bytes of its body`;
  const broke = `The answer was ${status}, but the connection ${ended ? 'ended' : 'was reset'} after ${bytes}.`;
  // On HTTP/2 there is more to say than that it broke.
  const message = known.message.includes('HTTP/2') ? `${broke} ${known.message}` : broke;
  return new OutboundError(ended ? 'invalid_response' : 'connection_reset', message, { cause: error });
}
