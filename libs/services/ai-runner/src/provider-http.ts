import { AddressPolicy, OutboundHttp, OutboundHttpSettings } from '@headrace/outbound-http';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { AdmissionSettings } from './admission/admission.settings.js';

/**
 * Calls to AI providers. How many there are at once is decided before them, so that none waits for a connection: a call
 * may hold its own for minutes, and a thousand of them usually go to one origin.
 */
@Injectable()
export class ProviderHttp extends OutboundHttp implements OnApplicationShutdown {
  constructor(policy: AddressPolicy, settings: OutboundHttpSettings, { inFlight }: AdmissionSettings) {
    super(policy, { ...settings, connectionsPerOrigin: Math.max(settings.connectionsPerOrigin, inFlight) });
  }

  onApplicationShutdown(): Promise<void> {
    return this.close();
  }
}
