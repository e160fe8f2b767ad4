import type { EndpointLoad, ProjectLoad } from './endpoint-load.js';

/**
 * Endpoints with deliveries that only the process's limit holds up. The project with the fewest slots comes first,
 * and of projects with equally many the one that has waited longest: so slots are shared evenly among those who want
 * them (max-min fairness), and a project alone may have all. Within a project its endpoints take turns.
 */
export class FairLine {
  private readonly projects = new Map<ProjectLoad, Set<EndpointLoad>>();

  get isEmpty(): boolean {
    return this.projects.size === 0;
  }

  add(load: EndpointLoad): void {
    const endpoints = this.projects.get(load.project);
    if (endpoints) endpoints.add(load);
    else this.projects.set(load.project, new Set([load]));
  }

  delete(load: EndpointLoad): void {
    const endpoints = this.projects.get(load.project);
    if (!endpoints?.delete(load)) return;
    if (endpoints.size === 0) this.projects.delete(load.project);
  }

  /** Takes out the endpoint whose turn it is. */
  next(): EndpointLoad | undefined {
    let chosen: ProjectLoad | undefined;
    for (const project of this.projects.keys()) {
      if (!chosen || project.inFlight < chosen.inFlight) chosen = project;
    }
    const endpoints = chosen && this.projects.get(chosen);
    if (!chosen || !endpoints) return undefined;
    const [load] = endpoints;
    this.projects.delete(chosen);
    if (load) endpoints.delete(load);
    // Back to the end of the line: among equals the others are first.
    if (endpoints.size > 0) this.projects.set(chosen, endpoints);
    return load;
  }
}
