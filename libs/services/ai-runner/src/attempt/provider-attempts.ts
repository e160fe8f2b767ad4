import type {
  ChatMessage,
  DataOf,
  GenerationAttempt,
  GenerationOutput,
  GenerationTarget,
  JsonObject,
  requestAccepted,
  TokenUsage,
} from '@headrace/contracts';
import { ProjectStore } from '@headrace/project-store';
import {
  offlineProviderName,
  ProviderError,
  ProviderRegistry,
  type CompiledSchema,
  type ProviderAccess,
  type ProviderAnswer,
} from '@headrace/providers';
import { Injectable } from '@nestjs/common';
import { inProviderSpan, type CallOutcome } from './provider-span.js';
import { structuredAnswer } from './structured-answer.js';

/** What all attempts for one request share. */
export interface AttemptContext {
  readonly project: string;
  readonly accepted: DataOf<typeof requestAccepted>;
  /** System instructions included. */
  readonly messages: readonly ChatMessage[];
  /** The compiled schema of a structured output; null: free text. */
  readonly schema: CompiledSchema | null;
  /** What the client sent along; only the offline provider looks at it. */
  readonly metadata: JsonObject;
  readonly signal: AbortSignal;
}

/** How an attempt ended; `answer` is null when it failed. */
export interface AttemptResult {
  readonly attempt: GenerationAttempt;
  readonly answer: UsableAnswer | null;
}

/** An answer that is what was asked for. */
export interface UsableAnswer {
  readonly output: GenerationOutput;
  readonly usage: TokenUsage | null;
  /** Whether the output is the parsed object of a structured output. */
  readonly isStructured: boolean;
}

/** Makes single attempts: one call of one provider, and the check that its answer fits. */
@Injectable()
export class ProviderAttempts {
  constructor(
    private readonly providers: ProviderRegistry,
    private readonly projects: ProjectStore,
  ) {}

  /** Tries one target. Throws only when no attempt was made or it says nothing: given up, configuration away. */
  async make(target: GenerationTarget, context: AttemptContext): Promise<AttemptResult> {
    const access = await this.accessTo(target.provider, context.project);
    const startedAt = new Date().toISOString();
    const started = performance.now();
    const outcome = await inProviderSpan(target, () => this.call(target, access, context));
    // Whoever shuts down is not told of as a failure of the provider: the request is tried again elsewhere.
    if ('error' in outcome && context.signal.aborted) throw outcome.error;
    const attempt = {
      provider: target.provider,
      model: target.model,
      startedAt,
      durationMs: Math.round(performance.now() - started),
    };
    if ('error' in outcome) {
      const { httpStatus, message } = outcome.error;
      return { attempt: { ...attempt, status: 'error', httpStatus, reason: message }, answer: null };
    }
    const usable = usableAnswer(outcome.answer, context.schema);
    if ('reason' in usable) {
      return { attempt: { ...attempt, status: 'error', httpStatus: 200, reason: usable.reason }, answer: null };
    }
    return { attempt: { ...attempt, status: 'success', httpStatus: 200, reason: null }, answer: usable };
  }

  private async accessTo(provider: string, projectId: string): Promise<ProviderAccess | null> {
    if (provider === offlineProviderName) return null;
    const project = await this.projects.project(projectId);
    return project ? this.providers.accessTo(provider, project.credentials) : null;
  }

  private async call(
    { provider, model, timeoutMs }: GenerationTarget,
    access: ProviderAccess | null,
    { accepted, messages, schema, metadata, signal }: AttemptContext,
  ): Promise<CallOutcome> {
    const { plan, context } = accepted;
    const structuredOutput = schema === null ? null : { name: plan.structuredOutput?.name ?? 'response', schema };
    try {
      const answer = await this.providers.resolve(provider, access).generate(
        {
          provider,
          model,
          messages,
          parameters: plan.parameters,
          structuredOutput,
          access,
          workflow: context.workflow,
          metadata,
        },
        { signal, timeoutMs },
      );
      return { answer };
    } catch (error) {
      if (error instanceof ProviderError) return { error };
      throw error;
    }
  }
}

/** A model that calls tools has not given its structured answer yet: its body goes on as it is. */
function usableAnswer(answer: ProviderAnswer, schema: CompiledSchema | null): UsableAnswer | { reason: string } {
  const { body, content, usage } = answer;
  if (schema === null || answer.toolCalls.length > 0) {
    return { output: { data: body, content }, usage, isStructured: false };
  }
  const structured = structuredAnswer(answer, schema);
  if ('reason' in structured) return structured;
  return { output: { data: structured.data, content }, usage, isStructured: true };
}
