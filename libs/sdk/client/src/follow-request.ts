import { asConnectOptions } from './channel-access.js';
import { HeadraceClient } from './client.js';
import type {
  AIResponse,
  AsyncResponse,
  ConnectOptions,
  ErrorCode,
  ModelRiverClientOptions,
  TokensEvent,
} from './types.js';

/** Why a request was not followed to a good end. */
export class RequestFailed extends Error {
  override readonly name = 'RequestFailed';

  /** `response`: the final state, if it was the request that failed. */
  constructor(
    message: string,
    readonly code: ErrorCode,
    readonly response?: AIResponse,
  ) {
    super(message);
  }
}

/** How a request is followed. It is not kept over reloads, unless `persist` says so. */
export interface FollowOptions extends ModelRiverClientOptions {
  /** Its abort ends it; the promise rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Called with text of the answer, as it is generated. */
  onTokens?: (tokens: TokensEvent) => void;
  /** Called with each state, the final one included. */
  onResponse?: (response: AIResponse) => void;
}

/**
 * Follows one request and resolves to its final state. Rejects with `RequestFailed` if it ends with `error` or cannot be
 * followed. Any number may run at once.
 */
export function followRequest(
  request: ConnectOptions | AsyncResponse,
  { signal, onTokens, onResponse, ...options }: FollowOptions = {},
): Promise<AIResponse> {
  return new Promise((resolve, reject) => {
    const { signal: another, ...connection } = asConnectOptions(request);
    const signals = [signal, another].filter((one) => one !== undefined);
    for (const one of signals) one.throwIfAborted();
    const client = new HeadraceClient({ persist: false, ...options });
    const abort = ({ target }: Event): void => end(() => reject((target as AbortSignal).reason as Error));
    const end = (settle: () => void): void => {
      for (const one of signals) one.removeEventListener('abort', abort);
      client.destroy();
      settle();
    };
    const fail = (message: string, response?: AIResponse): void => {
      const code = client.getState().errorCode ?? 'unknown';
      end(() => reject(new RequestFailed(message, code, response)));
    };
    for (const one of signals) one.addEventListener('abort', abort);
    if (onTokens) client.on('tokens', onTokens);
    client.on('response', (response) => {
      onResponse?.(response);
      const { isCompleted, error } = client.getState();
      if (isCompleted) end(() => resolve(response));
      else if (error !== null) fail(error, response);
    });
    client.on('error', (message) => {
      // What is being restored is no failure.
      const { connectionState, errorCode } = client.getState();
      if (connectionState === 'error' || errorCode === 'invalid_options') fail(String(message));
    });
    client.connect(connection);
  });
}
