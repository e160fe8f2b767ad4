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
  const paths = Object.entries(document.paths).filter(([path]) => !aliases.test(path));
  return {
    ...document,
    paths: Object.fromEntries(paths),
    components: { ...document.components, schemas: { ...document.components?.schemas, Error: errorSchema } },
  };
}

/** Serves the document at /openapi.json; made at the first request, because few processes are ever asked. */
export function serveOpenApi(app: NestFastifyApplication): void {
  let document: OpenAPIObject | undefined;
  app
    .getHttpAdapter()
    .getInstance()
    .get('/openapi.json', () => (document ??= openApiDocument(app)));
}
