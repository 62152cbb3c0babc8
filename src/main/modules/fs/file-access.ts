/**
 * What one session may do to files: the way of every operation to its place, with the rules of the template on it. There
 * is no other way from the `fs` module to the file system.
 */
import type { RuntimeSpec } from '#core/ports';
import type { FsModuleConfig } from '#shared/contract/capability-config';
import type { ProtectedFiles } from '../paths/protected-files.ts';
import type { FileRules } from '../paths/regular-file.ts';
import { atPlace, type Place, type WalkOptions } from '../paths/walk.ts';
import type { GrantedRoots } from './granted-roots.ts';
import { RuleError } from './rule-error.ts';
import type { WriteLedger, WriteQuota } from './write-quota.ts';

export interface FileAccessParts {
  readonly spec: RuntimeSpec;
  readonly config: FsModuleConfig;
  readonly roots: GrantedRoots;
  readonly protectedFiles: ProtectedFiles;
  readonly ledger: WriteLedger;
}

export class FileAccess {
  readonly protectedFiles: ProtectedFiles;
  readonly quota: WriteQuota;
  readonly #roots: GrantedRoots;
  readonly #config: FsModuleConfig;
  readonly #template: string;

  constructor({ spec, config, roots, protectedFiles, ledger }: FileAccessParts) {
    this.protectedFiles = protectedFiles;
    this.#roots = roots;
    this.#config = config;
    this.#template = spec.policy.template_name;
    const rule = this.#ruleOf('max_written_bytes');
    this.quota = ledger.quotaOf(spec.sessionId, { bytes: config.max_written_bytes, rule });
  }

  toRead<Result>(
    path: string,
    lastLink: WalkOptions['lastLink'],
    action: (place: Place) => Promise<Result>,
  ): Promise<Result> {
    return atPlace({ ...this.#roots.find(path), path }, { lastLink, protectedFiles: this.protectedFiles }, action);
  }

  toWrite<Result>(
    path: string,
    options: Omit<WalkOptions, 'forWriting' | 'protectedFiles'>,
    action: (place: Place) => Promise<Result>,
  ): Promise<Result> {
    const target = this.#roots.find(path);
    if (target.readOnlyRule !== undefined) throw new RuleError('EROFS', target.readOnlyRule);
    return atPlace({ ...target, path }, { ...options, forWriting: true, protectedFiles: this.protectedFiles }, action);
  }

  rulesFor(path: string): FileRules {
    return { path, protectedFiles: this.protectedFiles };
  }

  get maxReadBytes(): number {
    return this.#config.max_read_bytes;
  }

  /** Throws where a file is too large to be read at once. */
  checkReadBytes(bytes: number): void {
    if (bytes <= this.maxReadBytes) return;
    throw new RuleError('EFBIG', `${this.#ruleOf('max_read_bytes')} allows ${this.maxReadBytes} bytes at once`);
  }

  /** Throws where a listing is too long. */
  checkEntries(entries: number): void {
    const allowed = this.#config.max_entries;
    if (entries > allowed) throw new RuleError('EOVERFLOW', `${this.#ruleOf('max_entries')} allows ${allowed} entries`);
  }

  #ruleOf(name: keyof FsModuleConfig): string {
    return `${name} of the module fs in the template "${this.#template}"`;
  }
}
