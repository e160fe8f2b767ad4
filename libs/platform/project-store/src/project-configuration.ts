import type {
  Budget,
  Json,
  JsonObject,
  RateLimits,
  RequestPriority,
  RetrySetting,
  WebhookType,
} from '@headrace/contracts';

/** Everything that the hot path needs to know of one project, held in memory. Secrets are already decrypted. */
export interface ProjectConfiguration {
  readonly id: string;
  readonly name: string;
  /** An inactive project's keys answer 403. */
  readonly active: boolean;
  /** Signs webhooks to a `webhook_url` that no endpoint is registered for (`whsec_…`). */
  readonly signingSecret: string;
  /** Whether `/v1/ai/reconnect` answers without a key (CONTRACT section 1). */
  readonly publicReconnect: boolean;
  /** When failed deliveries are tried again, where an endpoint does not say; null: the documented schedule. */
  readonly retry: RetrySetting | null;
  /** Null: none. */
  readonly rateLimits: RateLimits | null;
  readonly budgets: readonly Budget[];
  readonly workflows: ReadonlyMap<string, Workflow>;
  readonly endpoints: readonly WebhookEndpoint[];
  /** Keyed by provider name. */
  readonly credentials: ReadonlyMap<string, ProviderCredential>;
}

/** A saved way to answer requests. */
export interface Workflow {
  readonly id: string;
  /** Number of the latest entry in its history, from 1: what a request says that it was resolved with. */
  readonly version: number;
  readonly name: string;
  readonly description: string | null;
  readonly provider: string;
  readonly model: string;
  /** Tried in order when the primary fails. */
  readonly fallbacks: readonly {
    readonly provider: string;
    readonly model: string;
    readonly timeoutMs: number | null;
  }[];
  /** Time limit of one provider call. */
  readonly timeoutMs: number;
  /** How a target is tried again before the next one's turn; null: each is tried once. */
  readonly retry: WorkflowRetry | null;
  /** How often a model may mend an answer that does not fit the structured output. */
  readonly repairAttempts: number;
  /** Most generations of the workflow at once; null: no such limit. */
  readonly maxConcurrent: number | null;
  /** Whose turn it is first among the project's requests that wait, where a request does not say. */
  readonly priority: RequestPriority;
  /** How long a request may wait for its generation, where it does not say; null: for ever. */
  readonly expiresAfterSeconds: number | null;
  /** How long an equal question may get an earlier answer; null: never. */
  readonly cacheSeconds: number | null;
  /** How often tool results may be sent before an answer must be final. */
  readonly maxToolRounds: number;
  /** When a backend is reminded of its callback, in seconds: every so often, or that long after the answer; null: never. */
  readonly reminderSeconds: number | readonly number[] | null;
  /** Whether answers are told piece by piece, where a request does not say; null: as the operator decided. */
  readonly stream: boolean | null;
  readonly systemInstructions: string | null;
  readonly structuredOutput: StructuredOutput | null;
  /** Paths such as `metadata.user_id` whose values come back as `customer_data`. */
  readonly cacheFields: readonly string[];
  /** Makes the workflow event-driven. */
  readonly eventName: string | null;
  readonly callbackTimeoutSeconds: number;
  readonly mode: 'production' | 'testing';
  readonly testDelayMs: number;
  readonly offlineFallback: boolean;
  /** Default parameters passed to the provider. */
  readonly parameters: JsonObject;
}

/** Tries of one target after failures that may pass: waits that grow from `initialSeconds` by `factor`. */
export interface WorkflowRetry {
  /** How many are made of each target, the first included. */
  readonly attempts: number;
  readonly initialSeconds: number;
  readonly factor: number;
  readonly maxSeconds: number;
}

/** A JSON Schema that answers must fit. */
export interface StructuredOutput {
  readonly id: string;
  readonly name: string;
  readonly schema: JsonObject;
  readonly sampleData: Json | null;
}

/** A customer's URL that webhooks go to. */
export interface WebhookEndpoint {
  readonly id: string;
  readonly url: string;
  /** Null: every type that tells of a request. */
  readonly events: readonly WebhookType[] | null;
  /** Which requests it wants, beside the types. */
  readonly filter: EndpointFilter;
  /** False: it was switched off, and what is on its way to it ends as a dead letter. */
  readonly active: boolean;
  /** Its owner holds it back for a while: deliveries are planned and wait. */
  readonly paused: boolean;
  /** Since when (ISO 8601) every attempt has failed; null while the last one did not. */
  readonly failingSince: string | null;
  /** Current first; during a rotation the older ones that are still good follow (`whsec_…`). */
  readonly secrets: readonly string[];
  /** Sent with every attempt, beside ours; never one of ours. */
  readonly headers: Readonly<Record<string, string>>;
  /** Null: as the project says. */
  readonly retry: RetrySetting | null;
  /** Attempts that one process makes at it at the same time; null: the operator's limit. */
  readonly maxInFlight: number | null;
  /** Attempts that are begun within a second, over all processes; null: no limit. */
  readonly rateLimitPerSecond: number | null;
  /** Path of the body (`channel_id`, `customer_data.user_id`) within whose values order is kept; null: no order. */
  readonly fifoKey: string | null;
}

/** Which webhooks an endpoint wants. Null: no such condition; all that are given must hold. */
export interface EndpointFilter {
  /** Names of workflows. */
  readonly workflows: readonly string[] | null;
  readonly eventNames: readonly string[] | null;
  /** Conditions on the body. */
  readonly payload: JsonObject | null;
}

/** Access to an AI provider. */
export interface ProviderCredential {
  readonly provider: string;
  readonly apiKey: string | null;
  readonly baseUrl: string | null;
}

/** Whose key a caller showed. */
export interface AuthenticatedKey {
  readonly keyId: string;
  readonly projectId: string;
}

/** Read side of the projects' configuration: answers from memory, falls back to the database on a miss. */
export abstract class ProjectStore {
  /** The key's owner; undefined for an unknown, revoked or expired key. Never compares in a way that leaks time. */
  abstract authenticate(apiKey: string): Promise<AuthenticatedKey | undefined>;
  /** A project's configuration; undefined when there is no such project. */
  abstract project(projectId: string): Promise<ProjectConfiguration | undefined>;
}
