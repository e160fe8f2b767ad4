import type { GenerationRequest } from '../ai-provider.js';
import {
  OpenAiCompatibleProvider,
  usableAccess,
  type Reached,
} from '../openai-compatible/openai-compatible.provider.js';
import { openAiTakesBack, type ProviderPreset } from '../openai-compatible/provider-presets.js';
import { ProviderError } from '../provider-error.js';
import type { RemoteCaller } from '../remote/remote-caller.js';
import { azureAddress } from './azure-address.js';
import { errorOfAzureAnswer } from './azure-errors.js';

/** Name under which workflows use Azure OpenAI; their model is the name of a deployment. */
export const azureOpenAiProviderName = 'azure-openai';

/** The first version that knows `max_completion_tokens`, `stream_options` and schemas. */
const firstModern = '2024-09';

/**
 * What can be asked of a version of the API; null: v1. A deployment's name says nothing of its model, so the name of
 * the limit of tokens is the one that all models take where the version knows it.
 */
export function azurePreset(version: string | null): ProviderPreset {
  const isModern = version === null || version >= firstModern;
  return {
    baseUrl: null,
    needsKey: true,
    structuredOutput: () => (isModern ? 'json_schema' : 'json_mode'),
    isStrict: () => isModern,
    streamOptions: isModern,
    rename: (parameter) => {
      const [from, to] = isModern ? ['max_tokens', 'max_completion_tokens'] : ['max_completion_tokens', 'max_tokens'];
      return parameter === from ? to : parameter;
    },
    takesBack: openAiTakesBack,
  };
}

/** Chat completions of Azure OpenAI, at the v1 API or a dated version. */
export const azureOpenAiProvider = (remote: RemoteCaller): OpenAiCompatibleProvider =>
  new OpenAiCompatibleProvider(remote, azurePreset(null), reachAzure);

function reachAzure({ access, model }: GenerationRequest, preset: ProviderPreset): Reached {
  const { apiKey, baseUrl } = usableAccess(access, preset);
  const address = azureAddress(baseUrl, model);
  if (apiKey === null || !address) {
    const lacks = apiKey === null ? 'the API key is missing' : 'the base URL is not a URL';
    throw new ProviderError('missing_credentials', `Provider credentials not configured: ${lacks}.`);
  }
  const { url, version } = address;
  return { url, headers: { 'api-key': apiKey }, apiKey, errorOf: errorOfAzureAnswer, preset: azurePreset(version) };
}
