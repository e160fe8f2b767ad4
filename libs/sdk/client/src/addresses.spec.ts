import { describe, expect, it } from '@jest/globals';
import { buildWebSocketUrl, socketUrlOf } from './socket-url.js';
import { decodeToken, isTokenExpired } from './token.js';

describe('the address of a socket', () => {
  it.each([
    ['wss://host/socket', 'wss://host/socket'],
    ['wss://host/socket/', 'wss://host/socket'],
    ['ws://host:4100', 'ws://host:4100/socket'],
    ['https://host', 'wss://host/socket'],
    ['http://host/realtime', 'ws://host/realtime/socket'],
  ])('of %s is %s', (base, url) => {
    expect(socketUrlOf(base)).toBe(url);
  });

  it('has the token and the version in its query', () => {
    const url = 'wss://host/socket/websocket?token=a%2Bb&vsn=2.0.0';
    expect(buildWebSocketUrl('wss://host/socket', 'a+b')).toBe(url);
    expect(buildWebSocketUrl('wss://host/socket/websocket', 'a+b')).toBe(url);
  });

  it('needs a page when it is a path', () => {
    expect(() => socketUrlOf('/socket')).toThrow('URL');
  });
});

describe('a token', () => {
  const token = (claims: unknown): string => `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;

  it('tells what it is for', () => {
    const claims = { project_id: 'p?>', channel_id: 'c', topic: 'ai_response:p:c', exp: 1_800_000_000 };
    expect(decodeToken(token(claims))).toEqual(claims);
    expect(decodeToken(token({ project_id: 'p', channel_id: 'c' })).topic).toBe('ai_response:p:c');
  });

  it.each(['', 'a.b', 'a.b.c', token(null), token({ project_id: 'p' })])('is invalid when it is "%s"', (text) => {
    expect(() => decodeToken(text)).toThrow('Invalid token');
  });

  it('expires', () => {
    const claims = { project_id: 'p', channel_id: 'c', topic: 't' };
    expect(isTokenExpired({ ...claims, exp: Math.floor(Date.now() / 1000) - 1 })).toBe(true);
    expect(isTokenExpired({ ...claims, exp: Math.floor(Date.now() / 1000) + 60 })).toBe(false);
    expect(isTokenExpired(claims)).toBe(false);
  });
});
