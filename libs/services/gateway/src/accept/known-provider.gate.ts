import { invalidFields } from '@headrace/http';
import { ProviderCatalogue } from '@headrace/providers';
import { Injectable } from '@nestjs/common';
import type { ArrivingRequest, RequestGate } from './request-gate.js';

/**
 * Refuses a request that names a provider of its own which does not exist. What a workflow names was checked when it
 * was saved; if it is gone since, the attempt says so, and the fallbacks have their turn.
 */
@Injectable()
export class KnownProviderGate implements RequestGate {
  constructor(private readonly catalogue: ProviderCatalogue) {}

  admit({ body, asker }: ArrivingRequest): undefined {
    if ((body.workflow ?? null) !== null) return;
    const problem = this.catalogue.unknownProvider(body.provider ?? '', asker.project.credentials);
    if (problem !== undefined) throw invalidFields([{ param: 'provider', message: `provider: ${problem}` }]);
  }
}
