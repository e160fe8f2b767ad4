import { describe, expect, it } from '@jest/globals';
import { catalogue } from '@headrace/contracts';
import fc from 'fast-check';
import {
  aCallback,
  accept,
  anAcceptedRequest,
  anOutput,
  answer,
  aStageCallback,
  aToolCallingOutput,
  aToolResultCallback,
  callBack,
  callbackDeadline,
  calledBackAt as at,
  run,
  toStage,
} from '../testing/index.js';
import type { RequestCommand } from './request.commands.js';
import { requestDecider } from './request.decider.js';

const eventDriven = anAcceptedRequest({ eventName: 'ready' });

describe('a request that may be continued', () => {
  const command = fc.constantFrom<RequestCommand>(
    accept(),
    accept({ ...eventDriven, plan: { ...eventDriven.plan, maxToolRounds: 1 } }),
    answer(anOutput()),
    answer(aToolCallingOutput('a')),
    answer(aToolCallingOutput('b', 'c')),
    callBack(aToolResultCallback(['a'])),
    callBack(aToolResultCallback(['a']), { round: 1 }),
    callBack(aToolResultCallback(['b', 'c'])),
    toStage(),
    toStage({ eventName: null }, aStageCallback('last')),
    callBack(aCallback()),
    callBack(aCallback(), { round: 0 }),
    callBack(aCallback({ error: { code: 'x', message: 'y' }, fingerprint: 'e' })),
    { type: 'expireCallback', at: callbackDeadline },
    { type: 'expireCallback', at },
    { type: 'cancel', at },
    { type: 'recordGenerationFailure', generation: null, message: 'down', details: {}, at },
  );

  it('ends at most once, and each round has one answer and one callback, whatever comes and however often', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        const { events, state } = run(requestDecider, commands);
        const types = events.map(({ type }) => type);
        const ends = types.filter((type) => type === 'request.completed' || type === 'request.failed');
        expect(ends.length).toBeLessThanOrEqual(1);
        if (ends.length === 1) expect(types.at(-1)).toBe(ends[0]);
        // Nothing but an answer follows a question, nothing but a callback or an end an answer.
        const order = types.join(' ').replaceAll('request.', '');
        expect(order).toMatch(/^(|accepted( generated continued)*( generated)?( completed| failed)?)$/);
        const rounds = events.flatMap((event) => (event.type === 'request.continued' ? [event.data.round] : []));
        expect(rounds).toEqual(rounds.map((_, index) => index + 1));
        const last = events.at(-1);
        if (last) expect(requestDecider.evolve(requestDecider.initialState(), last)).toEqual(state);
      }),
      { numRuns: 2_000 },
    );
  });

  it('only ever decides events that the catalogue takes', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 40 }), (commands) => {
        for (const { type, data } of run(requestDecider, commands).events) {
          expect(catalogue.find((each) => each.type === type)?.violations(data)).toEqual([]);
        }
      }),
    );
  });
});
