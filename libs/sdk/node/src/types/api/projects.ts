// Made of the OpenAPI document by tools/sdk/generate-types.mjs: change the classes that it describes.
import type { RetryGrowth, RetrySchedule } from './webhooks.js';
import type { ApiKeyWithValue } from './api-keys.js';

export interface NewProject {
  readonly name: string;
  /** Whether /v1/ai/reconnect answers without a key. */
  readonly public_reconnect?: boolean;
  /** When failed webhooks are tried again, where an endpoint does not say; null: the documented schedule. */
  readonly retry?: RetrySchedule | RetryGrowth | null;
}

export interface ProjectChanges {
  readonly name?: string;
  /** An inactive project's keys answer 403; only the administrator activates it. */
  readonly active?: boolean;
  /** Whether /v1/ai/reconnect answers without a key. */
  readonly public_reconnect?: boolean;
  /** When failed webhooks are tried again, where an endpoint does not say; null: the documented schedule. */
  readonly retry?: RetrySchedule | RetryGrowth | null;
}

export interface Project {
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
  readonly public_reconnect: boolean;
  /** Null: the documented schedule. */
  readonly retry: RetrySchedule | RetryGrowth | null;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface ProjectWithKey {
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
  readonly public_reconnect: boolean;
  /** Null: the documented schedule. */
  readonly retry: RetrySchedule | RetryGrowth | null;
  readonly created_at: string;
  readonly updated_at: string;
  readonly api_key: ApiKeyWithValue;
}

export interface SigningSecret {
  /** whsec_… */
  readonly signing_secret: string;
}

export interface ProjectToken {
  /** JWT for the WebSocket upgrade, bound to the project's topic. Good for 5 minutes to join with. */
  readonly token: string;
  readonly expires_at: string;
  readonly project_id: string;
  readonly websocket_url: string;
  readonly websocket_channel: string;
}
