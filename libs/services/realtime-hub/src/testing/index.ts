/** A Phoenix server without a hub, for tests of clients elsewhere. */
export { GoldenChannels } from './golden-channels.js';
export { openMount, PhoenixMounts, wideLimits } from './phoenix-mounts.js';
export type { ConnectRequest } from '../phoenix/phoenix-options.js';
