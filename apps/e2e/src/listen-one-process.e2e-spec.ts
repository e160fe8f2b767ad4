import { describeListening } from './flows/listen.flows.js';

describeListening('one');
