import { createHash } from 'node:crypto';
import type { GenerationPlan, RequestContext, RequestPriority } from '@headrace/contracts';

/** What a generation takes its place of. */
export interface Claim {
  readonly project: string;
  /** The line it stands in while there is none: who waits for the same stands in the same one. */
  readonly line: string;
  /** The provider that is asked first. */
  readonly provider: string;
  /** Its workflow, when that has a limit of its own. */
  readonly workflow: { readonly name: string; readonly limit: number } | null;
  /** How many its project may have at once; null: as many as is its fair share. */
  readonly projectLimit: number | null;
  readonly priority: RequestPriority;
  /** Who came first, in milliseconds since 1970. */
  readonly since: number;
}

/** A request as far as its claim goes. */
export interface Claimant {
  readonly project: string;
  readonly context: Pick<RequestContext, 'workflow' | 'priority' | 'acceptedAt'>;
  readonly plan: Pick<GenerationPlan, 'maxConcurrent'>;
}

/** The claim of a request. `provider`: of its first target. `processes`: how many share out a workflow's limit. */
export function claimOf(
  { project, context, plan }: Claimant,
  { provider, projectLimit, processes }: { provider: string; projectLimit: number | null; processes: number },
): Claim {
  const { workflow: name, priority = 'normal', acceptedAt } = context;
  const { maxConcurrent } = plan;
  const workflow = maxConcurrent === undefined ? null : { name, limit: shareOf(maxConcurrent, processes) };
  const line = lineName(provider, workflow === null ? '' : name);
  return { project, line, provider, workflow, projectLimit, priority, since: Date.parse(acceptedAt) };
}

/** The part of a limit that one of several processes takes: at least one, else nothing would ever run in it. */
export const shareOf = (limit: number, processes: number): number => Math.max(1, Math.floor(limit / processes));

const named = new Map<string, string>();
const mostNamed = 1_000;

/** Part of a subject, so made of letters and digits alone; names of workflows and providers may be anything. */
function lineName(provider: string, workflow: string): string {
  const waitsFor = `${provider}\n${workflow}`;
  const known = named.get(waitsFor);
  if (known !== undefined) return known;
  const name = createHash('sha256').update(waitsFor).digest('hex').slice(0, 16);
  if (named.size >= mostNamed) named.clear();
  named.set(waitsFor, name);
  return name;
}
