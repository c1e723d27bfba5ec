import { defineConfig } from 'vitest/config'

/** `npm run soak`: what takes too long for `npm test`. SOAK_MINUTES (10), SOAK_CAMERAS (200) and SOAK_MBPS (4) change its size. */
export default defineConfig({
  test: {
    name: 'soak',
    include: ['test/soak/**/*.test.ts'],
    disableConsoleIntercept: true,
    fileParallelism: false,
    testTimeout: 24 * 3_600_000,
    hookTimeout: 300_000,
  },
})
