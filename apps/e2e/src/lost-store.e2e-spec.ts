import { describeLostStore } from './flows/lost-store.flows.js';

describeLostStore('six');
