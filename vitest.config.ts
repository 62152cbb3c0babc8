import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Threads and processes of the product run as it is built.
    globalSetup: ['test/support/build.ts'],
    pool: 'forks',
    // One more than the default on two cores: each file waits often, for its threads and processes.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 20_000,
    hookTimeout: 20_000,
  },
});
