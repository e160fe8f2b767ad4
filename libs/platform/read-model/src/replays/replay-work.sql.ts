import { replayColumns } from './replay.rows.js';

/** Letters of one page: a quarter of a second's worth. */
const pageLetters = 'LEAST(100, GREATEST(1, round(rate_per_second / 4)))::integer';

/** Whether anything of a replay is left to do: its letters, or counting what a process did that died. */
const hasWork = `(finished_at IS NULL OR position < page_end)
  AND (status = 'running' AND position < total OR status = 'cancelled' AND position < page_end)`;

/** Nobody else works at it, and its rate allows a page. $1: how long the lease is, in milliseconds. */
export const claimPage = `
  UPDATE replays SET
    lease = lease + 1,
    leased_until = now() + $1 * interval '1 millisecond',
    page_end = CASE WHEN status = 'running' THEN GREATEST(page_end, LEAST(total, position + ${pageLetters}))
                    ELSE page_end END
  WHERE id = (SELECT id FROM replays
              WHERE ${hasWork} AND next_at <= now() AND (leased_until IS NULL OR leased_until < now())
              ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING ${replayColumns}, lease, position, page_end AS "pageEnd"`;

/** Milliseconds until a page can be claimed; no row: nothing is left to do. */
export const untilDue = `
  SELECT ceil(extract(epoch FROM min(GREATEST(next_at, leased_until)) - now()) * 1000)::double precision AS ms
  FROM replays WHERE ${hasWork}`;

export const lettersOfPage = `
  SELECT position, letter_id AS "letterId", channel, endpoint_id AS "endpointId"
  FROM replay_letters WHERE replay_id = $1 AND position >= $2 AND position < $3 ORDER BY position`;

export const laterDeliveries = `
  WITH RECURSIVE later AS (
    SELECT letter.id AS letter_id, d.id, d.endpoint_id, d.status
    FROM unnest($2::text[]) AS letter (id) JOIN deliveries AS d ON d.replay_of = letter.id
    UNION
    SELECT later.letter_id, d.id, d.endpoint_id, d.status
    FROM later JOIN deliveries AS d ON d.replay_of = later.id)
  SELECT letter_id AS "letterId", id AS "deliveryId", endpoint_id AS "endpointId", status,
         EXISTS (SELECT FROM replay_letters AS other WHERE other.replay_id = $1 AND other.letter_id = later.id)
           AS "isInReplay"
  FROM later`;

/**
 * Progress and outcomes in one statement, by the holder of the newest lease only: counts are never added twice.
 * What was skipped takes nothing from the rate.
 */
export const recordPage = `
  WITH recorded AS (
    UPDATE replays SET
      position = $3, planned = planned + $4::integer, skipped = $5, leased_until = NULL, mishaps = 0, settle_at = now(),
      next_at = GREATEST(now(), next_at + $4::integer * interval '1 second' / rate_per_second),
      status = CASE WHEN $3 >= total AND status IN ('running', 'paused') THEN 'completed' ELSE status END,
      finished_at = CASE WHEN $3 >= total AND status IN ('running', 'paused') THEN now() ELSE finished_at END
    WHERE id = $1 AND lease = $2 RETURNING id)
  UPDATE replay_letters AS letter SET outcome = made.outcome, delivery_id = made.delivery_id
  FROM unnest($6::integer[], $7::text[], $8::text[]) AS made (position, outcome, delivery_id), recorded
  WHERE letter.replay_id = recorded.id AND letter.position = made.position`;

/** $3: milliseconds until the next try; $4: 1 when the page failed for no outage. */
export const giveBackPage = `
  UPDATE replays SET leased_until = NULL, next_at = now() + $3 * interval '1 millisecond', mishaps = mishaps + $4
  WHERE id = $1 AND lease = $2 RETURNING mishaps`;

export const failReplay = `
  UPDATE replays SET leased_until = NULL, page_end = position, failure = $3,
    status = CASE WHEN status = 'cancelled' THEN status ELSE 'failed' END, finished_at = COALESCE(finished_at, now())
  WHERE id = $1 AND lease = $2`;

/** A replay with open deliveries to look at. One whose deliveries take long is looked at less and less often. */
export const claimSettling = `
  UPDATE replays SET
    settle_at = now() + interval '250 milliseconds' + (now() - COALESCE(finished_at, now())) / 50
  WHERE id = (SELECT id FROM replays WHERE planned > succeeded + failed AND settle_at <= now()
              ORDER BY settle_at LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING id, project_id AS project, settle_position AS position`;

/** Where open deliveries stand, of a number of them from a place on. */
export const openDeliveries = `
  SELECT letter.position, d.status
  FROM (SELECT position, channel, delivery_id FROM replay_letters
        WHERE replay_id = $1 AND outcome = 'planned' AND position >= $3 ORDER BY position LIMIT $4) AS letter
  LEFT JOIN deliveries AS d ON d.project_id = $2 AND d.channel = letter.channel AND d.id = letter.delivery_id`;

/** Counts what has ended, each once; $4: the place to go on from, so that the open ones of a large replay take turns. */
export const settleLetters = `
  WITH ended AS (
    UPDATE replay_letters AS letter SET outcome = made.outcome
    FROM unnest($2::integer[], $3::text[]) AS made (position, outcome)
    WHERE letter.replay_id = $1 AND letter.position = made.position AND letter.outcome = 'planned'
    RETURNING letter.outcome)
  UPDATE replays SET
    succeeded = succeeded + (SELECT count(*) FROM ended WHERE outcome = 'succeeded'),
    failed = failed + (SELECT count(*) FROM ended WHERE outcome = 'failed'),
    settle_position = $4
  WHERE id = $1`;

/** Replays that ended long ago lose their letters first, some at a time. */
export const forgetLetters = `
  DELETE FROM replay_letters WHERE (replay_id, position) IN (
    SELECT letter.replay_id, letter.position
    FROM replays JOIN replay_letters AS letter ON letter.replay_id = replays.id
    WHERE replays.finished_at < $1 LIMIT $2)`;

export const forgetReplays = `
  DELETE FROM replays WHERE finished_at < $1
    AND NOT EXISTS (SELECT FROM replay_letters AS letter WHERE letter.replay_id = replays.id)`;
