export { isStorageAvailable } from './active-request.js';
export { HeadraceClient } from './client.js';
/** The name that it has in the client that it can take the place of. */
export { HeadraceClient as ModelRiverClient } from './client.js';
export type { StorageLike } from './environment.js';
export { followRequest, RequestFailed, type FollowOptions } from './follow-request.js';
export type { UseModelRiverReturn } from './react.js';
export { DEFAULT_HEARTBEAT_INTERVAL, DEFAULT_REQUEST_TIMEOUT } from './settings.js';
export { buildWebSocketUrl, DEFAULT_BASE_URL } from './socket-url.js';
export type { ModelRiverSvelteStore } from './svelte.js';
export { decodeToken, isTokenExpired } from './token.js';
export type * from './types.js';
export type { ModelRiverClientOptions as HeadraceClientOptions } from './types.js';
