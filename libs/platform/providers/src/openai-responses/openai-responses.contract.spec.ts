import { openAiResponsesWire } from '../testing/openai-responses-provider-wire.fixtures.js';
import { providerContract } from '../testing/provider.contract.js';

providerContract("OpenAI's Responses API", openAiResponsesWire);
