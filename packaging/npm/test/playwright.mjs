// SPDX-License-Identifier: Apache-2.0
import { expect, test as base } from '@playwright/test'
import { workerDatabase } from './index.mjs'

export { expect }

export const test = base.extend({
  database: [
    // Playwright reads the names of fixtures from the first parameter, which must be a pattern.
    async ({}, use) => use(await workerDatabase()),
    { scope: 'worker', auto: true },
  ],
})
