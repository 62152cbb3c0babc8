import { SqliteSessionStore } from '#main/store/session-store';
import { MemorySessionStore } from '../../support/memory-stores.ts';
import { databaseInMemory } from './database-in-memory.ts';
import { describeSessionStore } from './session-store.suite.ts';

describeSessionStore('in memory', () => new MemorySessionStore());
describeSessionStore('in SQLite', () => new SqliteSessionStore(databaseInMemory()));
