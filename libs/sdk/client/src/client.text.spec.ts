import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { aCompletion, aGenerated, aSuccess, ClientHarness } from './testing/client-harness.js';
import { next } from './testing/recorded-client.js';

let harness: ClientHarness;
beforeEach(async () => {
  harness = await ClientHarness.start();
});
afterEach(() => harness.stop());

/** What the provider said of a request whose result is the backend's. */
const said = (content: unknown) => ({ data: { choices: [{ message: { content } }] } });

describe("a client's text", () => {
  it('is the whole answer at the end, also when nothing was told while it was generated', async () => {
    const { client, peer } = await harness.following();
    peer.push('response', aSuccess);
    await next(client, 'response');
    expect(client.getState().text).toBe('Once upon');
  });

  it('is the whole answer at the end of one whose pieces stopped, as when the process that told them died', async () => {
    const { client, peer } = await harness.following();
    peer.push('tokens', { data: 'Once upon', index: 0 });
    await next(client, 'tokens');
    peer.push('response', aGenerated);
    await next(client, 'response');
    expect(client.getState().text).toBe('Once upon');
    peer.push('response', { ...aCompletion, ai_response: said('Once upon a time') });
    await next(client, 'response');
    expect(client.getState().text).toBe('Once upon a time');
  });

  it.each([[undefined], [{ data: null }], [{ data: { choices: 'many' } }], [said(null)], [said({ a: 1 })]])(
    'stays as it was told when the end has no text: %j',
    async (answer) => {
      const { client, peer } = await harness.following();
      peer.push('tokens', { data: '{"a":1}', index: 0 });
      await next(client, 'tokens');
      peer.push('response', { ...aCompletion, ai_response: answer });
      await next(client, 'response');
      expect(client.getState().text).toBe('{"a":1}');
    },
  );

  it('begins anew with the answer of another round', async () => {
    const { client, peer } = await harness.following();
    peer.push('response', { ...aGenerated, content: 'First' });
    await next(client, 'response');
    peer.push('tokens', { data: 'Sec', index: 0 });
    expect(await next(client, 'tokens')).toEqual({ data: 'Sec', index: 0, text: 'Sec' });
  });
});
