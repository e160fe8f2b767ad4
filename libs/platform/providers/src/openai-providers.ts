import type { AiProvider } from './ai-provider.js';
import { azureOpenAiProvider, azureOpenAiProviderName } from './azure-openai/azure-openai.provider.js';
import { OpenAiResponsesProvider, openAiResponsesProviderName } from './openai-responses/openai-responses.provider.js';
import type { RemoteCaller } from './remote/remote-caller.js';

/** OpenAI's other APIs, by the names that workflows use; its chat completions are a preset. */
export const openAiProviders = (remote: RemoteCaller): (readonly [name: string, provider: AiProvider])[] => [
  [openAiResponsesProviderName, new OpenAiResponsesProvider(remote)],
  [azureOpenAiProviderName, azureOpenAiProvider(remote)],
];

/** Whose credentials a provider uses that has none of its own: another API of the same company takes the same key. */
export const sharedCredentials: ReadonlyMap<string, string> = new Map([[openAiResponsesProviderName, 'openai']]);
