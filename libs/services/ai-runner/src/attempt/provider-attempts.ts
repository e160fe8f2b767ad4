import type {
  ChatMessage,
  DataOf,
  GenerationAttempt,
  GenerationOutput,
  JsonObject,
  requestAccepted,
  TokenUsage,
} from '@headrace/contracts';
import {
  misfitsOf,
  repairConversation,
  structuredOutputInvalid,
  type FailedAttempt,
  type Misfit,
  type NextAttempt,
} from '@headrace/domain';
import { ProjectStore } from '@headrace/project-store';
import {
  offlineProviderName,
  ProviderError,
  ProviderRegistry,
  toldWhole,
  type AnswerDelta,
  type CompiledSchema,
  type GenerateOptions,
  type GenerationRequest,
  type ProviderAccess,
  type ProviderAnswer,
} from '@headrace/providers';
import { Injectable } from '@nestjs/common';
import type { AnswerTeller } from '../pieces/answer-teller.js';
import { observedCall, type CallOutcome } from '../telemetry/provider-call.js';
import { AttemptGivenUp } from './attempt-given-up.js';
import { structuredAnswer } from './structured-answer.js';

/** What all attempts for one request share. */
export interface AttemptContext {
  readonly project: string;
  /** What is asked: by `request.accepted` or a later round. */
  readonly asked: Pick<DataOf<typeof requestAccepted>, 'context' | 'plan'>;
  /** System instructions included. */
  readonly messages: readonly ChatMessage[];
  /** The compiled schema of a structured output; null: free text. */
  readonly schema: CompiledSchema | null;
  /** What the client sent along; only the offline provider looks at it. */
  readonly metadata: JsonObject;
  /** Who tells a provider's answer as it comes; undefined: nobody. */
  readonly tellerFor: (provider: string) => AnswerTeller | undefined;
  readonly signal: AbortSignal;
}

/** An attempt to make: `place` is left out for one that is not in the plan. */
export type AttemptToMake = Pick<NextAttempt, 'target' | 'kind'> & Partial<Pick<NextAttempt, 'place'>>;

/** How an attempt ended; `answer` is null when it failed. */
export interface AttemptResult {
  readonly attempt: GenerationAttempt;
  readonly answer: UsableAnswer | null;
  /** The answer that came and does not fit. */
  readonly misfit?: Misfit;
  /** Why there is no answer. */
  readonly error?: ProviderError;
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

  /**
   * Tries one target, behind the attempts made before. Throws only when no attempt was made or it says nothing:
   * `AttemptGivenUp`, configuration away.
   */
  async make(next: AttemptToMake, made: readonly FailedAttempt[], context: AttemptContext): Promise<AttemptResult> {
    const { target, place, kind } = next;
    const access = await this.accessTo(target.provider, context.project);
    const startedAt = new Date().toISOString();
    const started = performance.now();
    const teller = context.tellerFor(target.provider);
    const outcome = await this.call(next, made, access, teller, context);
    const attempt = {
      provider: target.provider,
      model: target.model,
      startedAt,
      durationMs: Math.round(performance.now() - started),
      ...(place === undefined ? {} : { target: place }),
      ...(kind === undefined ? {} : { kind }),
    };
    if ('error' in outcome) {
      const { error } = outcome;
      const { httpStatus, message, code, retryAfterMs } = error;
      const failed = {
        ...attempt,
        status: 'error',
        httpStatus,
        reason: message,
        code,
        ...(retryAfterMs === null ? {} : { retryAfterMs: Math.ceil(retryAfterMs) }),
      } as const;
      // Whoever gives up is not told of as a failure of the provider.
      if (context.signal.aborted) throw new AttemptGivenUp(failed, error);
      return { attempt: failed, answer: null, error };
    }
    return judged(outcome.answer, attempt, context.schema, teller);
  }

  private async accessTo(provider: string, projectId: string): Promise<ProviderAccess | null> {
    if (provider === offlineProviderName) return null;
    const project = await this.projects.project(projectId);
    return project ? this.providers.accessTo(provider, project.credentials) : null;
  }

  private call(
    { target: { provider, model, timeoutMs }, place }: AttemptToMake,
    made: readonly FailedAttempt[],
    access: ProviderAccess | null,
    teller: AnswerTeller | undefined,
    { asked: { context, plan }, messages, schema, metadata, signal }: AttemptContext,
  ): Promise<CallOutcome> {
    const request: GenerationRequest = {
      provider,
      model,
      messages: place === undefined ? messages : repairConversation(messages, misfitsOf(made, place)),
      parameters: plan.parameters,
      structuredOutput: schema === null ? null : { name: plan.structuredOutput?.name ?? 'response', schema },
      access,
      workflow: context.workflow,
      metadata,
      attempt: made.length + 1,
    };
    // What must fit a schema is told when it is known to fit.
    const streamed = schema === null ? teller : undefined;
    return observedCall(request, streamed !== undefined, (noteChunk) =>
      this.ask(request, { signal, timeoutMs }, streamed, noteChunk),
    ).finally(() => teller?.flush());
  }

  private async ask(
    request: GenerationRequest,
    options: GenerateOptions,
    teller: AnswerTeller | undefined,
    noteChunk: () => void,
  ): Promise<CallOutcome> {
    const onDelta = (delta: AnswerDelta): void => {
      noteChunk();
      teller?.take(delta);
    };
    try {
      const adapter = this.providers.resolve(request.provider, request.access);
      const answer = teller
        ? await adapter.stream(request, { ...options, onDelta })
        : await adapter.generate(request, options);
      return { answer };
    } catch (error) {
      if (error instanceof ProviderError) return { error };
      throw error;
    }
  }
}

/** A model that calls tools has not given its structured answer yet: its body goes on as it is. */
function judged(
  answer: ProviderAnswer,
  attempt: Omit<GenerationAttempt, 'status' | 'httpStatus' | 'reason'>,
  schema: CompiledSchema | null,
  teller: AnswerTeller | undefined,
): AttemptResult {
  const { body, content, usage } = answer;
  const success = { ...attempt, status: 'success', httpStatus: 200, reason: null } as const;
  if (schema === null)
    return { attempt: success, answer: { output: { data: body, content }, usage, isStructured: false } };
  const callsTools = answer.toolCalls.length > 0;
  const structured = callsTools ? { data: body } : structuredAnswer(answer, schema);
  if ('data' in structured) {
    if (teller) toldWhole(answer, { onDelta: teller.take });
    const output = { data: structured.data, content };
    return { attempt: success, answer: { output, usage, isStructured: !callsTools } };
  }
  const { reason, misfit } = structured;
  return {
    attempt: {
      ...attempt,
      status: 'error',
      httpStatus: 200,
      reason,
      code: structuredOutputInvalid,
      ...(usage ? { usage } : {}),
    },
    answer: null,
    misfit,
  };
}
