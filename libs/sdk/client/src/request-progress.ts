import { AnswerText, type Tokens } from './answer-text.js';
import type { AIResponse, ErrorCode, TokensEvent, WorkflowStep } from './types.js';

const initialSteps = (): WorkflowStep[] => [
  { id: 'queue', name: 'Queueing request', status: 'pending' },
  { id: 'process', name: 'Processing AI request', status: 'pending' },
  { id: 'receive', name: 'Waiting for response', status: 'pending' },
  { id: 'complete', name: 'Response received', status: 'pending' },
];

/** Milliseconds; clocks may be set back meanwhile. */
const since = (moment: number): number => Math.max(0, Date.now() - moment);

/** What a state means to one who waits; `repeated`: nothing, it was told before. */
export type Meaning = 'repeated' | 'intermediate' | 'succeeded' | 'failed';

/** How far one request has come, from the states that the server tells, in the steps that people are shown. */
export class RequestProgress {
  steps = initialSteps();
  response: AIResponse | null = null;
  error: string | null = null;
  errorCode: ErrorCode | null = null;
  readonly #answer = new AnswerText();
  readonly #startedAt = Date.now();
  #joinedAt = 0;

  /** `onStep` is called with each step that changes. */
  constructor(private readonly onStep: (step: WorkflowStep) => void) {}

  get text(): string {
    return this.#answer.text;
  }

  joined(): void {
    this.#answer.rejoined();
    this.error = this.errorCode = null;
    if (this.#joinedAt > 0) return;
    this.#joinedAt = Date.now();
    this.step('queue', { status: 'success', duration: since(this.#startedAt), errorMessage: undefined });
    this.step('process', {});
    this.step('receive', {});
  }

  tokens(tokens: Tokens): TokensEvent | undefined {
    return this.#answer.take(tokens);
  }

  /** Takes a state of the request in. Each join is told the latest one again. */
  respond(response: AIResponse): Meaning {
    if (JSON.stringify(response) === JSON.stringify(this.response)) return 'repeated';
    this.response = response;
    this.#answer.respond(response);
    const { status, meta } = response;
    if (status === 'ai_generated') {
      this.step('process', { status: 'success', duration: meta?.duration_ms });
      this.backend({ status: 'pending', name: 'Waiting for backend callback...' });
      return 'intermediate';
    }
    if (isSuccess(response)) {
      this.succeed(status === 'completed' ? 'Backend processed' : 'No backend processing needed', meta?.duration_ms);
      return 'succeeded';
    }
    this.fail(response.error?.message ?? 'Unknown error', response.error?.code ?? 'unknown');
    return 'failed';
  }

  /** Something stands in the way, which may pass. */
  trouble(message: string, code: ErrorCode): void {
    this.error = message;
    this.errorCode = code;
    this.step('queue', { status: 'error', errorMessage: message });
  }

  /** Ends all steps that have not ended. */
  fail(message: string, code: ErrorCode): void {
    this.error = message;
    this.errorCode = code;
    const failing = this.steps.find(({ status }) => status !== 'success');
    for (const { id, status } of this.steps) {
      if (status === 'success') continue;
      this.step(id, { status: 'error', errorMessage: id === failing?.id ? message : undefined });
    }
  }

  /** Changes a step and tells it. */
  step(id: string, change: Partial<WorkflowStep>): void {
    this.steps = this.steps.map((step) => (step.id === id ? { ...step, ...change } : step));
    const step = this.steps.find((step) => step.id === id);
    if (step) this.onStep(step);
  }

  private succeed(backendName: string, duration: number | undefined): void {
    this.step('process', { status: 'success', ...(duration === undefined ? {} : { duration }) });
    if (this.steps.some(({ id }) => id === 'backend')) this.backend({ status: 'success', name: backendName });
    this.step('receive', { status: 'success', duration: since(this.#joinedAt || this.#startedAt) });
    this.step('complete', { status: 'success' });
  }

  /** The step of event-driven requests, which shows only once there is something to wait for. */
  private backend(change: Partial<WorkflowStep> & Pick<WorkflowStep, 'name' | 'status'>): void {
    if (!this.steps.some(({ id }) => id === 'backend')) {
      const after = this.steps.findIndex(({ id }) => id === 'process') + 1;
      this.steps = [...this.steps.slice(0, after), { id: 'backend', ...change }, ...this.steps.slice(after)];
    }
    this.step('backend', change);
  }
}

/** The words for a good end, in all the spellings that the ModelRiver client takes. */
const isSuccess = ({ status, meta }: AIResponse): boolean =>
  ['completed', 'success', 'SUCCESS', 'ok'].includes(status) || meta?.status === 'success';
