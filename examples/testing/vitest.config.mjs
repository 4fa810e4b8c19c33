// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from 'vitest/config'
import { ballast } from '@ballast-db/test/vitest'

export default defineConfig({
  plugins: [ballast()],
  test: { include: ['vitest/*.test.mjs'], testTimeout: 120_000, hookTimeout: 120_000 },
})
