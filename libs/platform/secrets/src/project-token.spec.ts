import { describe, expect, it } from '@jest/globals';
import { ChannelTokens } from './channel-token.js';
import { ProjectTokens } from './project-token.js';

const masterKey = 'a master key of at least 32 characters';
const tokens = new ProjectTokens(masterKey);
const channelTokens = new ChannelTokens(masterKey);
const project = '0b1f3c8e-4b64-4f0e-9d3b-6f6f4a1c2d11';
const now = new Date('2026-11-05T12:00:00.400Z');
const after = (seconds: number): Date => new Date(now.getTime() + seconds * 1_000);

describe('project tokens', () => {
  it('carry the project, its topic and an end five minutes away', () => {
    const { token, expiresAt } = tokens.mint(project, 'k1', now);
    expect(expiresAt).toEqual(new Date('2026-11-05T12:05:00Z'));
    expect(tokens.verify(token, now)).toEqual({
      status: 'valid',
      claims: { project_id: project, topic: `project:${project}`, key_id: 'k1', exp: expiresAt.getTime() / 1_000 },
    });
  });

  it('say when the administrator made them', () => {
    const { token } = tokens.mint(project, null, now);
    expect(tokens.verify(token, now)).toMatchObject({ claims: { key_id: null } });
  });

  it('expire at their end', () => {
    const { token } = tokens.mint(project, 'k1', now);
    expect(tokens.verify(token, after(299)).status).toBe('valid');
    expect(tokens.verify(token, after(300))).toMatchObject({ status: 'expired', claims: { project_id: project } });
  });

  it('are no tokens of channels, and those of channels are none of projects', async () => {
    expect(await channelTokens.verify(tokens.mint(project, 'k1', now).token, now)).toEqual({ status: 'invalid' });
    expect(tokens.verify(await channelTokens.mint(project, project, now), now)).toEqual({ status: 'invalid' });
  });

  it('refuse a change of any character, another master key and what is no token', () => {
    const { token } = tokens.mint(project, 'k1', now);
    for (let index = 0; index < token.length; index += 1) {
      const other = token[index] === 'A' ? 'B' : 'A';
      const changed = token.slice(0, index) + other + token.slice(index + 1);
      expect(tokens.verify(changed, now)).toEqual({ status: 'invalid' });
    }
    const foreign = new ProjectTokens(`${masterKey}!`).mint(project, 'k1', now).token;
    for (const text of [foreign, '', '..', 'bad', `${token}.x`]) {
      expect(tokens.verify(text, now)).toEqual({ status: 'invalid' });
    }
  });
});
