import { describe, expect, it } from '@jest/globals';
import type { Claim } from './claim.js';
import { Places, type PlaceLimits } from './places.js';

const aClaim = (project: string, more: Partial<Claim> = {}): Claim => ({
  project,
  line: 'one',
  provider: 'openai',
  workflow: null,
  projectLimit: null,
  priority: 'normal',
  since: 0,
  ...more,
});

const somePlaces = (more: Partial<PlaceLimits> = {}): Places =>
  new Places({ inFlight: 100, perProvider: new Map(), ...more });

/** Takes as many places as there are for a claim; resolves to how many. */
function fill(places: Places, claim: Claim): number {
  let taken = 0;
  for (; places.hasRoom(claim); taken += 1) {
    places.take(claim);
    places.enter(claim.provider, claim.project);
  }
  return taken;
}

describe('the places of a process', () => {
  it('go to a project alone up to three quarters, of which one line gets most', () => {
    const places = somePlaces();
    expect(fill(places, aClaim('a'))).toBe(70);
    expect(fill(places, aClaim('a', { line: 'other' }))).toBeGreaterThan(0);
    expect(places.inFlight).toBeLessThanOrEqual(75);
  });

  it('are never all taken, however many projects want all of them', () => {
    const places = somePlaces();
    for (const project of ['a', 'b', 'c']) fill(places, aClaim(project));
    expect(places.hasRoom(aClaim('newcomer'))).toBe(true);
  });

  it('are divided more evenly as those are given back that somebody had too many of', () => {
    const places = somePlaces();
    const first = fill(places, aClaim('a'));
    fill(places, aClaim('b'));
    // The first one ends its generations one by one, and both want another whenever there is one.
    for (let ended = 0; ended < first; ended += 1) {
      places.leave('openai', 'a');
      places.giveBack(aClaim('a'));
      fill(places, aClaim('b'));
      fill(places, aClaim('a'));
    }
    expect(Math.abs(places.inFlightOf('a') - places.inFlightOf('b'))).toBeLessThan(8);
  });

  it('can all be used where there are only a few', () => {
    expect(fill(somePlaces({ inFlight: 1 }), aClaim('a'))).toBe(1);
    expect(fill(somePlaces({ inFlight: 3 }), aClaim('a'))).toBe(3);
  });

  it('are limited for a project that has a limit of its own', () => {
    expect(fill(somePlaces(), aClaim('a', { projectLimit: 5 }))).toBe(5);
  });

  it('are limited for a workflow, and not for the others of its project', () => {
    const places = somePlaces();
    expect(fill(places, aClaim('a', { workflow: { name: 'w', limit: 2 }, line: 'w' }))).toBe(2);
    expect(places.roomFor(aClaim('a', { workflow: { name: 'v', limit: 3 }, line: 'v' }))).toBe(3);
    expect(places.hasRoom(aClaim('b', { workflow: { name: 'w', limit: 2 }, line: 'w' }))).toBe(true);
  });

  it('are limited at a provider, and there too no project gets all', () => {
    const places = somePlaces({ perProvider: new Map([['ollama', 8]]) });
    expect(fill(places, aClaim('a', { provider: 'ollama' }))).toBe(6);
    expect(places.hasRoom(aClaim('b', { provider: 'ollama' }))).toBe(true);
    expect(places.hasRoom(aClaim('a', { line: 'two' }))).toBe(true);
  });

  it('are limited at every provider without a limit of its own by the one for all', () => {
    const places = somePlaces({
      perProvider: new Map([
        ['ollama', 8],
        ['*', 1],
      ]),
    });
    expect(fill(places, aClaim('a'))).toBe(1);
    expect(places.hasRoomAt('openai', 'b')).toBe(false);
    expect(places.hasRoomAt('ollama', 'b')).toBe(true);
  });

  it('are forgotten with those who had them', () => {
    const places = somePlaces({ perProvider: new Map([['*', 5]]) });
    const claim = aClaim('a', { workflow: { name: 'w', limit: 2 } });
    fill(places, claim);
    for (let ended = 0; ended < 2; ended += 1) {
      places.leave('openai', 'a');
      places.giveBack(claim);
    }
    expect(places.inFlight).toBe(0);
    expect(fill(places, claim)).toBe(2);
  });
});
