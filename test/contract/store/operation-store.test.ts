import { SqliteOperationStore } from '#main/store/operation-store';
import { MemoryOperationStore } from '../../support/memory-operation-store.ts';
import { databaseInMemory } from './database-in-memory.ts';
import { describeOperationStore } from './operation-store.suite.ts';

describeOperationStore('in memory', () => new MemoryOperationStore());
describeOperationStore('in SQLite', () => new SqliteOperationStore(databaseInMemory()));
