import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startHttp, type HttpHarness } from '../testing/index.js';

const anyUuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
let http: HttpHarness;

beforeAll(async () => {
  http = await startHttp({});
});
afterAll(() => http.close());

const idOf = async (headers: Record<string, string> = {}) =>
  (await http.ask('GET', '/nowhere', { headers })).headers.get('x-request-id');

describe('the id of a request', () => {
  it('is told with every answer, also with an error', async () => {
    const ids = [await idOf(), await idOf()];
    for (const id of ids) expect(id).toMatch(anyUuid);
    expect(ids[0]).not.toBe(ids[1]);
  });

  it('is the one that the client or a proxy gave', async () => {
    expect(await idOf({ 'x-request-id': 'edge-7f/3a' })).toBe('edge-7f/3a');
  });

  it.each([['with spaces in it'], ['x'.repeat(129)], ['<script>'], ['']])(
    'is a new one in place of %j',
    async (given) => {
      expect(await idOf({ 'x-request-id': given })).toMatch(anyUuid);
    },
  );
});
