import type { GenerationSummary } from '@headrace/contracts';
import { PriceTable } from '@headrace/domain';
import { PriceStore, type OwnPrices } from '@headrace/project-store';
import { metrics } from '@headrace/telemetry';
import { Inject, Injectable } from '@nestjs/common';

/** Says what generations cost, at the prices of the moment: what is recorded is not changed by later ones. */
@Injectable()
export class GenerationCost {
  private own: OwnPrices | undefined;
  private table = new PriceTable();

  constructor(@Inject(PriceStore) private readonly store: Pick<PriceStore, 'current'>) {}

  /** The summary with its cost in US dollars; null where nothing of it has a price. */
  priced(generation: GenerationSummary): GenerationSummary {
    return { ...generation, costUsd: generation.cached ? 0 : this.prices().costOfGeneration(generation) };
  }

  /** Counts a generation that was recorded, for the operator's metrics. */
  count(generation: GenerationSummary | null): void {
    if (generation?.costUsd) metrics.generationCost.with(generation.usedProvider).add(generation.costUsd);
  }

  private prices(): PriceTable {
    const { current } = this.store;
    if (current !== this.own) {
      this.table = new PriceTable(current.prices);
      this.own = current;
    }
    return this.table;
  }
}
