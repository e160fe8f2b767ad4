import { providerContract } from '../testing/provider.contract.js';
import { openAiProviderWire } from '../testing/openai-provider-wire.fixtures.js';

providerContract('An OpenAI-compatible server', openAiProviderWire);
