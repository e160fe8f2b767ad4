import { describeVolume } from './flows/volume.flows.js';

describeVolume();
