/** Begins the ids of listening sessions, which stand where a registered endpoint's id would. */
export const listenerEndpointPrefix = 'lsn_';

/** Whether an endpoint id stands for a listening session; no endpoint is registered under it and no URL belongs to it. */
export const isListenerEndpoint = (endpointId: string): boolean => endpointId.startsWith(listenerEndpointPrefix);

/** What a delivery to a listening session has for a URL. Nobody can post to it: the session's tunnel is the way. */
export const listenerUrl = (session: string): string => `listen:${session}`;
