import { describe, expect, it } from '@jest/globals';
import { readUpgrade } from './upgrade-request.js';

const options = { path: '/socket', allowedOrigins: [], acceptAuthSubprotocol: true };
const read = (url: string, headers: Record<string, string> = {}, more: object = {}) =>
  readUpgrade({ url, method: 'GET', headers }, { ...options, ...more });
const refused = (status: number) => ({ kind: 'refused', status });

describe('an upgrade', () => {
  it.each(['/socket/websocket', '/socket/websocket/', '/socket/websocket?vsn=2.0.0', '/socket/websocket/?vsn=2.0.0'])(
    'to %s is taken',
    (url) => {
      expect(read(url)).toMatchObject({ kind: 'accepted' });
    },
  );

  it.each([
    '/socket',
    '/socket/',
    '/socket/longpoll',
    '/socket/websocket/more',
    '/socket/WebSocket',
    '/socket//websocket',
  ])('to %s, which is under the mount, does not exist', (url) => {
    expect(read(url)).toEqual(refused(404));
  });

  it.each(['/', '/sockets/websocket', '/other/socket/websocket', '/socket-two/websocket', '/?/socket/websocket'])(
    'to %s is left to others',
    (url) => {
      expect(read(url)).toEqual({ kind: 'elsewhere' });
    },
  );

  it.each(['POST', 'HEAD', 'OPTIONS'])('with the method %s is a bad request', (method) => {
    expect(readUpgrade({ url: '/socket/websocket', method, headers: {} }, options)).toEqual(refused(400));
  });

  it('without a vsn speaks version 1, with one that does not exist is refused', () => {
    expect(read('/socket/websocket')).toMatchObject({ serializer: { version: '1.0.0' } });
    expect(read('/socket/websocket?vsn=2.0.0')).toMatchObject({ serializer: { version: '2.0.0' } });
    expect(read('/socket/websocket?vsn=3.0.0')).toEqual(refused(403));
  });

  it('hands on all parameters of its query', () => {
    const reading = read('/socket/websocket?token=a%20b&user=%C3%BC&vsn=2.0.0');
    const params = reading.kind === 'accepted' ? [...reading.request.params] : [];
    expect(params).toEqual([
      ['token', 'a b'],
      ['user', 'ü'],
      ['vsn', '2.0.0'],
    ]);
  });
});

describe('the origin of an upgrade', () => {
  const allowedOrigins = ['https://app.example.com'];

  it.each([
    ['https://app.example.com', 'accepted'],
    ['https://evil.example.com', 'refused'],
    ['http://app.example.com', 'refused'],
    ['https://app.example.com:8443', 'refused'],
    ['https://app.example.com.evil.com', 'refused'],
    ['null', 'refused'],
  ])('%s is %s where there is a list', (origin, kind) => {
    expect(read('/socket/websocket', { origin }, { allowedOrigins }).kind).toBe(kind);
  });

  it('is not asked for where there is no list, nor of what is no browser', () => {
    expect(read('/socket/websocket', { origin: 'https://evil.example.com' }).kind).toBe('accepted');
    expect(read('/socket/websocket', {}, { allowedOrigins }).kind).toBe('accepted');
  });
});

describe('the token of the subprotocols', () => {
  const bearer = (token: string): string => `base64url.bearer.phx.${Buffer.from(token).toString('base64url')}`;
  const tokenOf = (protocols: string, more: object = {}): unknown => {
    const reading = read('/socket/websocket', { 'sec-websocket-protocol': protocols }, more);
    return reading.kind === 'accepted' ? reading.request.authToken : reading;
  };

  it.each(['a token', 'ab', 'header.claims.signature', 'ü🙂~~>>??'])('"%s" is decoded', (token) => {
    expect(tokenOf(`phoenix, ${bearer(token)}`)).toBe(token);
    expect(tokenOf(`${bearer(token)},phoenix`)).toBe(token);
  });

  it('is none where there is no such protocol, or where tokens do not come that way', () => {
    expect(tokenOf('phoenix')).toBeUndefined();
    expect(tokenOf(`phoenix, ${bearer('a token')}`, { acceptAuthSubprotocol: false })).toBeUndefined();
  });
});
