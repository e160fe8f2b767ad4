import { hash } from 'node:crypto';
import type { AiProvider, GenerateOptions, GenerationRequest, ProviderAnswer, StreamOptions } from '../ai-provider.js';
import { ProviderError } from '../provider-error.js';
import { UnusableSchema } from '../schema/compiled-schema.js';
import { SchemaCompiler } from '../schema/schema-compiler.js';
import { NoInstance } from '../schema-instance/instance-context.js';
import { SchemaInstances } from '../schema-instance/schema-instances.js';
import { offlineCompletion, type OfflineSpeech } from './offline-completion.js';
import { faultOf, sufferFault, unreadableAnswer } from './offline-faults.js';
import { noKnobs, offlineKnobsIn, type OfflineKnobs } from './offline-knobs.js';
import { tellPieces } from './offline-stream.js';
import { offlineText, tokensIn } from './offline-text.js';
import { toolCallFor } from './offline-tool-call.js';

/** Name under which workflows use the offline provider. */
export const offlineProviderName = 'offline';

/**
 * Answers without network and key: the same workflow, model and messages always give the same answer, and with a
 * schema one that fits it. Everything downstream can be tried and tested with it; see `offline-knobs.ts` for what a
 * request's metadata can ask for.
 */
export class OfflineProvider implements AiProvider {
  private readonly schemas = new SchemaCompiler();
  private readonly instances = new SchemaInstances();

  /** `faults`: whether a request's metadata may ask for delays, errors and whatever else. */
  constructor(private readonly faults: boolean) {}

  async generate(request: GenerationRequest, options: GenerateOptions): Promise<ProviderAnswer> {
    const knobs = this.knobsOf(request);
    const fault = faultOf(knobs, request);
    const isUnreadable = fault === 'invalid_json' && request.structuredOutput !== null;
    await sufferFault(knobs, isUnreadable ? null : fault, options);
    return this.answerTo(request, knobs, isUnreadable);
  }

  async stream(request: GenerationRequest, options: StreamOptions): Promise<ProviderAnswer> {
    const started = performance.now();
    const knobs = this.knobsOf(request);
    const fault = faultOf(knobs, request);
    const isUnreadable = fault === 'invalid_json' && request.structuredOutput !== null;
    const breaks = fault === 'disconnect';
    await sufferFault(knobs, isUnreadable || breaks ? null : fault, options);
    return tellPieces(this.answerTo(request, knobs, isUnreadable), { ...knobs, breaks, started }, options);
  }

  private knobsOf({ metadata }: GenerationRequest): OfflineKnobs {
    return this.faults ? offlineKnobsIn(metadata) : noKnobs;
  }

  private answerTo(request: GenerationRequest, knobs: OfflineKnobs, isUnreadable: boolean): ProviderAnswer {
    const prompt = JSON.stringify(request.messages);
    const digest = hash('sha1', `${request.workflow}\n${request.model}\n${prompt}`);
    const speech = isUnreadable ? { content: unreadableAnswer } : this.speechFor(request, knobs, digest);
    const said = 'content' in speech ? speech.content : JSON.stringify(speech.call);
    const counted = { promptTokens: tokensIn(prompt.length), completionTokens: tokensIn(said.length) };
    return offlineCompletion(digest, request.model, speech, knobs.usage ?? counted);
  }

  private speechFor(request: GenerationRequest, knobs: OfflineKnobs, digest: string): OfflineSpeech {
    const { structuredOutput, workflow, messages } = request;
    const seed = parseInt(digest.slice(0, 8), 16);
    try {
      const call = toolCallFor(request, knobs, this.schemas, this.instances, seed);
      if (call) return { call };
      if (!structuredOutput) return { content: offlineText(workflow, messages) };
      return { content: this.instances.instanceOf(structuredOutput.schema, seed).text };
    } catch (error) {
      if (!(error instanceof NoInstance || error instanceof UnusableSchema)) throw error;
      throw new ProviderError('invalid_request', `The offline provider cannot answer: ${error.message}`);
    }
  }
}
