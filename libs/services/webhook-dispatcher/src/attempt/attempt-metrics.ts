import type { deliveryPlanned } from '@headrace/contracts';
import type { DeliveryState } from '@headrace/domain';
import type { RecordedOf } from '@headrace/event-log';
import { metrics } from '@headrace/telemetry';

/** What tells how many attempts this process makes, and how many it holds back. */
export interface AttemptLoad {
  readonly inFlight: number;
  readonly waiting: number;
  /** Endpoints to which nothing goes but probes. */
  readonly openCircuits: number;
}

/** Reports on the process's attempts whenever metrics are asked for, until what it returns is called. */
export function reportAttempts(load: AttemptLoad): () => void {
  const stops = [
    metrics.deliveriesInFlight.report(() => load.inFlight),
    metrics.deliveriesWaiting.report(() => load.waiting),
    metrics.circuitsOpen.report(() => load.openCircuits),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Measures how long a delivery took in all, once an attempt of it succeeded. */
export function measureDelivery({ data }: RecordedOf<typeof deliveryPlanned>, state: DeliveryState): void {
  if (state.status !== 'succeeded') return;
  metrics.deliveryLatency.with().observe(Math.max(0, Date.now() - Date.parse(data.plannedAt)) / 1_000);
}

/** Counts an attempt that could not begin, by why. */
export function countDeferral(reason: string): void {
  metrics.deliveriesDeferred.with(reason).add();
}
