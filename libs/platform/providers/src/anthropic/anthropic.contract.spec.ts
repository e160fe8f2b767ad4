import { providerContract } from '../testing/provider.contract.js';
import { anthropicProviderWire } from '../testing/anthropic-wire.fixtures.js';

providerContract('Anthropic', anthropicProviderWire);
