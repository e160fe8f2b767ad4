import { describe, expect, it } from '@jest/globals';
import { hashApiKey, newApiKey, shownPrefixOf } from './api-key.js';
import { maskSecret } from './mask-secret.js';
import { sameSecret } from './same-secret.js';
import { newWebhookSecret } from './webhook-secret.js';

describe('API keys', () => {
  it('are long, random and safe in a header', () => {
    expect(newApiKey()).toMatch(/^mr_live_[\w-]{43}$/);
    expect(newApiKey()).not.toBe(newApiKey());
  });

  it('are stored as their SHA-256 (vector of FIPS 180-2)', () => {
    expect(hashApiKey('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('show four characters behind the prefix', () => {
    expect(shownPrefixOf('mr_live_abcdefghijklmnopqrstuvwxyz')).toBe('mr_live_abcd…');
  });

  it('show nothing when they are too short to hide the rest', () => {
    expect(shownPrefixOf('my-old-key')).toBe('…');
  });
});

describe('maskSecret', () => {
  it('leaves the last four characters', () => {
    expect(maskSecret('sk-proj-0123456789abcd')).toBe('••••abcd');
  });

  it('leaves nothing of a short secret', () => {
    expect(maskSecret('short')).toBe('••••');
  });
});

describe('sameSecret', () => {
  it('tells equal from unequal, whatever their lengths', () => {
    expect(sameSecret('token', 'token')).toBe(true);
    expect(sameSecret('token', 'tokem')).toBe(false);
    expect(sameSecret('token', 'a longer token')).toBe(false);
    expect(sameSecret('', '')).toBe(true);
  });
});

describe('webhook secrets', () => {
  it('have the form of Standard Webhooks', () => {
    const secret = newWebhookSecret();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(Buffer.from(secret.slice(6), 'base64')).toHaveLength(32);
  });
});
