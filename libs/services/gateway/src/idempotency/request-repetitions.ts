import { EVENT_LOG, RecordConflict, SHARED_RECORDS, type EventLog, type SharedRecords } from '@headrace/event-log';
import { requestAccepted, type RecordAddress } from '@headrace/contracts';
import { fingerprintOf } from '@headrace/secrets';
import { Inject, Injectable } from '@nestjs/common';
import type { ArrivingRequest, GateOutcome, RecalledRequest, RequestGate } from '../accept/request-gate.js';
import type { AcceptedRequest } from '../accept/resolve-request.js';
import { idempotencyKeyOf, keyAddress, keyReused, replayedHeader } from './idempotency-key.js';
import { IdempotencySettings } from './idempotency.config.js';
import { routeNamed } from './routes.js';

/** What is remembered of a key: which request it was, and the channel that the request has for good. */
interface KeyRecord {
  readonly fingerprint: string;
  readonly channel: string;
}

type AskedBy = Pick<ArrivingRequest, 'asker' | 'caller' | 'body'>;

interface Keyed {
  readonly address: RecordAddress;
  readonly fingerprint: string;
}

/**
 * Makes requests with one `Idempotency-Key` one request. A key stands for a channel: the first request with it writes
 * down which, before it is in the log, and whoever comes with the key afterwards asks for that channel. The log takes
 * a channel's request once, so the order in which they come, which replica takes them, and what was killed in between
 * do not matter.
 */
@Injectable()
export class RequestRepetitions implements RequestGate {
  constructor(
    @Inject(SHARED_RECORDS) private readonly records: SharedRecords,
    @Inject(EVENT_LOG) private readonly log: EventLog,
    private readonly settings: IdempotencySettings,
  ) {}

  /** A request that is in the log already is what it was then, and is not held up by limits again. */
  recall(request: AskedBy): undefined | Promise<RecalledRequest | undefined> {
    const keyed = keyedRequest(request);
    return keyed && this.recallKeyed(keyed);
  }

  /** The last gate: a request that nothing else refused takes its key. */
  admit(request: ArrivingRequest): undefined | Promise<GateOutcome | undefined> {
    const keyed = keyedRequest(request);
    return keyed && this.claimKeyed(keyed, request.channel);
  }

  private async recallKeyed(keyed: Keyed): Promise<RecalledRequest | undefined> {
    const known = await this.known(keyed);
    if (!known) return undefined;
    const { channel } = known;
    const address = { project: keyed.address.project, channel, aggregate: 'request' };
    const first = await this.log.firstAfter(address, requestAccepted.type, 0);
    return first && { channel, accepted: first.data as AcceptedRequest, headers: replayedHeader };
  }

  private async claimKeyed(keyed: Keyed, channel: string): Promise<GateOutcome | undefined> {
    const record: KeyRecord = { fingerprint: keyed.fingerprint, channel };
    try {
      const { lifeMs } = this.settings;
      await this.records.write(keyed.address, { ...record }, { lifeMs, expectedRevision: 0 });
      return { channel };
    } catch (error) {
      if (!(error instanceof RecordConflict)) throw error;
    }
    const known = await this.known(keyed);
    // Its life ended between the two looks at it.
    return known ? repeats(known) : this.claimKeyed(keyed, channel);
  }

  private async known({ address, fingerprint }: Keyed): Promise<KeyRecord | undefined> {
    const found = await this.records.read(address);
    if (!found) return undefined;
    const known = found.value as unknown as KeyRecord;
    if (known.fingerprint !== fingerprint) throw keyReused();
    return known;
  }
}

const repeats = ({ channel }: KeyRecord): GateOutcome => ({ channel, headers: replayedHeader });

function keyedRequest({ caller, asker, body }: AskedBy): Keyed | undefined {
  const key = idempotencyKeyOf(caller.headers);
  if (key === undefined) return undefined;
  const route = routeNamed(caller.routeOptions?.url ?? '');
  return { address: keyAddress(asker.projectId, route, key), fingerprint: fingerprintOf(body) };
}
