import type { AiProvider } from './ai-provider.js';
import { AnthropicProvider, anthropicProviderName } from './anthropic/anthropic.provider.js';
import { CohereProvider, cohereProviderName } from './cohere/cohere.provider.js';
import { GoogleProvider, googleProviderName } from './google/google.provider.js';
import type { RemoteCaller } from './remote/remote-caller.js';

/** The providers that have an API of their own, by the names that workflows use. */
export const nativeProviders = (remote: RemoteCaller): (readonly [name: string, provider: AiProvider])[] => [
  [anthropicProviderName, new AnthropicProvider(remote)],
  [googleProviderName, new GoogleProvider(remote)],
  [cohereProviderName, new CohereProvider(remote)],
];
