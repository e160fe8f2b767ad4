import { storedEvents } from '../stats/write-facts.js';
import { storableText } from '../storable.js';
import type { Statement } from '../write-rows.js';
import type { SpendFact } from './spend-facts.js';

/** Hangs on the events like other counting (`write-facts.ts`). Keys in order, so that writers do not deadlock. */
const addToSpend = `
  INSERT INTO spend (project_id, day, key_id, usd, generations)
  SELECT fact.project_id, fact.day, fact.key_id, sum(fact.usd), count(*)
  FROM unnest($1::bigint[], $2::text[], $3::date[], $4::text[], $5::double precision[])
    AS fact (sequence, project_id, day, key_id, usd)
  JOIN ${storedEvents} USING (sequence)
  GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
  ON CONFLICT (project_id, day, key_id) DO UPDATE SET
    usd = spend.usd + EXCLUDED.usd,
    generations = spend.generations + EXCLUDED.generations`;

/** The statement that counts what was spent, to be combined with the one that stores the events. */
export const spendStatement = (facts: readonly SpendFact[]): Statement => ({
  sql: addToSpend,
  parameters: [
    facts.map(({ sequence }) => sequence),
    facts.map(({ project }) => storableText(project)),
    facts.map(({ day }) => day),
    facts.map(({ keyId }) => storableText(keyId)),
    facts.map(({ usd }) => usd),
  ],
});
