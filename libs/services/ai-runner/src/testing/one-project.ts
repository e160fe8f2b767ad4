import { ProjectStore, type ProjectConfiguration, type ProviderCredential } from '@headrace/project-store';
import { aBareProject } from '@headrace/project-store/testing';

/** A store with one project. */
export class OneProject extends ProjectStore {
  constructor(
    private readonly projectId: string,
    private readonly credentials: readonly ProviderCredential[],
    private readonly isAway: boolean,
  ) {
    super();
  }

  async authenticate(): Promise<undefined> {
    return undefined;
  }

  async project(id: string): Promise<ProjectConfiguration | undefined> {
    if (this.isAway) throw new Error('the database is away');
    if (id !== this.projectId) return undefined;
    const credentials = new Map(this.credentials.map((credential) => [credential.provider, credential]));
    return aBareProject({ id, credentials });
  }
}
