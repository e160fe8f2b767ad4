/** Begins the ids that stand for an endpoint id where a request brought a URL of its own. */
export const adHocEndpointPrefix = 'url_';

/** Whether an endpoint id stands for a request's own URL; no endpoint is registered under it. */
export const isAdHocEndpoint = (endpointId: string): boolean => endpointId.startsWith(adHocEndpointPrefix);
