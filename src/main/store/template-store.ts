/**
 * Templates in SQLite. A template and its parts are loaded, changed and stored as one, in one transaction, so that nobody
 * ever sees half of a change.
 */
import type { Database, Statement } from 'better-sqlite3';
import type { TemplateStore } from '#core/ports';
import { type Template, type TemplateDetail, templateSchema } from '#shared/contract/template';
import { flagColumn, jsonColumn, parseRow, type Row } from './row.ts';
import { withStoreErrors, withTakenName } from './sqlite-error.ts';
import { TemplateParts } from './template-parts.ts';
import { commitDurably } from './transaction.ts';

const columns = 'id, name, engine, is_active, created_at, updated_at, exposed_modules, libraries';

const { exposed_modules, libraries } = templateSchema.shape;
const templateRow = templateSchema.extend({
  is_active: flagColumn,
  exposed_modules: jsonColumn(exposed_modules),
  libraries: jsonColumn(libraries),
});

export class SqliteTemplateStore implements TemplateStore {
  readonly #database: Database;
  readonly #parts: TemplateParts;
  readonly #insert: Statement;
  readonly #update: Statement;
  readonly #list: Statement<[], Row>;
  readonly #find: Statement<[string], Row>;
  readonly #delete: Statement<[string]>;

  constructor(database: Database) {
    this.#database = database;
    this.#parts = new TemplateParts(database);
    this.#insert = database.prepare(
      `INSERT INTO template (${columns})
       VALUES (@id, @name, @engine, @is_active, @created_at, @updated_at, @exposed_modules, @libraries)`,
    );
    this.#update = database.prepare(
      `UPDATE template
       SET name = @name, engine = @engine, is_active = @is_active, created_at = @created_at, updated_at = @updated_at,
         exposed_modules = @exposed_modules, libraries = @libraries
       WHERE id = @id`,
    );
    this.#list = database.prepare(`SELECT ${columns} FROM template ORDER BY ordinal`);
    this.#find = database.prepare(`SELECT ${columns} FROM template WHERE id = ?`);
    this.#delete = database.prepare('DELETE FROM template WHERE id = ?');
  }

  async insert(detail: TemplateDetail): Promise<void> {
    this.#inTransaction(() => this.#write(this.#insert, detail));
  }

  async list(): Promise<Template[]> {
    return this.#attempt(() => this.#list.all()).map(toTemplate);
  }

  async find(id: string): Promise<TemplateDetail | undefined> {
    return this.#attempt(() => this.#load(id));
  }

  async modify(id: string, change: (detail: TemplateDetail) => TemplateDetail): Promise<TemplateDetail | undefined> {
    return this.#inTransaction(() => {
      const before = this.#load(id);
      if (before === undefined) return undefined;
      this.#write(this.#update, change(before));
      return this.#load(id);
    });
  }

  async delete(id: string): Promise<boolean> {
    return this.#attempt(() => this.#delete.run(id)).changes > 0;
  }

  #load(id: string): TemplateDetail | undefined {
    const row = this.#find.get(id);
    return row && { template: toTemplate(row), ...this.#parts.load(id) };
  }

  #write(statement: Statement, { template, ...parts }: TemplateDetail): void {
    withTakenName(template, () => statement.run(toRow(template)));
    this.#parts.save(template.id, parts);
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
