import { AddressPolicy, OutboundHttp, OutboundHttpSettings } from '@headrace/outbound-http';
import { FakeReceiver, type ReceiverAnswer } from '@headrace/testing';
import type { AiProvider, AnswerDelta, GenerationRequest, ProviderAnswer, StreamOptions } from '../ai-provider.js';
import { ProviderError } from '../provider-error.js';
import { RemoteCaller, type RemoteLimits } from '../remote/remote-caller.js';

/** A call on its way, and what it has told so far. */
export interface CallOnItsWay {
  readonly answer: Promise<ProviderAnswer>;
  readonly told: AnswerDelta[];
}

/** A server in place of a provider's, and an adapter that calls it over real HTTP. */
export class ProviderHarness {
  private constructor(
    readonly server: FakeReceiver,
    private readonly http: OutboundHttp,
    readonly remote: RemoteCaller,
  ) {}

  /** Call `stop` in `afterAll`. */
  static async start(
    limits: RemoteLimits = { connectTimeoutMs: 1_000, maxResponseBytes: 4 * 1024 },
  ): Promise<ProviderHarness> {
    const settings = Object.assign(new OutboundHttpSettings(), { allowLoopback: true });
    const http = new OutboundHttp(new AddressPolicy(settings), settings);
    return new ProviderHarness(await FakeReceiver.start(), http, new RemoteCaller(http, limits));
  }

  static readonly apiKey = 'sk-proj-0123456789abcdef';

  /** A request that goes to the server. */
  request(overrides: Partial<GenerationRequest> = {}): GenerationRequest {
    return {
      ...{ provider: 'openai', model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello' }] },
      ...{ parameters: {}, structuredOutput: null, workflow: 'demo', metadata: {} },
      access: { apiKey: ProviderHarness.apiKey, baseUrl: `${this.server.url}/v1` },
      ...overrides,
    };
  }

  /** Asks for a whole answer; the server gives `answer`. */
  generate(provider: AiProvider, answer: ReceiverAnswer, request: Partial<GenerationRequest> = {}): CallOnItsWay {
    this.server.answerNext(answer);
    const options = { signal: new AbortController().signal, timeoutMs: 2_000 };
    return { told: [], answer: provider.generate(this.request(request), options) };
  }

  /** Asks for a streamed answer; the server gives `answer`. */
  stream(
    provider: AiProvider,
    answer: ReceiverAnswer,
    request: Partial<GenerationRequest> = {},
    options: Partial<StreamOptions> = {},
  ): CallOnItsWay {
    this.server.answerNext(answer);
    const told: AnswerDelta[] = [];
    const onDelta = (delta: AnswerDelta): void => void told.push(delta);
    const defaults = { signal: new AbortController().signal, timeoutMs: 2_000, onDelta };
    return { told, answer: provider.stream(this.request(request), { ...defaults, ...options }) };
  }

  async stop(): Promise<void> {
    await this.http.close();
    await this.server.stop();
  }
}

/** The error of a call that must fail. */
export async function failureOfCall(answer: Promise<ProviderAnswer>): Promise<ProviderError> {
  const error: unknown = await answer.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof ProviderError) return error;
  throw new Error('The call did not fail with a ProviderError.', { cause: error });
}
