import type { GenerationOutput, GenerationPlan, GenerationSummary, Json } from '@headrace/contracts';
import { summariseGeneration } from './generation-summary.js';

/** Who answers in test mode (CONTRACT section 6). */
export const testModeProvider = 'Testing';
export const testModeModel = 'test-mode';

const testModeText = 'This is a test mode answer. No provider was called.';

/** An answer without a provider. */
export interface TestModeAnswer {
  readonly generation: GenerationSummary;
  readonly output: GenerationOutput;
}

/**
 * The answer of a request in test mode. `sample`: a value of the structured output's shape, null for a plan without
 * one. `startedAt`: ISO 8601; `durationMs`: the artificial delay as it turned out.
 */
export function testModeAnswer(
  plan: GenerationPlan,
  sample: Json,
  startedAt: string,
  durationMs: number,
): TestModeAnswer {
  const structuredOutput = plan.structuredOutput !== null;
  const generation = summariseGeneration({
    plan,
    attempts: [
      {
        provider: testModeProvider,
        model: testModeModel,
        status: 'success',
        startedAt,
        durationMs,
        httpStatus: 200,
        reason: null,
      },
    ],
    durationMs,
    usage: { promptTokens: 0, completionTokens: 0 },
    structuredOutput,
    offlineFallback: false,
  });
  return { generation, output: structuredOutput ? { data: sample, content: null } : textOutput(startedAt) };
}

function textOutput(startedAt: string): GenerationOutput {
  const message = { role: 'assistant', content: testModeText, refusal: null };
  return {
    data: {
      id: 'chatcmpl-test-mode',
      object: 'chat.completion',
      created: Math.floor(Date.parse(startedAt) / 1_000),
      model: testModeModel,
      choices: [{ index: 0, message, logprobs: null, finish_reason: 'stop' }],
      usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 },
    },
    content: testModeText,
  };
}
