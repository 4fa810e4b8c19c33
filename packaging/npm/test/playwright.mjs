// SPDX-License-Identifier: Apache-2.0
import { expect, test as base } from '@playwright/test'
import worker from './worker.cjs'

export { expect }

// Test files are also loaded by the main process, which only lists the tests.
if (process.env.TEST_WORKER_INDEX !== undefined && worker.isStarted()) worker.takeDatabase()

export const test = base.extend({
  database: [
    // Playwright reads the names of fixtures from the first parameter, which must be a pattern.
    async ({}, use) => use(worker.takeDatabase()),
    { scope: 'worker', auto: true },
  ],
})
