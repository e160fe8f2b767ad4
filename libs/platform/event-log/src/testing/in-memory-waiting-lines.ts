import type { TakenRequest, WaitingLine, WaitingLines, WaitingRequest } from '../waiting-lines.port.js';

interface Kept {
  readonly request: WaitingRequest;
  count: number;
  isTaken: boolean;
}

/** Lines in memory; what is given back may be taken again at once. */
export class InMemoryWaitingLines implements WaitingLines {
  private readonly lines = new Map<string, { readonly line: WaitingLine; readonly kept: Kept[] }>();

  async join(line: WaitingLine, request: WaitingRequest): Promise<void> {
    const { kept } = this.of(line);
    if (kept.some((each) => sameRequest(each.request, request))) return;
    kept.push({ request, count: 0, isTaken: false });
  }

  async list() {
    return [...this.lines.values()]
      .map(({ line, kept }) => ({ line, length: kept.length }))
      .filter(({ length }) => length > 0);
  }

  async take(line: WaitingLine, atMost: number): Promise<TakenRequest[]> {
    const { kept } = this.of(line);
    const taken = kept.filter(({ isTaken }) => !isTaken).slice(0, atMost);
    return taken.map((each) => {
      each.isTaken = true;
      each.count += 1;
      return {
        ...each.request,
        count: each.count,
        done: () => void kept.splice(kept.indexOf(each), 1),
        giveBack: () => {
          each.isTaken = false;
        },
      };
    });
  }

  giveAllBack(): void {
    for (const { kept } of this.lines.values()) for (const each of kept) each.isTaken = false;
  }

  private of(line: WaitingLine) {
    const name = `${line.project} ${line.name} ${line.priority}`;
    const known = this.lines.get(name) ?? { line, kept: [] };
    this.lines.set(name, known);
    return known;
  }
}

const sameRequest = (one: WaitingRequest, other: WaitingRequest): boolean =>
  one.channel === other.channel && one.revision === other.revision;
