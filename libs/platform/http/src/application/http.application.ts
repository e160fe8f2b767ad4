import type { DynamicModule, NestApplicationOptions, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { authenticateEarly } from '../auth/authenticate-early.hook.js';
import { DtoPipe } from '../dto/dto.pipe.js';
import { ApiExceptionFilter } from '../errors/api-exception.filter.js';
import { serveOpenApi } from '../openapi/open-api.document.js';
import { createHttpAdapter } from './http.adapter.js';
import type { HttpSettings } from './http.settings.js';

/**
 * A Nest application on our HTTP server, not yet listening: our error answers, DTO validation, authentication
 * before bodies are read, and the OpenAPI document of its controllers at /openapi.json.
 */
export async function createHttpApplication(
  module: Type | DynamicModule,
  settings: HttpSettings,
  options: NestApplicationOptions = {},
): Promise<NestFastifyApplication> {
  const adapter = createHttpAdapter(settings);
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    // Not Nest's forceCloseConnections: it cuts off requests in flight. Fastify closes the idle ones.
    abortOnError: false,
    ...options,
    // Ours is registered on the adapter; Nest's would add urlencoded bodies.
    bodyParser: false,
  });
  return configureHttpApplication(app);
}

/** Adds what every HTTP application of ours has to one made on `createHttpAdapter`. */
export function configureHttpApplication(app: NestFastifyApplication): NestFastifyApplication {
  app.useGlobalFilters(new ApiExceptionFilter());
  app.useGlobalPipes(new DtoPipe());
  authenticateEarly(app);
  serveOpenApi(app);
  return app;
}
