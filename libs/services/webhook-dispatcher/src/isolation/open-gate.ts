import { Logger } from '@nestjs/common';
import { EndpointCircuits, type CircuitListener, type CircuitSettings } from './endpoint-circuits.js';
import { EndpointGate } from './endpoint-gate.js';
import { EndpointSlots, type SlotLimits } from './endpoint-slots.js';
import { RateLimits } from './rate-limits.js';

/** What a gate may be given instead of the real thing. */
export interface GateParts {
  /** The wall clock, in milliseconds. */
  readonly now?: () => number;
  /** 0 to 1. */
  readonly random?: () => number;
}

const logger = new Logger('webhook-dispatcher');

/** Makes the gate through which every attempt of this process goes. */
export function openGate(
  settings: SlotLimits & CircuitSettings,
  timeScale: number,
  { now = Date.now, random = Math.random }: GateParts = {},
): EndpointGate {
  const listener: CircuitListener = {
    onOpen(project, endpoint, failures, until) {
      logger.warn({
        msg: 'circuit opened',
        project_id: project,
        endpoint_id: endpoint,
        failures,
        until: until.toISOString(),
      });
    },
    onClose(project, endpoint, parked) {
      logger.log({ msg: 'circuit closed', project_id: project, endpoint_id: endpoint, parked });
      if (parked > 0) gate.opened(project, endpoint);
    },
  };
  const gate = new EndpointGate(
    new EndpointSlots(settings, now, random),
    new EndpointCircuits(settings, timeScale, listener, now, random),
    new RateLimits(now, random),
    now,
  );
  return gate;
}
