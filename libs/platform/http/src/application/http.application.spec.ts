import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Post } from '@nestjs/common';
import { EventLogUnavailable } from '@headrace/event-log';
import { ProjectStore } from '@headrace/project-store';
import { IsInt, IsOptional, IsString } from 'class-validator';
import { request } from 'node:http';
import { CurrentProject, type AuthenticatedProject } from '../auth/current-project.js';
import { RequiresProjectKey } from '../auth/requires-project-key.decorator.js';
import { Nested } from '../dto/nested.decorator.js';
import { ApiError } from '../errors/api.error.js';
import {
  aProject,
  keyOf,
  projectId,
  ProjectsInMemory,
  startHttp,
  withKeyOf,
  type HttpHarness,
} from '../testing/index.js';

class PartDto {
  @IsString()
  name: string;
}

class ThingDto {
  @IsString()
  title: string;

  @IsOptional()
  @IsInt()
  size?: number;

  @IsOptional()
  @Nested(() => PartDto)
  parts?: PartDto[];
}

@Controller('things')
class ThingsController {
  @Post()
  @RequiresProjectKey()
  create(@Body() thing: ThingDto, @CurrentProject() { projectId: project }: AuthenticatedProject) {
    return { thing, isDto: thing instanceof ThingDto, project };
  }

  @Get('secret')
  secret(): never {
    throw new Error('password=hunter2');
  }

  @Get('unavailable')
  unavailable(): never {
    throw new EventLogUnavailable('nats://internal:4222 is gone');
  }

  @Get('taken')
  taken(): never {
    throw new ApiError('conflict', 'There is such a thing. Choose another name.');
  }
}

const sleepingProject = '0198d6a0-0000-7000-8000-000000000002';
let http: HttpHarness;

beforeAll(async () => {
  const projects = new ProjectsInMemory(aProject(), aProject({ id: sleepingProject, active: false }));
  http = await startHttp({
    controllers: [ThingsController],
    providers: [{ provide: ProjectStore, useValue: projects }],
    settings: { bodyLimitBytes: 2048 },
  });
});

afterAll(() => http.close());

const createThing = (body: unknown, headers = withKeyOf(projectId)) => http.ask('POST', '/things', { body, headers });

describe('a request with a DTO', () => {
  it('reaches the handler with unknown fields and free JSON as they were sent', async () => {
    const thing = { title: 'a', colour: 'red', constructor: { name: 'x' }, parts: [{ name: 'p', extra: [1] }] };
    const { status, body } = await createThing(thing);
    expect(status).toBe(201);
    expect(body).toEqual({ thing, isDto: true, project: projectId });
  });

  it('is refused with the first field in param and all of them in details', async () => {
    const { status, body } = await createThing({ size: 1.5, parts: [{ name: 'p' }, { name: 3 }] });
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ type: 'invalid_request_error', code: 'invalid_request_error', param: 'title' });
    expect(body.error.details).toEqual([
      { param: 'title', message: 'title must be a string.' },
      { param: 'size', message: 'size must be an integer number.' },
      { param: 'parts.1.name', message: 'parts.1.name must be a string.' },
    ]);
    expect(body.message).toBe('title must be a string. 3 fields are wrong: see error.details.');
    expect(body.error.message).toBe(body.message);
  });

  it.each([['[]'], ['"text"'], ['null'], ['']])('is refused when the body is %s', async (text) => {
    const { status, body } = await createThing(text);
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ code: 'invalid_request_error', param: null });
    expect(body.message).toContain('Send a JSON object');
  });
});

describe('a body that cannot be read', () => {
  it.each([
    ['malformed', '{"title":', 'not valid JSON'],
    ['a prototype in disguise', '{"title":"a","x":{"__proto__":{"admin":true}}}', '__proto__'],
    ['nested without end', `{"title":"a","x":${'['.repeat(500)}${']'.repeat(500)}}`, 'nested deeper'],
  ])('answers 400 invalid_json when it is %s', async (_, text, reason) => {
    const { status, body } = await createThing(text);
    expect(status).toBe(400);
    expect(body.error).toMatchObject({ type: 'invalid_request_error', code: 'invalid_json', param: null });
    expect(body.message).toContain(reason);
  });

  it('answers 413 when it is over the limit', async () => {
    const { status, body } = await createThing({ title: 'x'.repeat(3000) });
    expect(status).toBe(413);
    expect(body.error.code).toBe('payload_too_large');
    expect(body.message).toContain('HEADRACE_BODY_LIMIT_BYTES');
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded'])('answers 415 when it is sent as %s', async (type) => {
    const { status, body } = await createThing('title=a', { ...withKeyOf(projectId), 'content-type': type });
    expect(status).toBe(415);
    expect(body.error.code).toBe('unsupported_media_type');
    expect(body.message).toContain('Content-Type: application/json');
  });
});

describe('authentication', () => {
  it.each([
    ['no key', {}],
    ['an unknown key', { authorization: 'Bearer nobody' }],
    ['another scheme', { authorization: `Basic ${keyOf(projectId)}` }],
  ])('answers 401 for %s', async (_, headers: Record<string, string>) => {
    const { status, body, headers: answered } = await createThing({ title: 'a' }, headers);
    expect(status).toBe(401);
    expect(body.error).toMatchObject({ type: 'authentication_error', code: 'invalid_api_key' });
    expect(answered.get('www-authenticate')).toBe('Bearer');
  });

  it('answers 403 for the key of an inactive project', async () => {
    const { status, body } = await createThing({ title: 'a' }, withKeyOf(sleepingProject));
    expect(status).toBe(403);
    expect(body.error).toMatchObject({ type: 'permission_error', code: 'permission_error' });
  });

  it('comes before the body is read', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      // Promises a body that never comes: only a server that does not wait for it can answer.
      const open = request(`${http.url}/things`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'content-length': '1000' },
      });
      open.on('response', (response) => {
        resolve(response.statusCode);
        open.destroy();
      });
      open.on('error', reject);
      open.flushHeaders();
    });
    expect(status).toBe(401);
  });
});

describe('what goes wrong elsewhere', () => {
  it('tells nothing of an unexpected error but the trace to look for', async () => {
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const { status, body } = await http.ask('GET', '/things/secret', {
      headers: { traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
    });
    expect(status).toBe(500);
    expect(body.error).toMatchObject({ type: 'api_error', code: 'internal_error' });
    expect(body.message).toContain(traceId);
    expect(JSON.stringify(body)).not.toContain('hunter2');
  });

  it('answers 503 with Retry-After when the log is away', async () => {
    const { status, body, headers } = await http.ask('GET', '/things/unavailable');
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('1');
    expect(body.error).toMatchObject({ type: 'service_unavailable', code: 'service_unavailable' });
    expect(JSON.stringify(body)).not.toContain('nats://');
  });

  it('answers an ApiError as its code says', async () => {
    const { status, body } = await http.ask('GET', '/things/taken');
    expect(status).toBe(409);
    expect(body).toEqual({
      message: 'There is such a thing. Choose another name.',
      error: {
        message: 'There is such a thing. Choose another name.',
        type: 'conflict_error',
        param: null,
        code: 'conflict',
      },
    });
  });

  it.each([
    ['GET', '/nowhere', 404, 'not_found'],
    ['DELETE', '/things', 404, 'not_found'],
    ['GET', '/things/%zz', 400, 'invalid_request_error'],
  ])('answers %s %s with %i %s', async (method, path, expected, code) => {
    const { status, body } = await http.ask(method, path);
    expect(status).toBe(expected);
    expect(body.error.code).toBe(code);
  });
});

describe('the OpenAPI document', () => {
  it('is version 3.1 and tells keys and errors of a route', async () => {
    const { status, body } = await http.ask('GET', '/openapi.json');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      openapi: '3.1.0',
      paths: { '/things': { post: { security: [{ bearer: [] }], responses: { 401: {}, 403: {} } } } },
      components: { schemas: { Error: {} } },
    });
  });
});
