import { periodOf } from '@headrace/domain';
import { ReadModel, type Spent } from '@headrace/read-model';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { BudgetSettings } from './budgets.config.js';

interface Known {
  readonly spent: readonly Spent[];
  readonly at: number;
}

const mostProjects = 10_000;
/** A database that does not answer is not asked again at once. */
const retryMs = 1_000;

/**
 * What projects have spent in the current month, in memory and at most so old as the settings say while requests come.
 * Only the first request of a project waits for the database; later ones have it asked behind their backs.
 */
@Injectable()
export class Spending {
  private readonly log = new Logger('Budgets');
  private readonly known = new Map<string, Known>();
  private readonly loading = new Map<string, Promise<readonly Spent[] | undefined>>();

  constructor(
    @Inject(ReadModel) private readonly readModel: Pick<ReadModel, 'spentSince'>,
    private readonly settings: BudgetSettings,
  ) {}

  /** Undefined when nothing is known of the project's spending, because the database is away. */
  of(project: string): readonly Spent[] | undefined | Promise<readonly Spent[] | undefined> {
    const known = this.known.get(project);
    if (!known) return this.load(project);
    if (Date.now() - known.at >= this.settings.refreshMs) void this.load(project);
    return known.spent;
  }

  private load(project: string): Promise<readonly Spent[] | undefined> {
    const loading = this.loading.get(project) ?? this.read(project).finally(() => this.loading.delete(project));
    this.loading.set(project, loading);
    return loading;
  }

  private async read(project: string): Promise<readonly Spent[] | undefined> {
    const { start } = periodOf('month', new Date().toISOString());
    try {
      const spent = await this.readModel.spentSince(project, start.slice(0, 10));
      this.remember(project, { spent, at: Date.now() });
      return spent;
    } catch (error) {
      this.log.warn(`What was spent cannot be read; the last known stays in use: ${String(error)}`);
      const known = this.known.get(project);
      if (known) this.remember(project, { ...known, at: Date.now() - this.settings.refreshMs + retryMs });
      return known?.spent;
    }
  }

  private remember(project: string, known: Known): void {
    this.known.delete(project);
    this.known.set(project, known);
    if (this.known.size <= mostProjects) return;
    const [oldest] = this.known.keys();
    if (oldest !== undefined) this.known.delete(oldest);
  }
}
