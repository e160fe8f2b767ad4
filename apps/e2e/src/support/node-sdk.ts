import { Headrace } from '@headrace/node';
import type { Stage } from './stage.js';

/** Our own SDK for Node with the key of a stage's project. */
export const sdkOf = ({ api }: Stage): Headrace => new Headrace({ apiKey: api.key, baseUrl: api.url });
