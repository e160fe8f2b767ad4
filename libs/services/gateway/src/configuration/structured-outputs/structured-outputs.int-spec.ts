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
    expect(body.error.details).toEqual([
      {
        param: 'schema.properties.age.type',
        pointer: '/properties/age/type',
        keyword: 'type',
        message: expect.stringContaining('must be one of'),
      },
    ]);
  });

  it('are made of an example, which is the answer in test mode then', async () => {
    const example = { name: 'string', age: 0, tags: ['a'] };
    const { status, body } = await ask('POST', '/v1/structured-outputs', { name: 'Answer', schema: example });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      schema: { type: 'object', properties: { age: { type: 'number' } }, required: ['name', 'age', 'tags'] },
      sample_data: example,
    });
    const other = { schema: { name: '' }, sample_data: { name: 'Ada' } };
    expect((await ask('PATCH', '/v1/structured-outputs/Answer', other)).body).toMatchObject({
      schema: { properties: { name: { type: 'string' } } },
      sample_data: { name: 'Ada' },
    });
    const again = await ask('PATCH', '/v1/structured-outputs/Answer', { schema: { title: 'x' } });
    expect(again.body).toMatchObject({ sample_data: { title: 'x' } });
  });

  it('are refused when they could be meant in two ways', async () => {
    const properties = { name: { type: 'string' }, age: { type: 'number' } };
    const { status, body } = await ask('POST', '/v1/structured-outputs', { name: 'Answer', schema: properties });
    expect([status, body.error.param]).toEqual([400, 'schema']);
    expect(body.message).toContain('{"type":"object","properties":{…}}');
  });

  it('have sample data that fits, also after a change of either', async () => {
    const strict = { type: 'object', properties: { age: { type: 'integer' } }, required: ['age'] };
    const wrong = { name: 'Answer', schema: strict, sample_data: { age: 'old' } };
    const refused = await ask('POST', '/v1/structured-outputs', wrong);
    expect([refused.status, refused.body.error.param]).toEqual([400, 'sample_data.age']);
    expect(refused.body.message).toContain('must be integer');
    await ask('POST', '/v1/structured-outputs', { ...wrong, sample_data: { age: 7 } });
    const late = await ask('PATCH', '/v1/structured-outputs/Answer', { sample_data: {} });
    expect([late.status, late.body.error.param]).toEqual([400, 'sample_data']);
    const schema = { ...strict, properties: { age: { type: 'string' } } };
    expect((await ask('PATCH', '/v1/structured-outputs/Answer', { schema })).body.error.param).toBe('sample_data.age');
    const both = await ask('PATCH', '/v1/structured-outputs/Answer', { schema, sample_data: null });
    expect(both.body).toMatchObject({ schema, sample_data: null });
  });
});
