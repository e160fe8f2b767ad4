import { setTimeout as delay } from 'node:timers/promises';
import type { Json } from '@headrace/contracts';
import { failureBecause, testModeAnswer } from '@headrace/domain';
import { NoInstance, SchemaCompiler, SchemaInstances, UnusableSchema } from '@headrace/providers';
import { Injectable } from '@nestjs/common';
import type { AskedEvent } from './asked-event.js';
import type { GenerationResult } from './generation-result.js';

/** Answers requests in test mode: with sample data, after the delay of the plan, without any provider. */
@Injectable()
export class TestModeRunner {
  constructor(
    private readonly schemas: SchemaCompiler,
    private readonly instances: SchemaInstances,
  ) {}

  /** Throws an `AbortError` when `signal` is aborted. */
  async run({ data: { plan } }: AskedEvent, signal: AbortSignal): Promise<GenerationResult> {
    const startedAt = new Date().toISOString();
    const started = performance.now();
    try {
      const schema = plan.structuredOutput ? this.schemas.compile(plan.structuredOutput.schema) : null;
      if (plan.testDelayMs > 0) await delay(plan.testDelayMs, undefined, { signal });
      const sample: Json =
        plan.structuredOutput?.sampleData ?? (schema ? this.instances.instanceOf(schema, 0).value : null);
      return testModeAnswer(plan, sample, startedAt, Math.round(performance.now() - started));
    } catch (error) {
      if (!(error instanceof UnusableSchema || error instanceof NoInstance)) throw error;
      return { generation: null, failure: failureBecause(error.message) };
    }
  }
}
