import { describeClientFlows } from './flows/client.flows.js';

describeClientFlows('one');
