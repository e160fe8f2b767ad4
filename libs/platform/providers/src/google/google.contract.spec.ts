import { googleProviderWire } from '../testing/google-wire.fixtures.js';
import { providerContract } from '../testing/provider.contract.js';

providerContract('Google', googleProviderWire);
