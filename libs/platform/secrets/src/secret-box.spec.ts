import { describe, expect, it } from '@jest/globals';
import { MasterKey, MasterKeyInvalid } from './master-key.js';
import { SecretBox, SecretUnreadable } from './secret-box.js';

const aBox = (text = 'a master key of at least 32 characters') => new SecretBox(MasterKey.fromText(text));

describe('SecretBox', () => {
  it('opens what it sealed, in another instance with the same master key', () => {
    const sealed = aBox().seal('credential:1', 'sk-secret ü');
    expect(aBox().open('credential:1', sealed)).toBe('sk-secret ü');
  });

  it('never seals the same text to the same result, and shows none of it', () => {
    const box = aBox();
    const sealed = box.seal('credential:1', 'sk-secret');
    expect(sealed).not.toBe(box.seal('credential:1', 'sk-secret'));
    expect(sealed).toMatch(/^v1:[0-9a-f]{8}:[\w-]+$/);
  });

  it('does not open a secret that was moved to another purpose', () => {
    const box = aBox();
    expect(() => box.open('credential:2', box.seal('credential:1', 'sk-secret'))).toThrow(SecretUnreadable);
  });

  it('says so when the master key is another one', () => {
    const sealed = aBox().seal('credential:1', 'sk-secret');
    expect(() => aBox('another master key of 32 characters').open('credential:1', sealed)).toThrow(
      /another HEADRACE_MASTER_KEY/,
    );
  });

  it.each([
    ['flipped bit', (sealed: string) => sealed.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))],
    ['cut end', (sealed: string) => sealed.slice(0, -8)],
    ['almost nothing left', (sealed: string) => sealed.split(':').slice(0, 2).concat('AAAA').join(':')],
    ['other version', (sealed: string) => sealed.replace('v1:', 'v9:')],
    ['no structure', () => 'plain text'],
  ])('refuses a sealed text with a %s', (_case, damage) => {
    const box = aBox();
    expect(() => box.open('p', box.seal('p', 'a secret of some length'))).not.toThrow();
    expect(() => box.open('p', damage(box.seal('p', 'a secret of some length')))).toThrow(SecretUnreadable);
  });
});

describe('MasterKey', () => {
  it.each([undefined, '', 'too short'])('refuses %p and says how to make one', (text) => {
    expect(() => MasterKey.fromText(text)).toThrow(MasterKeyInvalid);
    expect(() => MasterKey.fromText(text)).toThrow(/openssl rand/);
  });

  it('derives another key for each purpose, the same one each time', () => {
    const key = MasterKey.fromText('a master key of at least 32 characters');
    const hex = (purpose: string) => key.derive(purpose).export().toString('hex');
    expect(hex('a')).toBe(hex('a'));
    expect(hex('a')).not.toBe(hex('b'));
    expect(hex('a')).toHaveLength(64);
  });
});
