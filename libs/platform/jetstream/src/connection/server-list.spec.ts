import { describe, expect, it } from '@jest/globals';
import { serverList } from './server-list.js';

describe('NATS_URL', () => {
  it('names one server or several, with or without scheme and port', () => {
    expect(serverList('nats://localhost:4222')).toEqual({ servers: ['localhost:4222'], tls: false });
    expect(serverList('one, nats://two:5222')).toEqual({ servers: ['one:4222', 'two:5222'], tls: false });
  });

  it('carries credentials', () => {
    expect(serverList('nats://me:p%40ss@host,other')).toMatchObject({ user: 'me', pass: 'p@ss' });
    expect(serverList('tls://token@host')).toEqual({ servers: ['host:4222'], token: 'token', tls: true });
  });

  it.each(['', 'http://host', 'nats://'])('is refused with what to write when it is %j', (url) => {
    expect(() => serverList(url)).toThrow('nats://host:4222');
  });

  it('is not repeated in an error, since it may hold a password', () => {
    expect(() => serverList('http://me:secret@host')).not.toThrow('secret');
  });
});
