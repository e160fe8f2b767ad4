import { describe, expect, it } from '@jest/globals';
import { LongPollTokens } from './long-poll-token.js';
import { ChannelTokens } from './channel-token.js';

const masterKey = 'a master key of at least 32 characters';
const tokens = new LongPollTokens(masterKey);
const claims = { hub: 'hub-1', session: 'session-1' };

describe('tokens of long-poll sessions', () => {
  it('name the session and its hub', () => {
    expect(tokens.read(tokens.mint(claims))).toEqual(claims);
  });

  it('are good in every process of the same master key', () => {
    expect(new LongPollTokens(masterKey).read(tokens.mint(claims))).toEqual(claims);
  });

  it('are none with any character changed, of another key or purpose, or without a session', async () => {
    const token = tokens.mint(claims);
    for (let index = 0; index < token.length; index += 1) {
      const other = token[index] === 'A' ? 'B' : 'A';
      expect(tokens.read(token.slice(0, index) + other + token.slice(index + 1))).toBeUndefined();
    }
    const foreign = new LongPollTokens(`${masterKey}!`).mint(claims);
    const ofChannel = await new ChannelTokens(masterKey).mint('p1', 'c1', new Date());
    const half = tokens.mint({ hub: 'hub-1' } as typeof claims);
    for (const text of [foreign, ofChannel, half, '', '..', 'bad']) expect(tokens.read(text)).toBeUndefined();
  });
});
