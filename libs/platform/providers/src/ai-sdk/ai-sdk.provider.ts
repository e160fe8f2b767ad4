import type { AiProvider, GenerateOptions, GenerationRequest, ProviderAnswer, StreamOptions } from '../ai-provider.js';
import { badRequest } from '../chat/bad-request.js';
import type { HttpClient } from '../http-client.port.js';
import { errorOfFailure } from '../openai-compatible/provider-error-of.js';
import { abortedCall, ProviderError, timedOut } from '../provider-error.js';
import type { RemoteLimits } from '../remote/remote-caller.js';
import { aiSdkOptions, withoutSecrets } from './ai-sdk-credentials.js';
import { readAiSdkResult } from './ai-sdk.answer.js';
import { aiSdkCall } from './ai-sdk.call.js';
import { errorOfAiSdk } from './ai-sdk.errors.js';
import { understoodVersions, type AiSdkCall, type AiSdkFactory, type AiSdkModel } from './ai-sdk.port.js';
import { AiSdkStream } from './ai-sdk.stream.js';
import { guardedFetch } from './guarded-fetch.js';

/** A token of a few bytes comes in an event of a few hundred. */
const streamWrapping = 64;
/** setTimeout may be this much early, by its clock. */
const timerSlackMs = 5;

/**
 * A provider package of the AI SDK. Its model is asked directly, so that nothing is tried twice below us, and calls over
 * our own HTTP client, so that addresses, time and size are limited as for any provider.
 */
export class AiSdkProvider implements AiProvider {
  constructor(
    private readonly http: HttpClient,
    private readonly limits: RemoteLimits,
    private readonly factory: AiSdkFactory,
  ) {}

  generate(request: GenerationRequest, options: GenerateOptions): Promise<ProviderAnswer> {
    return this.limited(request, options, this.limits.maxResponseBytes, async (model, call) =>
      readAiSdkResult(await model.doGenerate(call), request.model),
    );
  }

  stream(request: GenerationRequest, options: StreamOptions): Promise<ProviderAnswer> {
    const { maxResponseBytes } = this.limits;
    return this.limited(request, options, maxResponseBytes * streamWrapping, async (model, call) => {
      const reader = new AiSdkStream(options.onDelta, maxResponseBytes, request.model);
      const { stream } = await model.doStream(call);
      // Leaving the loop early cancels the stream, and with it the call.
      for await (const part of stream) {
        // A package that goes on when it was given up is no longer heard.
        if (call.abortSignal.aborted) throw abortedCall();
        reader.take(part);
      }
      return reader.finish();
    });
  }

  /** Ends in time whatever a package does about its signal. Rejects with a `ProviderError` that holds no key. */
  private async limited(
    request: GenerationRequest,
    options: GenerateOptions & Pick<StreamOptions, 'idleMs'>,
    maxResponseBytes: number,
    ask: (model: AiSdkModel, call: AiSdkCall) => Promise<ProviderAnswer>,
  ): Promise<ProviderAnswer> {
    const { timeoutMs, idleMs } = options;
    const started = performance.now();
    const own = new AbortController();
    const given = Promise.withResolvers<never>();
    let failure: { readonly error: unknown } | undefined;
    const giveUp = (error: ProviderError): void => {
      given.reject(error);
      own.abort();
    };
    const onAbort = (): void => giveUp(abortedCall());
    const timer = setTimeout(() => giveUp(timedOut(timeoutMs)), timeoutMs);
    options.signal.addEventListener('abort', onAbort);
    if (options.signal.aborted) onAbort();
    const connectMs = Math.min(this.limits.connectTimeoutMs, timeoutMs);
    const maxErrorBytes = this.limits.maxResponseBytes;
    const limits = { connectMs, totalMs: timeoutMs, maxResponseBytes, maxErrorBytes, signal: own.signal };
    const fetch = guardedFetch(this.http, idleMs === undefined ? limits : { ...limits, idleMs }, (error) => {
      failure ??= { error };
    });
    try {
      const asked = this.asked(request, fetch, own.signal).then(({ model, call }) => ask(model, call));
      return await Promise.race([asked, given.promise]);
    } catch (error) {
      // Packages wrap what our client said in errors of their own.
      const wasSilent = performance.now() - started < timeoutMs - timerSlackMs ? idleMs : undefined;
      const known =
        failure && !(error instanceof ProviderError)
          ? errorOfFailure(failure.error, timeoutMs, wasSilent)
          : errorOfAiSdk(error, Date.now());
      throw withoutSecrets(known, request.access);
    } finally {
      clearTimeout(timer);
      options.signal.removeEventListener('abort', onAbort);
      own.abort();
    }
  }

  private async asked(
    request: GenerationRequest,
    fetch: typeof globalThis.fetch,
    signal: AbortSignal,
  ): Promise<{ readonly model: AiSdkModel; readonly call: AiSdkCall }> {
    const options = aiSdkOptions(request.access);
    const model = this.factory({ name: request.provider, ...options, fetch }).languageModel(request.model);
    const version = model.specificationVersion;
    if (!understoodVersions.includes(version)) {
      throw badRequest(
        `The package of provider ${request.provider} speaks version ${version} of the AI SDK's interface; ` +
          `${understoodVersions.join(', ')} are understood.`,
      );
    }
    return { model, call: aiSdkCall(request, version, signal) };
  }
}
