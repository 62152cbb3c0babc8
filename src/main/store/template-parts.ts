/**
 * What belongs to a template: settings, capabilities and startup files. A change writes all of them anew, in the order in
 * which they are given, because that order is theirs. The template's store owns the transaction around every call.
 */
import type { Database, Statement } from 'better-sqlite3';
import {
  type Capability,
  capabilitySchema,
  type Settings,
  type StartupFile,
  settingsSchema,
  startupFileSchema,
  type TemplateDetail,
} from '#shared/contract/template';
import { flagColumn, jsonColumn, parseRow, type Row } from './row.ts';
import { withTakenName } from './sqlite-error.ts';

type Parts = Omit<TemplateDetail, 'template'>;

const settingsRow = settingsSchema.extend({
  limits: jsonColumn(settingsSchema.shape.limits),
  resolver: jsonColumn(settingsSchema.shape.resolver),
  runtime: jsonColumn(settingsSchema.shape.runtime),
});
const capabilityRow = capabilitySchema.extend({
  enabled: flagColumn,
  config: jsonColumn(capabilitySchema.shape.config),
});

export class TemplateParts {
  readonly #settings: Statement<[string], Row>;
  readonly #capabilities: Statement<[string], Row>;
  readonly #startupFiles: Statement<[string], Row>;
  readonly #saveSettings: Statement;
  readonly #insertCapability: Statement;
  readonly #insertStartupFile: Statement;
  readonly #deleteCapabilities: Statement<[string]>;
  readonly #deleteStartupFiles: Statement<[string]>;

  constructor(database: Database) {
    this.#settings = database.prepare(
      'SELECT template_id AS vm_id, limits, resolver, runtime FROM template_settings WHERE template_id = ?',
    );
    this.#capabilities = database.prepare(
      `SELECT id, template_id AS vm_id, kind, name, enabled, config FROM template_capability
       WHERE template_id = ? ORDER BY ordinal`,
    );
    this.#startupFiles = database.prepare(
      `SELECT id, template_id AS vm_id, path, order_index, mode FROM template_startup_file
       WHERE template_id = ? ORDER BY order_index, ordinal`,
    );
    this.#saveSettings = database.prepare(
      `INSERT INTO template_settings (template_id, limits, resolver, runtime)
       VALUES (@vm_id, @limits, @resolver, @runtime)
       ON CONFLICT (template_id) DO UPDATE SET limits = @limits, resolver = @resolver, runtime = @runtime`,
    );
    this.#insertCapability = database.prepare(
      `INSERT INTO template_capability (id, template_id, kind, name, enabled, config)
       VALUES (@id, @vm_id, @kind, @name, @enabled, @config)`,
    );
    this.#insertStartupFile = database.prepare(
      `INSERT INTO template_startup_file (id, template_id, path, order_index, mode)
       VALUES (@id, @vm_id, @path, @order_index, @mode)`,
    );
    this.#deleteCapabilities = database.prepare('DELETE FROM template_capability WHERE template_id = ?');
    this.#deleteStartupFiles = database.prepare('DELETE FROM template_startup_file WHERE template_id = ?');
  }

  load(templateId: string): Parts {
    return {
      settings: toSettings(templateId, this.#settings.get(templateId)),
      capabilities: this.#capabilities.all(templateId).map(toCapability),
      startup_files: this.#startupFiles.all(templateId).map(toStartupFile),
    };
  }

  /** Makes the stored parts equal to these. */
  save(templateId: string, { settings, capabilities, startup_files }: Parts): void {
    this.#saveSettings.run(fromSettings(settings));
    this.#deleteCapabilities.run(templateId);
    this.#deleteStartupFiles.run(templateId);
    for (const capability of capabilities) {
      withTakenName(capability, () => this.#insertCapability.run(fromCapability(capability)));
    }
    for (const startupFile of startup_files) this.#insertStartupFile.run(startupFile);
  }
}

function fromSettings({ vm_id, limits, resolver, runtime }: Settings): Row {
  return {
    vm_id,
    limits: JSON.stringify(limits),
    resolver: JSON.stringify(resolver),
    runtime: JSON.stringify(runtime),
  };
}

function fromCapability(capability: Capability): Row {
  return { ...capability, enabled: Number(capability.enabled), config: JSON.stringify(capability.config) };
}

/** Every template has settings: a missing row is as unreadable as a damaged one. */
function toSettings(templateId: string, row: Row = {}): Settings {
  return parseRow(settingsRow, row, { table: 'template_settings', id: templateId });
}

function toCapability(row: Row): Capability {
  return parseRow(capabilityRow, row, { table: 'template_capability', id: row.id });
}

function toStartupFile(row: Row): StartupFile {
  return parseRow(startupFileSchema, row, { table: 'template_startup_file', id: row.id });
}
