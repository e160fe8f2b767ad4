import type { Json, JsonObject } from '@headrace/contracts';
import type { ProviderAccess } from '../ai-provider.js';
import { badRequest } from '../chat/bad-request.js';
import { isObject, parsedObject } from '../chat/json.js';
import { hideKey } from '../openai-compatible/hide-key.js';
import { ProviderError } from '../provider-error.js';

/**
 * What a package's provider is made with: key and base URL, or, for providers that need more than one secret, the
 * members of a JSON object in place of the key, as it is or in base64. A project without credentials must not use those
 * of the process: packages look for a key that is left out in their environment, and would send it to whatever address
 * the project names. Only the key `{}`, with nothing beside it, asks for that. Throws `ProviderError`.
 */
export function aiSdkOptions(access: ProviderAccess | null): JsonObject {
  if (access === null || (access.apiKey === null && access.baseUrl === null)) {
    throw new ProviderError('missing_credentials', 'Provider credentials not configured');
  }
  const { apiKey, baseUrl } = access;
  const members = apiKey === null ? {} : (objectInKey(apiKey) ?? { apiKey });
  throwIfReaching(members);
  const options = { ...members, ...(baseUrl === null ? {} : { baseURL: baseUrl }) };
  return Object.keys(options).length === 0 ? options : { apiKey: '', ...options };
}

/**
 * Options by which the libraries of clouds read files of this machine, run commands and fetch tokens from any address,
 * all of it past our HTTP client. Keys of a service account are none of them.
 */
const reaching = new Set(['keyFile', 'keyFilename', 'credential_source', 'clientOptions']);

function throwIfReaching(value: Json): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, member] of Object.entries(value)) {
    if (!Array.isArray(value) && reaching.has(name)) {
      throw badRequest(`The provider credentials must not have ${name}: give the key itself.`);
    }
    throwIfReaching(member);
  }
}

/** An error without the secrets that credentials hold. */
export function withoutSecrets(error: ProviderError, access: ProviderAccess | null): ProviderError {
  const apiKey = access?.apiKey ?? null;
  const secrets = apiKey === null ? [] : [apiKey, ...secretsIn(objectInKey(apiKey) ?? {}, false)];
  const message = secrets.reduce(hideKey, hideKey(error.message, null));
  return message === error.message ? error : new ProviderError(error.code, message, error);
}

function objectInKey(apiKey: string): JsonObject | undefined {
  const inBase64 = () => parsedObject(Buffer.from(apiKey, 'base64').toString('utf8'));
  // In base64, a JSON object begins so.
  return parsedObject(apiKey) ?? (apiKey.startsWith('ey') ? inBase64() : undefined);
}

const shortestSecret = 8;
const secretName = /key|secret|token|password|credential/i;

/** The texts under names that speak of secrets; a region may be told, and what is too short to be one. */
function secretsIn(value: Json, isSecret: boolean): string[] {
  if (typeof value === 'string') return isSecret && value.length >= shortestSecret ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((entry) => secretsIn(entry, isSecret));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, member]) => secretsIn(member, isSecret || secretName.test(name)));
}
