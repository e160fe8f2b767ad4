export { AddressPolicy } from './address/address-policy.js';
export { systemResolver, type ResolveHost } from './address/resolve-host.js';
export type { ConnectSteps, HttpVersion } from './connection/connect-attempt.js';
export type {
  OutboundRequest,
  OutboundResponse,
  OutboundTimeouts,
  OutboundTimings,
  ResponseHeaders,
} from './exchange/outbound-request.js';
export type { StreamedResponse, StreamTimeouts } from './exchange/streamed-response.js';
export * from './outbound-error.js';
export * from './outbound-http.js';
export * from './outbound-http.settings.js';
