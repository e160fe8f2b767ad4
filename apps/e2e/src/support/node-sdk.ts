import { Headrace } from '@headrace/node';
import type { Stage } from './stage.js';

/** Our own SDK for Node with the key of a stage's project. Callbacks may have an address of their own. */
export const sdkOf = ({ api, system }: Stage): Headrace =>
  new Headrace({ apiKey: api.key, baseUrl: api.url, trustedOrigins: [system.urlOf('callback-service')] });
