/** The versions of templates, each whole. The template's store owns the transaction around every call. */
import type { Database, Statement } from 'better-sqlite3';
import type { TemplateRevision } from '#core/ports';
import {
  type TemplateVersion,
  type TemplateVersionDetail,
  templateVersionDetailSchema,
  templateVersionSchema,
} from '#shared/contract/template-version';
import { jsonColumn, parseRow, type Row } from './row.ts';

const columns = 'version, created_at, change, policy_hash';

const versionRow = templateVersionDetailSchema.extend({
  detail: jsonColumn(templateVersionDetailSchema.shape.detail),
});

export class TemplateVersions {
  readonly #insert: Statement;
  readonly #list: Statement<[string, number], Row>;
  readonly #find: Statement<[string, number], Row>;
  readonly #policyHashes: Statement<[string], [id: string, hash: string]>;

  constructor(database: Database) {
    this.#insert = database.prepare(
      `INSERT INTO template_version (template_id, ${columns}, detail) VALUES (?, ?, ?, ?, ?, ?)`,
    );
    this.#list = database.prepare(
      `SELECT ${columns} FROM template_version WHERE template_id = ? ORDER BY version DESC LIMIT ?`,
    );
    this.#find = database.prepare(
      `SELECT ${columns}, detail FROM template_version WHERE template_id = ? AND version = ?`,
    );
    this.#policyHashes = database
      .prepare<[string], [string, string]>(
        `SELECT template.id, policy_hash
         FROM template JOIN template_version ON template_id = template.id AND template_version.version = template.version
         WHERE template.id IN (SELECT value FROM json_each(?))`,
      )
      .raw();
  }

  add({ detail, change, policy_hash }: TemplateRevision): void {
    const { id, version, updated_at } = detail.template;
    this.#insert.run(id, version, updated_at, change, policy_hash, JSON.stringify(detail));
  }

  list(templateId: string, limit: number): TemplateVersion[] {
    const rows = this.#list.all(templateId, limit);
    return rows.map((row) => parseRow(templateVersionSchema, row, originOf(templateId, row.version)));
  }

  find(templateId: string, version: number): TemplateVersionDetail | undefined {
    const row = this.#find.get(templateId, version);
    return row && parseRow(versionRow, row, originOf(templateId, version));
  }

  /** The hash of the newest version of each of these templates. */
  policyHashes(templateIds: readonly string[]): ReadonlyMap<string, string> {
    return new Map(this.#policyHashes.all(JSON.stringify(templateIds)));
  }
}

function originOf(templateId: string, version: unknown): { table: string; id: string } {
  return { table: 'template_version', id: `${templateId}/${version}` };
}
