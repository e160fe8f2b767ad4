import type { ProjectStore } from '@headrace/project-store';
import { shareOf } from './claim.js';

interface Known {
  /** Null: it has none of its own. */
  readonly limit: number | null;
  readonly readAt: number;
}

/** The store answers from memory and hears of changes; this only keeps places from waiting for a promise. */
const readAgainMs = 1_000;
const remembered = 10_000;

/** How many generations each project may have at once, as its configuration says, else as the operator does. */
export class ProjectLimits {
  private readonly known = new Map<string, Known>();

  /** `usual`: for projects that say nothing; null: no limit. `processes`: how many share a limit out. */
  constructor(
    private readonly projects: Pick<ProjectStore, 'project'>,
    private readonly usual: number | null,
    private readonly processes: number,
  ) {}

  /** A promise when nothing is known of the project yet. */
  ready(project: string): Promise<void> | undefined {
    return this.known.has(project) ? undefined : this.read(project);
  }

  /** This process's part of a project's limit, as last read; null: none. */
  of(project: string): number | null {
    const known = this.known.get(project);
    if (!known || performance.now() - known.readAt > readAgainMs) void this.read(project);
    const limit = known?.limit ?? this.usual;
    return limit === null ? null : shareOf(limit, this.processes);
  }

  private async read(project: string): Promise<void> {
    const before = this.known.get(project);
    // One question at a time; who asks meanwhile gets what was known.
    if (before) this.known.set(project, { ...before, readAt: performance.now() });
    const configuration = await this.projects.project(project).catch(() => null);
    // A database that is away changes no limit.
    const limit = configuration === null ? (before?.limit ?? null) : (configuration?.rateLimits?.concurrent ?? null);
    if (this.known.size >= remembered) this.known.clear();
    this.known.set(project, { limit, readAt: performance.now() });
  }
}
