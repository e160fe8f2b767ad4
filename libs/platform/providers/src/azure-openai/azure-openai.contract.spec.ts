import { openAiProviderWire } from '../testing/openai-provider-wire.fixtures.js';
import { providerContract } from '../testing/provider.contract.js';
import { azureOpenAiProvider } from './azure-openai.provider.js';

providerContract('Azure OpenAI', {
  ...openAiProviderWire,
  provider: azureOpenAiProvider,
  request: { provider: 'azure-openai', model: 'my-deployment' },
  key: (apiKey) => ['api-key', apiKey],
});
