import { describeCrowd } from './flows/crowded.flows.js';

describeCrowd();
