import { createHmac, hkdfSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { jwtVerify } from 'jose';
import { ChannelTokens } from './channel-token.js';

const masterKey = 'a master key of at least 32 characters';
const tokens = new ChannelTokens(masterKey);
const project = '0b1f3c8e-4b64-4f0e-9d3b-6f6f4a1c2d11';
const channel = '7d9a2b40-1c55-4b7e-8a53-0e6c1f2a3b44';
const now = new Date('2026-11-05T12:00:00.400Z');
const after = (seconds: number): Date => new Date(now.getTime() + seconds * 1_000);

const derivedKey = (): Buffer => Buffer.from(hkdfSync('sha256', masterKey, 'headrace', 'channel-token', 32));
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
function signedBy(key: Buffer, header: unknown, payload: unknown): string {
  const signed = `${part(header)}.${part(payload)}`;
  return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
}

describe('channel tokens', () => {
  it('carry the channel, its topic and an end five minutes away', async () => {
    expect(await tokens.verify(await tokens.mint(project, channel, now), now)).toEqual({
      status: 'valid',
      claims: {
        project_id: project,
        channel_id: channel,
        topic: `ai_response:${project}:${channel}`,
        exp: Date.parse('2026-11-05T12:05:00Z') / 1_000,
      },
    });
  });

  it('expire at their end, their claims still trusted', async () => {
    const token = await tokens.mint(project, channel, now);
    expect((await tokens.verify(token, after(299))).status).toBe('valid');
    expect(await tokens.verify(token, after(300))).toMatchObject({
      status: 'expired',
      claims: { channel_id: channel },
    });
  });

  it('are JWTs that any library verifies', async () => {
    const { payload, protectedHeader } = await jwtVerify(await tokens.mint(project, channel, now), derivedKey(), {
      algorithms: ['HS256'],
      currentDate: now,
    });
    expect(protectedHeader).toEqual({ alg: 'HS256', typ: 'JWT' });
    expect(payload).toMatchObject({ project_id: project, channel_id: channel });
  });

  it('take another lifetime', async () => {
    const token = await new ChannelTokens(masterKey, 10).mint(project, channel, now);
    expect((await tokens.verify(token, after(10))).status).toBe('expired');
  });

  it('refuse a change of any character of the signature', async () => {
    const token = await tokens.mint(project, channel, now);
    const start = token.lastIndexOf('.') + 1;
    for (let index = start; index < token.length; index += 1) {
      for (const other of ['A', 'B', 'C', 'D']) {
        if (token[index] === other) continue;
        const changed = token.slice(0, index) + other + token.slice(index + 1);
        expect(await tokens.verify(changed, now)).toEqual({ status: 'invalid' });
      }
    }
  });

  it('refuse another master key, another header, no signature and what is no token', async () => {
    const token = await tokens.mint(project, channel, now);
    const [header = '', payload = ''] = token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
    const refused = [
      await new ChannelTokens(`${masterKey}!`).mint(project, channel, now),
      `${part({ alg: 'none' })}.${payload}.`,
      signedBy(derivedKey(), { alg: 'HS512', typ: 'JWT' }, claims),
      `${header}.${payload}`,
      `${header}.${payload}.`,
      `${token}.x`,
      `${token}${'x'.repeat(2_048)}`,
      'bad',
      '..',
      '',
    ];
    for (const text of refused) expect(await tokens.verify(text, now)).toEqual({ status: 'invalid' });
  });

  it('refuse a payload without the claims, even when it is signed', async () => {
    for (const payload of [{}, { project_id: project, channel_id: channel, topic: 'x' }, null, 'text']) {
      const token = signedBy(derivedKey(), { alg: 'HS256', typ: 'JWT' }, payload);
      expect(await tokens.verify(token, now)).toEqual({ status: 'invalid' });
    }
  });
});
