import { describeTwoHubs } from './flows/two-hubs.flows.js';

describeTwoHubs();
