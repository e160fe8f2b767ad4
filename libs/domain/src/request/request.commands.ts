import type {
  CallbackRecord,
  ChatMessage,
  DataOf,
  GenerationOutput,
  GenerationPlan,
  GenerationSummary,
  JsonObject,
  requestAccepted,
  RequestContext,
} from '@headrace/contracts';

/** The next workflow of a chain, as it was resolved when the callback came. */
export interface NextStage {
  /** What the workflow says; the customer data is added to what there is. */
  readonly context: Pick<
    RequestContext,
    | 'workflow'
    | 'workflowVersion'
    | 'eventName'
    | 'customerData'
    | 'testMode'
    | 'callbackWindowMs'
    | 'reminderMs'
    | 'stream'
  >;
  readonly plan: GenerationPlan;
  readonly messages: readonly ChatMessage[];
}

/** What can be asked of a request. Instants are ISO 8601 text; they come from the caller's clock. */
export type RequestCommand =
  /** A client's request passed validation. */
  | { readonly type: 'accept'; readonly accepted: DataOf<typeof requestAccepted> }
  /** A provider answered. `callbackDeadline` matters only to event-driven requests. */
  | {
      readonly type: 'recordGeneration';
      readonly generation: GenerationSummary;
      readonly output: GenerationOutput;
      readonly at: string;
      readonly callbackDeadline: string;
    }
  /** Every provider failed. */
  | {
      readonly type: 'recordGenerationFailure';
      readonly generation: GenerationSummary | null;
      /** Left out: `provider_failed`. */
      readonly code?: 'provider_failed' | 'structured_output_invalid' | 'expired';
      readonly message: string;
      readonly details: JsonObject;
      readonly at: string;
    }
  /** The backend called back. */
  | {
      readonly type: 'receiveCallback';
      readonly callback: CallbackRecord;
      /** The round that it is for; left out: the one that runs. */
      readonly round?: number;
      /** Where the request goes on; only with a callback that asks for it. */
      readonly stage?: NextStage;
      readonly at: string;
    }
  /** The callback timer fired. */
  | { readonly type: 'expireCallback'; readonly at: string }
  /** Somebody does not want the answer any more. */
  | { readonly type: 'cancel'; readonly at: string };
