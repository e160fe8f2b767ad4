import { describeProjectChannel } from './flows/project-channel.flows.js';

describeProjectChannel('six');
