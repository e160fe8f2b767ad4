import { toldError } from '../chat/told-error.js';
import { errorOfAnswer } from '../openai-compatible/provider-error-of.js';
import { ProviderError } from '../provider-error.js';

/**
 * An error that a package threw. Its classes are known by their names, since each package may bring a copy of them.
 * `now`: milliseconds since 1970.
 */
export function errorOfAiSdk(error: unknown, now: number): ProviderError {
  if (error instanceof ProviderError) return error;
  const { name = '', message = 'The provider failed.' } = error instanceof Error ? error : {};
  const told = message.slice(0, 500);
  switch (name) {
    case 'AI_APICallError':
      return errorOfApiCall(error as ApiCallError, told, now);
    case 'AI_LoadAPIKeyError':
    case 'AI_LoadSettingError':
      return new ProviderError('missing_credentials', `Provider credentials not configured: ${told}`);
    case 'AI_UnsupportedFunctionalityError':
    case 'AI_InvalidPromptError':
    case 'AI_InvalidArgumentError':
    case 'AI_NoSuchModelError':
      return new ProviderError('invalid_request', told);
    case 'AI_EmptyResponseBodyError':
    case 'AI_InvalidResponseDataError':
    case 'AI_JSONParseError':
    case 'AI_NoContentGeneratedError':
    case 'AI_TypeValidationError':
      // Their messages repeat the whole answer.
      return new ProviderError('invalid_response', 'The answer of the provider cannot be read.', { httpStatus: 200 });
    default:
      return toldError({ code: 'provider_failed', message: told, httpStatus: 200 });
  }
}

/** `APICallError`: an answer with an error status, or one with status 200 that could not be read. */
interface ApiCallError extends Error {
  readonly statusCode?: number;
  readonly responseHeaders?: Readonly<Record<string, string>>;
  readonly responseBody?: string;
}

function errorOfApiCall(error: ApiCallError, told: string, now: number): ProviderError {
  const { statusCode: status, responseHeaders: headers = {}, responseBody = '' } = error;
  if (status === undefined) return new ProviderError('connection_failed', told, { retryable: true });
  if (status < 300) {
    return new ProviderError('invalid_response', 'The answer of the provider cannot be read.', { httpStatus: status });
  }
  const body = Buffer.from(responseBody);
  const { code, message, retryAfterMs } = errorOfAnswer({ status, headers, body, truncated: false }, now);
  const known = message.endsWith(': no message') ? `HTTP ${status}: ${told}` : message;
  return toldError({ code, message: known, httpStatus: status, retryAfterMs });
}
