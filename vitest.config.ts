import { defineConfig } from 'vitest/config'

const shared = { disableConsoleIntercept: true, pool: 'forks' as const }

/** Real programs: each file starts its own, on free ports and in a directory of its own. */
const real = { ...shared, testTimeout: 90_000, hookTimeout: 90_000 }
const REAL = ['test/integration/**/*.test.ts', 'test/e2e/**/*.test.ts']
/** Files that measure how fast a site is itself again after kills and faults. */
const ALONE = ['test/e2e/recording-{faults,kills}.test.ts', 'test/e2e/demo.test.ts']

export default defineConfig({
  test: {
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts', 'commands/**/*.ts'],
      reporter: ['text-summary'],
      reportsDirectory: 'coverage',
    },
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...REAL, 'test/soak/**'],
          testTimeout: 20_000,
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
        },
      },
      {
        // They wait more than they work, for cameras in real time: more of them at once than there are processors.
        test: { ...real, name: 'together', include: REAL, exclude: ALONE, maxWorkers: 3, sequence: { groupOrder: 1 } },
      },
      {
        // One file at a time, so that what they measure is not each other.
        test: { ...real, name: 'alone', include: ALONE, maxWorkers: 1, sequence: { groupOrder: 2 } },
      },
    ],
  },
})
