import type {
  CallbackRecord,
  DataOf,
  GenerationOutput,
  GenerationSummary,
  JsonObject,
  requestAccepted,
} from '@headrace/contracts';

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
  | { readonly type: 'receiveCallback'; readonly callback: CallbackRecord; readonly at: string }
  /** The callback timer fired. */
  | { readonly type: 'expireCallback'; readonly at: string }
  /** Somebody does not want the answer any more. */
  | { readonly type: 'cancel'; readonly at: string };
