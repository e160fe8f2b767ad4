import { hash } from 'node:crypto';
import type { JsonObject } from '@headrace/contracts';
import {
  streamWhole,
  type AiProvider,
  type GenerateOptions,
  type GenerationRequest,
  type ProviderAnswer,
  type StreamOptions,
} from '../ai-provider.js';
import { ProviderError } from '../provider-error.js';
import { NoInstance } from '../schema-instance/instance-context.js';
import { SchemaInstances } from '../schema-instance/schema-instances.js';
import { offlineFaultIn, sufferFault } from './offline-faults.js';
import { offlineText, tokensIn } from './offline-text.js';

/** Name under which workflows use the offline provider. */
export const offlineProviderName = 'offline';

/**
 * Answers without network and key: the same workflow, model and messages always give the same answer, and with a
 * schema one that fits it. Everything downstream can be tried and tested with it.
 */
export class OfflineProvider implements AiProvider {
  private readonly instances = new SchemaInstances();

  /** `faults`: whether a request's metadata may ask for delays and errors. */
  constructor(private readonly faults: boolean) {}

  async generate(request: GenerationRequest, options: GenerateOptions): Promise<ProviderAnswer> {
    if (this.faults) await sufferFault(offlineFaultIn(request.metadata), options);
    const prompt = JSON.stringify(request.messages);
    const digest = hash('sha1', `${request.workflow}\n${request.model}\n${prompt}`);
    const content = this.contentFor(request, digest);
    const usage = { promptTokens: tokensIn(prompt.length), completionTokens: tokensIn(content.length) };
    return {
      body: chatCompletion(digest, request.model, content, usage.promptTokens, usage.completionTokens),
      content,
      toolCalls: [],
      usage,
      finishReason: 'stop',
    };
  }

  stream(request: GenerationRequest, options: StreamOptions): Promise<ProviderAnswer> {
    return streamWhole(this, request, options);
  }

  private contentFor({ structuredOutput, workflow, messages }: GenerationRequest, digest: string): string {
    if (!structuredOutput) return offlineText(workflow, messages);
    try {
      return this.instances.instanceOf(structuredOutput.schema, parseInt(digest.slice(0, 8), 16)).text;
    } catch (error) {
      if (!(error instanceof NoInstance)) throw error;
      throw new ProviderError('invalid_request', `The offline provider cannot answer: ${error.message}`);
    }
  }
}

/** No clock here: `created` too is the same every time. */
function chatCompletion(
  digest: string,
  model: string,
  content: string,
  prompt: number,
  completion: number,
): JsonObject {
  return {
    id: `chatcmpl-offline-${digest.slice(0, 24)}`,
    object: 'chat.completion',
    created: 0,
    model,
    choices: [
      { index: 0, message: { role: 'assistant', content, refusal: null }, logprobs: null, finish_reason: 'stop' },
    ],
    usage: { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion },
  };
}
