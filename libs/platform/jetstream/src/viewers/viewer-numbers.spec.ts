import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ChannelViewers } from '@headrace/event-log';
import type { ViewerReport } from './viewer-report.js';
import { ViewerReporter } from './viewer-reporter.js';
import { ViewerTotals } from './viewer-totals.js';

describe('what a process tells of its viewers', () => {
  let counts: ChannelViewers[];
  let told: [string, ViewerReport][];
  let looked: number;
  let reporter: ViewerReporter;
  beforeEach(() => {
    counts = [];
    told = [];
    looked = 0;
    const look = () => {
      looked += 1;
      return counts;
    };
    reporter = new ViewerReporter('one', look, (...report) => told.push(report));
  });

  const looksOn = (channel: string, viewers: number, project = 'p1') => ({ project, channel, viewers });
  const report = (now = 0): Record<string, number> | undefined => {
    told = [];
    reporter.report(now);
    return told[0]?.[1].viewers;
  };

  it('is nothing, and is not looked for, while nobody asks', () => {
    counts = [looksOn('c1', 1)];
    report();
    expect([told, looked, reporter.isAsked]).toEqual([[], 0, false]);
  });

  it('is all to who asks, and then what changes', () => {
    counts = [looksOn('c1', 1), looksOn('c2', 2), looksOn('c1', 1), looksOn('c3', 0), looksOn('c9', 5, 'p2')];
    reporter.ask('p1', 100);
    report();
    expect(told).toEqual([['p1', { from: 'one', all: true, viewers: { c1: 2, c2: 2 } }]]);
    expect(report()).toBeUndefined();
    counts = [looksOn('c2', 3), looksOn('c4', 1)];
    report();
    expect(told).toEqual([['p1', { from: 'one', all: false, viewers: { c2: 3, c4: 1, c1: 0 } }]]);
    reporter.ask('p1', 100);
    expect(report()).toEqual({ c2: 3, c4: 1 });
  });

  it('is looked for once for all projects', () => {
    for (const project of ['p1', 'p2']) reporter.ask(project, 100);
    counts = [looksOn('c1', 1), looksOn('c2', 1, 'p2')];
    report();
    expect([told.length, looked]).toEqual([2, 1]);
  });

  it('is nothing any more when it is not asked for again', () => {
    counts = [looksOn('c1', 1)];
    reporter.ask('p1', 100);
    expect(report(99)).toEqual({ c1: 1 });
    counts = [];
    expect(report(100)).toBeUndefined();
    expect(reporter.isAsked).toBe(false);
  });

  it('is that all have gone, once, also when the process ends', () => {
    counts = [looksOn('c1', 1)];
    reporter.ask('p1', 100);
    report();
    counts = [];
    reporter.ask('p1', 100);
    expect(report()).toEqual({});
    reporter.ask('p1', 100);
    expect(report()).toBeUndefined();
    counts = [looksOn('c1', 1)];
    report();
    told = [];
    reporter.close();
    expect(told).toEqual([['p1', { from: 'one', all: true, viewers: {} }]]);
  });
});

describe('the viewers of all processes', () => {
  it('are added up, each sum told when it changes', () => {
    const sums: [string, number][] = [];
    const totals = new ViewerTotals((...sum) => sums.push(sum));
    totals.take({ from: 'one', all: true, viewers: { c1: 2 } }, 0);
    totals.take({ from: 'two', all: true, viewers: { c1: 1, c2: 1 } }, 0);
    totals.take({ from: 'one', all: true, viewers: { c1: 2 } }, 1);
    totals.take({ from: 'one', all: false, viewers: { c1: 0 } }, 2);
    totals.take({ from: 'two', all: true, viewers: { c2: 4 } }, 2);
    expect(sums).toEqual([
      ['c1', 2],
      ['c1', 3],
      ['c2', 1],
      ['c1', 1],
      ['c2', 4],
      ['c1', 0],
    ]);
  });

  it('are without those of a process that fell silent', () => {
    const sums: [string, number][] = [];
    const totals = new ViewerTotals((...sum) => sums.push(sum));
    totals.take({ from: 'one', all: true, viewers: { c1: 2 } }, 0);
    totals.take({ from: 'two', all: true, viewers: { c1: 1 } }, 5);
    sums.length = 0;
    totals.forgetSilent(5);
    expect(sums).toEqual([['c1', 1]]);
  });
});
