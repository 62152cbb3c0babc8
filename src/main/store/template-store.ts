/**
 * Templates in SQLite. A template, its parts and its newest version are loaded, changed and stored as one, in one
 * transaction, so that nobody ever sees half of a change.
 */
import type { Database, Statement } from 'better-sqlite3';
import type { TemplateRevision, TemplateStore } from '#core/ports';
import { type Template, type TemplateDetail, templateSchema } from '#shared/contract/template';
import type { TemplateVersion, TemplateVersionDetail } from '#shared/contract/template-version';
import { flagColumn, jsonColumn, parseRow, type Row } from './row.ts';
import { withStoreErrors, withTakenName } from './sqlite-error.ts';
import { TemplateParts } from './template-parts.ts';
import { TemplateVersions } from './template-versions.ts';
import { commitDurably } from './transaction.ts';

const columns = 'id, name, engine, is_active, created_at, updated_at, exposed_modules, libraries, version';

const { exposed_modules, libraries } = templateSchema.shape;
const templateRow = templateSchema.extend({
  is_active: flagColumn,
  exposed_modules: jsonColumn(exposed_modules),
  libraries: jsonColumn(libraries),
});

export class SqliteTemplateStore implements TemplateStore {
  readonly #database: Database;
  readonly #parts: TemplateParts;
  readonly #versions: TemplateVersions;
  readonly #insert: Statement;
  readonly #update: Statement;
  readonly #list: Statement<[], Row>;
  readonly #find: Statement<[string], Row>;
  readonly #delete: Statement<[string]>;

  constructor(database: Database) {
    this.#database = database;
    this.#parts = new TemplateParts(database);
    this.#versions = new TemplateVersions(database);
    this.#insert = database.prepare(
      `INSERT INTO template (${columns})
       VALUES (@id, @name, @engine, @is_active, @created_at, @updated_at, @exposed_modules, @libraries, @version)`,
    );
    this.#update = database.prepare(
      `UPDATE template
       SET name = @name, engine = @engine, is_active = @is_active, created_at = @created_at, updated_at = @updated_at,
         exposed_modules = @exposed_modules, libraries = @libraries, version = @version
       WHERE id = @id`,
    );
    this.#list = database.prepare(`SELECT ${columns} FROM template ORDER BY ordinal`);
    this.#find = database.prepare(`SELECT ${columns} FROM template WHERE id = ?`);
    this.#delete = database.prepare('DELETE FROM template WHERE id = ?');
  }

  async insert(revision: TemplateRevision): Promise<void> {
    this.#inTransaction(() => this.#write(this.#insert, revision));
  }

  async list(): Promise<Template[]> {
    return this.#attempt(() => this.#list.all()).map(toTemplate);
  }

  async find(id: string): Promise<TemplateDetail | undefined> {
    return this.#attempt(() => this.#load(id));
  }

  async modify(
    id: string,
    change: (detail: TemplateDetail) => TemplateRevision | undefined,
  ): Promise<TemplateDetail | undefined> {
    return this.#inTransaction(() => {
      const before = this.#load(id);
      const revision = before && change(before);
      if (revision === undefined) return before;
      this.#write(this.#update, revision);
      return this.#load(id);
    });
  }

  async versions(id: string, limit: number): Promise<TemplateVersion[]> {
    return this.#attempt(() => this.#versions.list(id, limit));
  }

  async version(id: string, version: number): Promise<TemplateVersionDetail | undefined> {
    return this.#attempt(() => this.#versions.find(id, version));
  }

  async policyHashes(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return this.#attempt(() => this.#versions.policyHashes(ids));
  }

  async delete(id: string): Promise<boolean> {
    return this.#attempt(() => this.#delete.run(id)).changes > 0;
  }

  #load(id: string): TemplateDetail | undefined {
    const row = this.#find.get(id);
    return row && { template: toTemplate(row), ...this.#parts.load(id) };
  }

  #write(statement: Statement, revision: TemplateRevision): void {
    const { template, ...parts } = revision.detail;
    withTakenName(template, () => statement.run(toRow(template)));
    this.#parts.save(template.id, parts);
    this.#versions.add(revision);
  }

  #inTransaction<Result>(work: () => Result): Result {
    return this.#attempt(() => commitDurably(this.#database, work));
  }

  #attempt<Result>(work: () => Result): Result {
    return withStoreErrors(this.#database, work);
  }
}

function toRow(template: Template): Row {
  return {
    ...template,
    is_active: Number(template.is_active),
    exposed_modules: JSON.stringify(template.exposed_modules),
    libraries: JSON.stringify(template.libraries),
  };
}

function toTemplate(row: Row): Template {
  return parseRow(templateRow, row, { table: 'template', id: row.id });
}
