import type { DataSource } from 'typeorm';
import type { LaterDeliveryRow, LetterOutcome, ReplayLetter, ReplayPage, ReplayRow } from './replay.rows.js';
import {
  claimPage,
  claimSettling,
  failReplay,
  forgetLetters,
  forgetReplays,
  giveBackPage,
  laterDeliveries,
  lettersOfPage,
  openDeliveries,
  recordPage,
  settleLetters,
  untilDue,
} from './replay-work.sql.js';

type Updated<Row> = [Row[], number];
type Settling = Pick<ReplayRow, 'id' | 'project'> & { readonly position: number };

/** Null: the read model does not have it yet. */
type OpenDelivery = { readonly position: number; readonly status: string | null };

type Claimed = ReplayRow & { readonly lease: number; readonly position: number; readonly pageEnd: number };

/**
 * Replays as those see them who work them off, in any number of processes. A page of letters is leased, handled and
 * recorded; a lease that runs out (its process died) is given to another one, which finds the page as it was.
 */
export class ReplayWork {
  constructor(private readonly dataSource: DataSource) {}

  /** Takes on the next page that is due, for a time; undefined when there is none. */
  async claim(leaseMs: number): Promise<ReplayPage | undefined> {
    const [[claimed]] = await this.dataSource.query<Updated<Claimed>>(claimPage, [leaseMs]);
    if (!claimed) return undefined;
    const { lease, position, pageEnd, ...replay } = claimed;
    const letters = await this.dataSource.query<ReplayLetter[]>(lettersOfPage, [replay.id, position, pageEnd]);
    return { replay, lease, letters };
  }

  /** Milliseconds until a page is due, also one that another process holds; undefined when nothing is left to do. */
  async untilDue(): Promise<number | undefined> {
    const [row] = await this.dataSource.query<{ ms: number | null }[]>(untilDue);
    return row?.ms ?? undefined;
  }

  /** Deliveries that were made of a replay's letters so far, whoever made them. */
  async laterDeliveries(replay: string, letters: readonly string[]): Promise<LaterDeliveryRow[]> {
    return this.dataSource.query<LaterDeliveryRow[]>(laterDeliveries, [replay, letters]);
  }

  /** Records what was made of a page's letters, each of them; false when another process has taken it over. */
  async record({ replay, lease, letters }: ReplayPage, outcomes: readonly LetterOutcome[]): Promise<boolean> {
    const skipped: Record<string, number> = { ...replay.skipped };
    const reasons = outcomes.flatMap(({ deliveryId, outcome }) => (deliveryId === null ? [outcome] : []));
    for (const reason of reasons) skipped[reason] = (skipped[reason] ?? 0) + 1;
    const [, recorded] = await this.dataSource.query<Updated<never>>(recordPage, [
      replay.id,
      lease,
      (letters.at(-1)?.position ?? -1) + 1,
      outcomes.length - reasons.length,
      skipped,
      outcomes.map(({ position }) => position),
      outcomes.map(({ outcome }) => outcome),
      outcomes.map(({ deliveryId }) => deliveryId),
    ]);
    return recorded > 0;
  }

  /** Leaves a page to whoever claims it next, after a delay; resolves to how many pages failed in a row for no outage. */
  async giveBack({ replay, lease }: ReplayPage, delayMs: number, isMishap: boolean): Promise<number> {
    const parameters = [replay.id, lease, delayMs, isMishap ? 1 : 0];
    const [[row]] = await this.dataSource.query<Updated<{ mishaps: number }>>(giveBackPage, parameters);
    return row?.mishaps ?? 0;
  }

  /** Ends a replay that cannot go on. */
  async fail({ replay, lease }: ReplayPage, failure: string): Promise<void> {
    await this.dataSource.query(failReplay, [replay.id, lease, failure]);
  }

  /** Counts deliveries of one replay that have ended, of `limit` that are open; false when none is due for a look. */
  async settle(limit: number): Promise<boolean> {
    const [[due]] = await this.dataSource.query<Updated<Settling>>(claimSettling);
    if (!due) return false;
    const { id, project, position } = due;
    const open = await this.dataSource.query<OpenDelivery[]>(openDeliveries, [id, project, position, limit]);
    const ended = open.filter(({ status }) => status === 'success' || status === 'error');
    const next = open.length < limit ? 0 : Math.max(...open.map((letter) => letter.position)) + 1;
    await this.dataSource.query(settleLetters, [
      id,
      ended.map((letter) => letter.position),
      ended.map(({ status }) => (status === 'success' ? 'succeeded' : 'failed')),
      next,
    ]);
    return true;
  }

  /** Removes replays that ended before a time, of at most `limit` letters; resolves to the number of letters. */
  async forget(before: Date, limit: number): Promise<number> {
    const [, letters] = await this.dataSource.query<Updated<never>>(forgetLetters, [before, limit]);
    if (letters === 0) await this.dataSource.query(forgetReplays, [before]);
    return letters;
  }
}
