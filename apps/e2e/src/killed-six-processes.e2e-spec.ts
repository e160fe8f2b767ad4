import { describeCrashes } from './flows/crash.flows.js';

describeCrashes('six');
