import { describeToxicNetworks } from './flows/toxic.flows.js';

describeToxicNetworks();
