import type { JsonObject } from '@headrace/contracts';
import { text } from '../chat/json.js';
import { toldError } from '../chat/told-error.js';
import type { ProviderError, ProviderErrorCode } from '../provider-error.js';

/** Codes of an error inside a response; those of images and the like are the request's fault. */
const codes = new Map<string, ProviderErrorCode>([
  ['server_error', 'provider_failed'],
  ['vector_store_timeout', 'provider_failed'],
  ['rate_limit_exceeded', 'rate_limited'],
  ['insufficient_quota', 'rate_limited'],
  ['content_filter', 'content_filtered'],
  ['invalid_api_key', 'authentication_failed'],
]);

/** `error` of a failed response, or of an `error` event in the middle of a stream. */
export function errorInResponse(error: JsonObject): ProviderError {
  const code = text(error.code) ?? text(error.type) ?? '';
  const message = text(error.message)?.slice(0, 500) ?? 'The provider failed.';
  return toldError({ code: codeOf(code), message: code === '' ? message : `${code}: ${message}`, httpStatus: 200 });
}

function codeOf(code: string): ProviderErrorCode {
  const known = codes.get(code);
  if (known) return known;
  if (/policy/.test(code)) return 'content_filtered';
  return /^(?:invalid_|context_length|image_|empty_image|unsupported_|failed_to_download)/.test(code)
    ? 'invalid_request'
    : 'provider_failed';
}
