import { describePhoenixFlows } from './flows/phoenix.flows.js';

describePhoenixFlows('six');
