import { cohereProviderWire } from '../testing/cohere-wire.fixtures.js';
import { providerContract } from '../testing/provider.contract.js';

providerContract('Cohere', cohereProviderWire);
