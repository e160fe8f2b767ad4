import { describeBrowserClient } from './flows/browser-client.flows.js';

describeBrowserClient('one');
