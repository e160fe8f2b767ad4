import { describe, expect, it } from '@jest/globals';
import { catalogue } from './catalogue.js';
import { deliverySucceeded } from './events/delivery.events.js';
import { requestCompleted, requestFailed } from './events/request.events.js';
import { streams } from './streams.js';
import {
  accessCheckFilter,
  accessCheckSubject,
  aggregateFilter,
  answerPieceSubject,
  eventFilter,
  eventSubject,
  isAnswerPiece,
  parseAccessCheckSubject,
  parseViewersAskSubject,
  parseEventSubject,
  parseRealtimeSubject,
  parseTimerDueSubject,
  projectEventFilter,
  projectRealtimeFilter,
  realtimeFailuresFilter,
  realtimeFilter,
  realtimeRepublish,
  timerDueSubject,
  timerScheduleSubject,
  viewersAskFilter,
  viewersAskSubject,
  viewersToldSubject,
} from './subjects.js';

const project = '0b8f8a4e-6f3c-4a43-9a53-0d7b8d8f7a10';
const channel = '5c0d3a0e-1f57-4b8a-8f0d-0e2d6f1c9b22';
const request = { project, channel, aggregate: 'request' };
const delivery = { project, channel, aggregate: 'delivery', key: 'd-1' };

/** How a server matches: `*` one token, `>` all that follow. */
function matches(filter: string, subject: string): boolean {
  const tokens = subject.split('.');
  const pattern = filter.split('.');
  return (
    pattern.every((part, index) =>
      part === '>' ? tokens.length > index : part === '*' ? tokens[index] !== undefined : part === tokens[index],
    ) &&
    (pattern.at(-1) === '>' || pattern.length === tokens.length)
  );
}

describe('subjects', () => {
  it('tell the address and the fact of an event', () => {
    expect(eventSubject(request, 'accepted')).toBe(`evt.${project}.${channel}.request.accepted`);
    expect(parseEventSubject(eventSubject(request, 'accepted'))).toEqual({ address: request, fact: 'accepted' });
    expect(parseEventSubject(eventSubject(delivery, 'planned'))).toEqual({ address: delivery, fact: 'planned' });
  });

  it('keep the deliveries of one channel apart', () => {
    expect(matches(aggregateFilter(delivery), eventSubject(delivery, 'attempted'))).toBe(true);
    expect(matches(aggregateFilter(delivery), eventSubject({ ...delivery, key: 'd-2' }, 'attempted'))).toBe(false);
    expect(matches(aggregateFilter(request), eventSubject(delivery, 'planned'))).toBe(false);
  });

  it('have one filter per event type that matches this type only', () => {
    for (const written of catalogue) {
      const address = written.keyed
        ? { ...delivery, aggregate: written.aggregate }
        : { ...request, aggregate: written.aggregate };
      const subject = eventSubject(address, written.fact);
      const matching = catalogue.filter((read) => matches(eventFilter(read), subject));
      expect(matching.map(({ type }) => type)).toEqual([written.type]);
    }
  });

  it('are each kept by exactly one stream', () => {
    const timer = { kind: 'delivery-retry', project, channel, key: 'd-1' };
    for (const subject of [eventSubject(request, 'accepted'), timerScheduleSubject(timer), timerDueSubject(timer)]) {
      expect(streams.filter((stream) => stream.subjects.some((filter) => matches(filter, subject)))).toHaveLength(1);
    }
  });

  it('republish decisions of requests and nothing else', () => {
    const republished = catalogue.filter((definition) => {
      const address = definition.keyed ? delivery : { ...request, aggregate: definition.aggregate };
      return matches(realtimeRepublish.source, eventSubject(address, definition.fact));
    });
    expect(republished.every(({ aggregate }) => aggregate === 'request')).toBe(true);
    expect(republished.length).toBeGreaterThan(0);
  });

  it.each(['', 'a.b', '*', '>', 'a b', 'a\n', '../x'])('refuse %j as a part', (value) => {
    expect(() => eventSubject({ ...request, channel: value }, 'accepted')).toThrow('cannot be part of a subject');
    expect(() => aggregateFilter({ ...delivery, key: value })).toThrow('cannot be part of a subject');
  });

  it('tell which timer fired', () => {
    const timer = { kind: 'delivery-retry', project, channel, key: 'd-1' };
    expect(parseTimerDueSubject(timerDueSubject(timer))).toEqual(timer);
    expect(parseTimerDueSubject(timerScheduleSubject(timer))).toBeUndefined();
    expect(parseTimerDueSubject('timer.due.x')).toBeUndefined();
  });

  it('of one project match its events and no others', () => {
    const planned = eventSubject(delivery, 'succeeded');
    expect(matches(projectEventFilter(project, deliverySucceeded), planned)).toBe(true);
    expect(matches(projectEventFilter('another', deliverySucceeded), planned)).toBe(false);
    const completed = `rt.${project}.${channel}.completed`;
    expect(matches(projectRealtimeFilter(project, requestCompleted), completed)).toBe(true);
    expect(matches(projectRealtimeFilter(project, requestFailed), completed)).toBe(false);
    expect(matches(projectRealtimeFilter('another', requestCompleted), completed)).toBe(false);
    expect(() => projectRealtimeFilter('*', requestCompleted)).toThrow('cannot be part of a subject');
  });

  it('of one channel match its events and the pieces of its answer, which can be told apart', () => {
    const [event, piece] = [`rt.${project}.${channel}.completed`, answerPieceSubject(project, channel)];
    expect([event, piece].map((subject) => matches(realtimeFilter(project, channel), subject))).toEqual([true, true]);
    expect([event, piece].map(isAnswerPiece)).toEqual([false, true]);
    expect(catalogue.map(({ fact }) => fact)).not.toContain('piece');
  });

  it('tell whose request failed', () => {
    expect(matches(realtimeFailuresFilter, `rt.${project}.${channel}.failed`)).toBe(true);
    expect(parseRealtimeSubject(`rt.${project}.${channel}.failed`)).toEqual({ project, channel });
    expect(parseRealtimeSubject(`rt.${project}.${channel}`)).toBeUndefined();
    expect(parseRealtimeSubject('evt.a.b.failed')).toBeUndefined();
  });

  it('ask whether a key or the administrator still may follow a project', () => {
    for (const keyId of ['k-1', null]) {
      const subject = accessCheckSubject(project, keyId);
      expect(matches(accessCheckFilter, subject)).toBe(true);
      expect(parseAccessCheckSubject(subject)).toEqual({ project, keyId });
    }
    expect(parseAccessCheckSubject('access.a')).toBeUndefined();
  });

  it('ask for the viewers of a project', () => {
    const subject = viewersAskSubject(project);
    expect(matches(viewersAskFilter, subject)).toBe(true);
    expect(parseViewersAskSubject(subject)).toBe(project);
    expect(parseViewersAskSubject(viewersToldSubject(project))).toBeUndefined();
  });

  it('of others are none of ours', () => {
    expect(parseEventSubject('evt.a.b.c')).toBeUndefined();
    expect(parseEventSubject('evt.a.b.c.d.e.f')).toBeUndefined();
    expect(parseEventSubject('other.a.b.c.d')).toBeUndefined();
  });
});
