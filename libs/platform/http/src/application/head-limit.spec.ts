import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startHttp, type HttpHarness } from '../testing/http.harness.js';

describe('the head of a request', () => {
  let http: HttpHarness;
  beforeAll(async () => {
    http = await startHttp({ settings: { maxHeaderBytes: 4_096 } });
  });
  afterAll(() => http.close());

  it('may be as long as the limit', async () => {
    const headers = { 'x-long': 'x'.repeat(2_000) };
    expect((await http.ask('GET', `/nowhere?q=${'x'.repeat(1_000)}`, { headers })).status).toBe(404);
  });

  it('is too long with a query or a header above it', async () => {
    expect((await fetch(`${http.url}/nowhere?q=${'x'.repeat(5_000)}`)).status).toBe(431);
    expect((await fetch(`${http.url}/nowhere`, { headers: { 'x-long': 'x'.repeat(5_000) } })).status).toBe(431);
  });
});
