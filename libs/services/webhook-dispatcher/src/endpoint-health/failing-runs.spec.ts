import { describe, expect, it } from '@jest/globals';
import { FailingRuns } from './failing-runs.js';

const [id, early, late] = ['endpoint-1', '2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z'];

describe('the failures of an endpoint', () => {
  it('are one run since the first of them, to be noted once', () => {
    const runs = new FailingRuns();
    const run = runs.failure(id, null, early);
    expect(run).toMatchObject({ since: early, failures: 1, isNoted: false, wasKnown: false });
    run.isNoted = true;
    expect(runs.failure(id, null, late)).toMatchObject({ since: early, failures: 2, isNoted: true });
  });

  it('began when everybody knows they did, not when this process first saw one', () => {
    expect(new FailingRuns().failure(id, early, late)).toMatchObject({ since: early, wasKnown: true, isNoted: true });
  });

  it('are over at a success, which is news where they were noted', () => {
    const runs = new FailingRuns();
    expect(runs.end(id, null)).toBe(false);
    runs.failure(id, null, early).isNoted = true;
    expect(runs.end(id, null)).toBe(true);
    expect(runs.failure(id, null, late)).toMatchObject({ since: late, failures: 1 });
  });

  it('are told to be over once while the configuration still says that they go on', () => {
    const runs = new FailingRuns();
    expect([runs.end(id, early), runs.end(id, early), runs.end(id, early)]).toEqual([true, false, false]);
    expect(runs.failure(id, early, late)).toMatchObject({ since: late, isNoted: false, wasKnown: false });
    runs.failure(id, early, late).isNoted = true;
    expect(runs.end(id, early)).toBe(true);
  });

  it('are told to be over again when that could not be written', () => {
    const runs = new FailingRuns();
    expect(runs.end(id, early)).toBe(true);
    runs.notHealed(id);
    expect(runs.end(id, early)).toBe(true);
  });

  it('are counted anew once the configuration forgets them', () => {
    const runs = new FailingRuns();
    runs.failure(id, early, late);
    expect(runs.failure(id, null, late)).toMatchObject({ since: late, failures: 1, wasKnown: false });
  });
});
