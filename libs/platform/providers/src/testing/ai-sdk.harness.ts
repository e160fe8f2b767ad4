import { AddressPolicy, OutboundHttp, OutboundHttpSettings } from '@headrace/outbound-http';
import { FakeReceiver, type ReceiverAnswer } from '@headrace/testing';
import { loadAiSdkPackages } from '../ai-sdk/ai-sdk-packages.js';
import { AiSdkProvider } from '../ai-sdk/ai-sdk.provider.js';
import type { AnswerDelta, GenerationRequest, ProviderAnswer, StreamOptions } from '../ai-provider.js';
import type { CallOnItsWay } from './provider.harness.js';

const limits = { connectTimeoutMs: 1_000, maxResponseBytes: 4 * 1024 };

/** A server in place of a provider's, and a real package of the AI SDK that calls it over our HTTP client. */
export class AiSdkHarness {
  private constructor(
    readonly server: FakeReceiver,
    private readonly http: OutboundHttp,
    private readonly provider: AiSdkProvider,
  ) {}

  static readonly apiKey = 'sk-proj-0123456789abcdef';

  /** Call `stop` in `afterAll`. */
  static async start(): Promise<AiSdkHarness> {
    const settings = Object.assign(new OutboundHttpSettings(), { allowLoopback: true });
    const http = new OutboundHttp(new AddressPolicy(settings), settings);
    const factory = (await loadAiSdkPackages(['long-tail=@ai-sdk/openai-compatible'])).get('long-tail');
    if (!factory) throw new Error('The package was not loaded.');
    return new AiSdkHarness(await FakeReceiver.start(), http, new AiSdkProvider(http, limits, factory));
  }

  /** Asks for a whole answer; the server gives `answer`. */
  generate(answer: ReceiverAnswer, more: Partial<GenerationRequest> = {}, timeoutMs = 2_000): Promise<ProviderAnswer> {
    this.server.answerNext(answer);
    return this.provider.generate(this.request(more), { signal: new AbortController().signal, timeoutMs });
  }

  /** Asks for a streamed answer; the server gives `answer`. */
  stream(
    answer: ReceiverAnswer,
    options: Partial<StreamOptions> = {},
    more: Partial<GenerationRequest> = {},
  ): CallOnItsWay {
    this.server.answerNext(answer);
    const told: AnswerDelta[] = [];
    const onDelta = (delta: AnswerDelta): void => void told.push(delta);
    const defaults = { signal: new AbortController().signal, timeoutMs: 2_000, onDelta };
    return { told, answer: this.provider.stream(this.request(more), { ...defaults, ...options }) };
  }

  async stop(): Promise<void> {
    await this.http.close();
    await this.server.stop();
  }

  private request(more: Partial<GenerationRequest>): GenerationRequest {
    return {
      ...{ provider: 'long-tail', model: 'some-model', messages: [{ role: 'user', content: 'Hello' }] },
      ...{ parameters: {}, structuredOutput: null, workflow: 'demo', metadata: { user_id: 'u-1' } },
      access: { apiKey: AiSdkHarness.apiKey, baseUrl: `${this.server.url}/v1` },
      ...more,
    };
  }
}
