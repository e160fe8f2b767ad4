import { DEFAULT_BASE_URL } from './socket-url.js';
import type { ModelRiverClientOptions } from './types.js';

export const DEFAULT_HEARTBEAT_INTERVAL = 30_000;
export const DEFAULT_REQUEST_TIMEOUT = 300_000;

/** A timer that is set for longer fires at once. */
export const longestTimerMs = 2 ** 31 - 1;

/** A client's options, with what they are by default. */
export type Settings = ModelRiverClientOptions &
  Required<Pick<ModelRiverClientOptions, 'baseUrl' | 'heartbeatInterval' | 'requestTimeout'>>;

/** Nobody wants the heartbeats without a pause that an interval would make which is no length of time. */
export function settingsOf(options: ModelRiverClientOptions): Settings {
  const { baseUrl = DEFAULT_BASE_URL, heartbeatInterval = 0, requestTimeout = DEFAULT_REQUEST_TIMEOUT } = options;
  const interval = heartbeatInterval > 0 ? heartbeatInterval : DEFAULT_HEARTBEAT_INTERVAL;
  return { ...options, baseUrl, heartbeatInterval: Math.min(interval, longestTimerMs), requestTimeout };
}
