import { readFile } from 'node:fs/promises';
import { outboundErrorCodes } from '@headrace/outbound-http';
import { describe, expect, it } from '@jest/globals';

/** Those of answers, beside those of calls without one. */
const answered = ['http_status', 'redirect_not_followed'];
/** A webhook's answer is cut instead, and an attempt that is given up is none. */
const neverOfWebhooks = ['response_too_large', 'aborted'];

describe('the reasons of failed attempts', () => {
  it('are all in the guide, and no others', async () => {
    const guide = await readFile(new URL('../../docs/guides/webhook-attempts.md', import.meta.url), 'utf8');
    const reasons = guide.slice(guide.indexOf('## Reasons'), guide.indexOf('## Connections'));
    const documented = [...reasons.matchAll(/^\| `(\w+)` /gm)].map(([, code]) => code);
    const possible = outboundErrorCodes.filter((code) => !neverOfWebhooks.includes(code));
    expect(new Set(documented)).toEqual(new Set([...answered, ...possible]));
  });
});
