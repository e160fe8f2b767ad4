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

/**
 * Looks at some planned deliveries of one replay and counts those that have ended. A replay whose deliveries take
 * long is looked at less and less often; the place moves on, so that the open ones of a large replay take turns.
 */
export const settleDeliveries = `
  WITH due AS (
    SELECT id, project_id, settle_position FROM replays
    WHERE planned > succeeded + failed AND settle_at <= now()
    ORDER BY settle_at LIMIT 1 FOR UPDATE SKIP LOCKED),
  looked_at AS (
    SELECT letter.replay_id, letter.position, letter.channel, letter.delivery_id, due.project_id
    FROM due JOIN replay_letters AS letter
      ON letter.replay_id = due.id AND letter.outcome = 'planned' AND letter.position >= due.settle_position
    ORDER BY letter.position LIMIT $1),
  ended AS (
    UPDATE replay_letters AS letter SET outcome = CASE d.status WHEN 'success' THEN 'succeeded' ELSE 'failed' END
    FROM looked_at JOIN deliveries AS d
      ON d.project_id = looked_at.project_id AND d.channel = looked_at.channel AND d.id = looked_at.delivery_id
    WHERE d.status IN ('success', 'error') AND letter.outcome = 'planned'
      AND letter.replay_id = looked_at.replay_id AND letter.position = looked_at.position
    RETURNING letter.outcome)
  UPDATE replays SET
    succeeded = succeeded + (SELECT count(*) FROM ended WHERE outcome = 'succeeded'),
    failed = failed + (SELECT count(*) FROM ended WHERE outcome = 'failed'),
    settle_position = COALESCE((SELECT max(position) + 1 FROM looked_at HAVING count(*) = $1), 0),
    settle_at = now() + interval '250 milliseconds' + (now() - COALESCE(finished_at, now())) / 50
  FROM due WHERE replays.id = due.id RETURNING replays.id`;

/** Replays that ended long ago lose their letters first, some at a time. */
export const forgetLetters = `
  DELETE FROM replay_letters WHERE (replay_id, position) IN (
    SELECT letter.replay_id, letter.position
    FROM replays JOIN replay_letters AS letter ON letter.replay_id = replays.id
    WHERE replays.finished_at < $1 LIMIT $2)`;

export const forgetReplays = `
  DELETE FROM replays WHERE finished_at < $1
    AND NOT EXISTS (SELECT FROM replay_letters AS letter WHERE letter.replay_id = replays.id)`;
