import { describeRequestLife } from './flows/request-life.flows.js';

describeRequestLife('six');
