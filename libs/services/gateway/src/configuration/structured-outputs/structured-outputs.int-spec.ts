import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startConfigurationApi, type Ask, type ConfigurationApi } from '../testing/configuration.harness.js';

const aWorkflow = { name: 'demo', provider: 'offline', model: 'any' };

describe('the structured outputs API', () => {
  let api: ConfigurationApi;
  let ask: Ask;

  beforeAll(async () => {
    api = await startConfigurationApi();
  });
  afterAll(() => api.close());
  beforeEach(async () => {
    ({ ask } = await api.aProject());
  });

  const schema = {
    type: 'object',
    properties: { z: { type: 'string' }, a: { $ref: '#/$defs/n' } },
    $defs: { n: {} },
  };

  it('keep schema and sample data as they are', async () => {
    const sample_data = { z: 'text', a: [1, null] };
    const { status, body } = await ask('POST', '/v1/structured-outputs', { name: 'Answer', schema, sample_data });
    expect(status).toBe(201);
    const { body: read } = await ask('GET', '/v1/structured-outputs/Answer');
    expect(JSON.stringify(read)).toBe(JSON.stringify(body));
    expect(JSON.stringify(body)).toContain(JSON.stringify(sample_data));
  });

  it('are not removed while a workflow uses them', async () => {
    const { body } = await ask('POST', '/v1/structured-outputs', { name: 'Answer', schema });
    const { id } = body as unknown as { id: string };
    await ask('POST', '/v1/workflows', { ...aWorkflow, structured_output_id: id });
    const refused = await ask('DELETE', `/v1/structured-outputs/${id}`);
    expect([refused.status, refused.body.error.code]).toEqual([409, 'conflict']);
    expect(refused.body.message).toContain('"demo"');
    await ask('DELETE', '/v1/workflows/demo');
    expect((await ask('DELETE', `/v1/structured-outputs/${id}`)).status).toBe(200);
  });

  it('are refused with the place and keyword that are wrong', async () => {
    const wrong = { type: 'object', properties: { age: { type: 'whole' } } };
    const { status, body } = await ask('POST', '/v1/structured-outputs', { name: 'Answer', schema: wrong });
    expect(status).toBe(400);
    expect(body.error.param).toBe('schema.properties.age.type');
    expect(body.message).toMatch(/\((enum|anyOf)\)/);
  });
});
