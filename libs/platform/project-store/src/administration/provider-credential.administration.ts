import { randomUUID } from 'node:crypto';
import { maskSecret, type SecretBox } from '@headrace/secrets';
import type { DataSource, Repository } from 'typeorm';
import { ProviderCredentialEntity } from '../entities/provider-credential.entity.js';
import { purposes } from '../sealing.js';
import type { ConfigurationChanges } from './configuration-changes.js';
import { readPage, type Page, type PageRequest } from './page.js';
import { found, given, isId, refusingDuplicates } from './refusals.js';

/** Access to a provider as it is made. */
export interface NewProviderCredential {
  readonly provider: string;
  readonly apiKey: string | null;
  readonly baseUrl: string | null;
}

/** Saves provider credentials. Every method throws `ChangeRefused` when the caller must mend something. */
export class ProviderCredentialAdministration {
  readonly #credentials: Repository<ProviderCredentialEntity>;

  constructor(
    dataSource: DataSource,
    private readonly secretBox: SecretBox,
    private readonly changes: ConfigurationChanges,
  ) {
    this.#credentials = dataSource.getRepository(ProviderCredentialEntity);
  }

  /** New credentials; a project has one of each provider. The base URL has been checked. */
  async create(projectId: string, credential: NewProviderCredential): Promise<ProviderCredentialEntity> {
    const now = new Date();
    const id = randomUUID();
    const { provider, apiKey, baseUrl } = credential;
    const entity = { id, projectId, provider, baseUrl, ...this.#sealed(id, apiKey), createdAt: now, updatedAt: now };
    const taken = `Credentials for the provider "${provider}" exist already. Change those, or remove them first.`;
    await refusingDuplicates(this.#credentials.insert(entity), 'provider', taken);
    this.changes.announce(projectId);
    return entity;
  }

  /** Credentials of a project, by id or provider. */
  async find(projectId: string, idOrProvider: string): Promise<ProviderCredentialEntity> {
    const byId = isId(idOrProvider) ? await this.#credentials.findOneBy({ projectId, id: idOrProvider }) : null;
    const credential = byId ?? (await this.#credentials.findOneBy({ projectId, provider: idOrProvider }));
    return found(credential, 'provider credential', idOrProvider);
  }

  /** A project's credentials, newest first. */
  list(projectId: string, page: PageRequest): Promise<Page<ProviderCredentialEntity>> {
    return readPage(this.#credentials, { projectId }, page);
  }

  /** Changes what is given; the provider stays. */
  async update(
    projectId: string,
    idOrProvider: string,
    changes: Partial<Omit<NewProviderCredential, 'provider'>>,
  ): Promise<ProviderCredentialEntity> {
    const credential = await this.find(projectId, idOrProvider);
    const patch = {
      ...given({ baseUrl: changes.baseUrl }),
      ...(changes.apiKey === undefined ? {} : this.#sealed(credential.id, changes.apiKey)),
      updatedAt: new Date(),
    };
    await this.#credentials.update({ id: credential.id }, patch);
    this.changes.announce(projectId);
    return { ...credential, ...patch };
  }

  /** Removes credentials and gives their id; workflows of the provider fail from then on. */
  async remove(projectId: string, idOrProvider: string): Promise<string> {
    const credential = await this.find(projectId, idOrProvider);
    await this.#credentials.delete({ id: credential.id });
    this.changes.announce(projectId);
    return credential.id;
  }

  #sealed(id: string, apiKey: string | null): Pick<ProviderCredentialEntity, 'apiKey' | 'apiKeyHint'> {
    if (apiKey === null) return { apiKey: null, apiKeyHint: null };
    return { apiKey: this.secretBox.seal(purposes.providerKey(id), apiKey), apiKeyHint: maskSecret(apiKey) };
  }
}
