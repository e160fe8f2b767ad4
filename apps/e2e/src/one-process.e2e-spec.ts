import { describeFlows } from './flows/flows.js';

describeFlows('one');
