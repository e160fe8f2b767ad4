import { describe, expect, it } from '@jest/globals';
import type { AttemptReport } from './attempt-report.js';
import { EndpointCircuits } from './endpoint-circuits.js';

const sick: AttemptReport = { health: 'sick', strain: 'none', retryAfterMs: null };
const alive: AttemptReport = { health: 'alive', strain: 'none', retryAfterMs: null };

function someCircuits({ circuitFailures = 3, timeScale = 1 } = {}) {
  const clock = { now: 1_000_000 };
  const told: string[] = [];
  const listener = {
    onOpen: (_project: string, endpoint: string) => void told.push(`open ${endpoint}`),
    onClose: (_project: string, endpoint: string, parked: number) => void told.push(`close ${endpoint} ${parked}`),
  };
  const circuits = new EndpointCircuits(
    { circuitFailures },
    timeScale,
    listener,
    () => clock.now,
    () => 0,
  );
  const fail = (times: number): void => {
    for (let count = 0; count < times; count += 1) circuits.note('p', 'a', sick, false);
  };
  /** Makes the probe, which ends so; the circuit is then open for how long? */
  const probe = (report: AttemptReport | undefined): void => {
    expect(circuits.block('a')).toBeUndefined();
    expect(circuits.probe('a')).toBe(true);
    circuits.note('p', 'a', report, true);
  };
  return { circuits, clock, told, fail, probe };
}

describe('the circuit of an endpoint', () => {
  it('opens when enough attempts failed one after the other, and tells so once', () => {
    const { circuits, told, fail } = someCircuits();
    fail(2);
    circuits.note('p', 'a', alive, false);
    fail(2);
    expect(circuits.block('a')).toBeUndefined();
    fail(1);
    expect(circuits.block('a')).toBe('circuit');
    fail(5);
    expect(told).toEqual(['open a']);
    expect(circuits.openCircuits).toBe(1);
    expect(circuits.block('b')).toBeUndefined();
  });

  it('never opens where the operator wants none', () => {
    const { circuits, fail } = someCircuits({ circuitFailures: 0 });
    fail(1_000);
    expect(circuits.block('a')).toBeUndefined();
  });

  it('lets one probe through after a while, and is closed by its success', () => {
    const { circuits, clock, told, fail } = someCircuits();
    fail(3);
    clock.now += 4_999;
    expect(circuits.block('a')).toBe('circuit');
    clock.now += 1;
    expect(circuits.block('a')).toBeUndefined();
    expect(circuits.probe('a')).toBe(true);
    expect(circuits.block('a')).toBe('circuit');
    expect(circuits.probe('a')).toBe(false);
    circuits.note('p', 'a', alive, true);
    expect(circuits.block('a')).toBeUndefined();
    expect(told).toEqual(['open a', 'close a 0']);
    expect(circuits.openCircuits).toBe(0);
  });

  it('stays open for twice as long after each probe that failed, up to five minutes', () => {
    const { circuits, clock, fail, probe } = someCircuits();
    fail(3);
    const open: number[] = [];
    for (let round = 0; round < 9; round += 1) {
      const since = clock.now;
      while (circuits.block('a')) clock.now += 1_000;
      open.push((clock.now - since) / 1_000);
      probe(sick);
    }
    expect(open).toEqual([5, 10, 20, 40, 80, 160, 300, 300, 300]);
  });

  it('is probed again when the probe was cut short', () => {
    const { circuits, clock, fail, probe } = someCircuits();
    fail(3);
    clock.now += 5_000;
    probe(undefined);
    expect(circuits.block('a')).toBeUndefined();
  });

  it('lets deliveries come back one after the other, however many, and no later than they want to', () => {
    const { circuits, clock, fail } = someCircuits();
    fail(3);
    const back = Array.from({ length: 1_000 }, () => circuits.comeBackAt('a', 0) - clock.now);
    expect(back[0]).toBe(5_000);
    expect(back[999]).toBe(5_000 + 999 * 50);
    expect(circuits.comeBackAt('a', clock.now + 600_000) - clock.now).toBe(600_000);
    expect(circuits.comeBackAt('a', 0) - clock.now).toBeLessThan(60_000);
  });

  it('is divided by the time scale', () => {
    const { circuits, clock, fail } = someCircuits({ timeScale: 100 });
    fail(3);
    clock.now += 50;
    expect(circuits.block('a')).toBeUndefined();
  });
});

describe('an endpoint that asks for nothing to be sent for a while', () => {
  const busy = (retryAfterMs: number): AttemptReport => ({ health: 'sick', strain: 'tooMuch', retryAfterMs });

  it('gets nothing until then, whoever asks', () => {
    const { circuits, clock } = someCircuits();
    circuits.note('p', 'a', busy(60_000), false);
    circuits.note('p', 'a', alive, false);
    expect(circuits.block('a')).toBe('hold');
    expect(circuits.comeBackAt('a', 0)).toBe(clock.now + 60_000);
    clock.now += 60_000;
    expect(circuits.block('a')).toBeUndefined();
  });

  it('is not listened to for longer than an hour', () => {
    const { circuits, clock } = someCircuits();
    circuits.note('p', 'a', busy(86_400_000), false);
    clock.now += 3_600_000;
    expect(circuits.block('a')).toBeUndefined();
  });
});
