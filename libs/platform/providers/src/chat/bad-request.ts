import { ProviderError } from '../provider-error.js';

/** The request cannot be said in the provider's terms; `message` names the field and what to do. */
export const badRequest = (message: string): ProviderError => new ProviderError('invalid_request', message);
