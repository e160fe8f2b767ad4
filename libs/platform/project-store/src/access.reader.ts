import type { ProjectAccess } from '@headrace/event-log';
import type { DataSource } from 'typeorm';
import { isId } from './administration/refusals.js';

/** Tells from the database itself whether an access holds: what is in memory may be a moment old. */
export class AccessReader {
  constructor(private readonly dataSource: DataSource) {}

  /** Whether the project is active and the key, if any, is one of it, neither revoked nor expired. */
  async holds({ project, keyId }: ProjectAccess, now = new Date()): Promise<boolean> {
    if (!isId(project) || (keyId !== null && !isId(keyId))) return false;
    const rows = await this.dataSource.query<unknown[]>(
      `SELECT 1 FROM projects WHERE id = $1 AND active AND ($2::uuid IS NULL OR EXISTS (
         SELECT 1 FROM api_keys WHERE api_keys.id = $2 AND project_id = $1 AND revoked_at IS NULL
           AND (expires_at IS NULL OR expires_at > $3)))`,
      [project, keyId, now],
    );
    return rows.length > 0;
  }
}
