import type { INestApplication } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { errorSchema } from './error.schema.js';

/** Other paths of routes that are documented under /v1 (CONTRACT section 1). */
const aliases = /^\/(api|console)\//;

/** The OpenAPI 3.1 document of an application's controllers. Aliases of a path are left out. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const about = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Headrace')
    .setDescription('The open-source backend for event-driven AI.')
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'opaque', description: 'A project key.' })
    .build();
  const document = SwaggerModule.createDocument(app, about);
  const paths = Object.entries(document.paths)
    .filter(([path]) => !aliases.test(path))
    .map(([path, item]) => [path, withIdempotencyKey(path, item)] as const);
  return {
    ...document,
    paths: Object.fromEntries(paths),
    components: { ...document.components, schemas: { ...document.components?.schemas, Error: errorSchema } },
  };
}

type PathItemObject = OpenAPIObject['paths'][string];

/** POSTs that need no key: a callback is known by what it says, and a token is asked for to get another one. */
const keyless: ReadonlySet<string> = new Set(['/v1/callback/{channel_id}', '/v1/ai/reconnect']);

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header' as const,
  required: false,
  description: 'Makes a repeated request the same one: 1 to 255 visible ASCII characters, remembered for 24 hours.',
  schema: { type: 'string' as const, minLength: 1, maxLength: 255 },
};

function withIdempotencyKey(path: string, item: PathItemObject): PathItemObject {
  if (!item.post || keyless.has(path)) return item;
  return { ...item, post: { ...item.post, parameters: [...(item.post.parameters ?? []), idempotencyKey] } };
}

/** Serves the document at /openapi.json; made at the first request, because few processes are ever asked. */
export function serveOpenApi(app: NestFastifyApplication): void {
  let document: OpenAPIObject | undefined;
  app
    .getHttpAdapter()
    .getInstance()
    .get('/openapi.json', () => (document ??= openApiDocument(app)));
}
