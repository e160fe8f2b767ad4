import { describe, expect, it } from '@jest/globals';
import { webhookHeaders } from '@headrace/contracts';
import fc from 'fast-check';
import { headerViolations } from './header.rules.js';

const params = (headers: unknown): string[] => headerViolations(headers).map(({ param }) => param);

describe('the rules for headers of an endpoint', () => {
  it.each([
    ['none', undefined],
    ['null', null],
    ['no entry', {}],
    ['a credential', { Authorization: 'Bearer sk-1234' }],
    ['an empty value', { 'X-Empty': '' }],
    ['Latin-1', { 'X-Note': 'grün' }],
    ['twenty', Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`x-${n}`, 'v']))],
    ['four KiB', { 'x-a': 'v'.repeat(4_093) }],
  ])('take %s', (_case, headers) => {
    expect(headerViolations(headers)).toEqual([]);
  });

  it.each<[string, unknown, string[]]>([
    ['what is no object', 'Authorization: x', ['headers']],
    ['a list', [['a', 'b']], ['headers']],
    ['a name with a space', { 'X Y': 'v' }, ['headers.X Y']],
    ['a name of nothing', { '': 'v' }, ['headers.']],
    ['a name with a line end', { 'X\r\nY': 'v' }, ['headers.X\r\nY']],
    ['a value with a line end', { 'X-A': 'v\r\nSet-Cookie: x' }, ['headers.X-A']],
    ['a value with NUL', { 'X-A': 'v\0' }, ['headers.X-A']],
    ['a value with a tab', { 'X-A': 'a\tb' }, ['headers.X-A']],
    ['a value beyond Latin-1', { 'X-A': '€' }, ['headers.X-A']],
    ['a value with space around it', { 'X-A': ' v ' }, ['headers.X-A']],
    ['a value that is no text', { 'X-A': 5, 'X-B': ['v'] }, ['headers.X-A', 'headers.X-B']],
    ['a masked value, as answers show it', { Authorization: '••••cdef' }, ['headers.Authorization']],
    ['the same name twice', { 'X-A': '1', 'x-a': '2' }, ['headers.x-a']],
    ['more than twenty', Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`x-${n}`, 'v'])), ['headers']],
    ['more than four KiB', { 'x-a': 'v'.repeat(4_094) }, ['headers.x-a']],
    ['more than eight KiB in all', { a: 'v'.repeat(3_000), b: 'v'.repeat(3_000), c: 'v'.repeat(3_000) }, ['headers']],
  ])('refuse %s', (_case, headers, expected) => {
    expect(params(headers)).toEqual(expected);
  });

  it.each([
    ...Object.values(webhookHeaders),
    'Content-Type',
    'CONTENT-LENGTH',
    'Host',
    'Connection',
    'Keep-Alive',
    'Proxy-Authorization',
    'TE',
    'Trailer',
    'Transfer-Encoding',
    'Upgrade',
    'Expect',
    'User-Agent',
    'mr-anything',
    'X-ModelRiver-New',
    'webhook-new',
    'tracestate',
  ])('refuse %s, which the system sets or the connection owns', (name) => {
    expect(params({ [name]: 'v' })).toEqual([`headers.${name}`]);
  });

  it('never quote a value: it may be a credential', () => {
    const secret = 'sk-very-secret\n';
    expect(JSON.stringify(headerViolations({ 'X-A': secret, host: secret }))).not.toContain('sk-very');
  });

  it('take nothing that the platform’s own HTTP would refuse, whatever comes', () => {
    // Mostly Latin-1, control characters and what is beyond it among them.
    const unit = fc.integer({ min: 0, max: 0x110 }).map((code) => String.fromCharCode(code));
    const text = fc.oneof(fc.string({ maxLength: 3 }), fc.string({ unit, maxLength: 3 }));
    fc.assert(
      fc.property(text, text, (name, value) => {
        fc.pre(headerViolations({ [name]: value }).length === 0);
        expect(new Headers({ [name]: value }).get(name)).toBe(value);
      }),
    );
  });
});
