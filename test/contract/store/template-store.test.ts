import { SqliteTemplateStore } from '#main/store/template-store';
import { MemoryTemplateStore } from '../../support/memory-stores.ts';
import { databaseInMemory } from './database-in-memory.ts';
import { describeTemplateStore } from './template-store.suite.ts';

describeTemplateStore('in memory', () => new MemoryTemplateStore());
describeTemplateStore('in SQLite', () => new SqliteTemplateStore(databaseInMemory()));
