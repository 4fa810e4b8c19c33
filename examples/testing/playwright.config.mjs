// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from '@playwright/test'

export default defineConfig({
  testDir: 'playwright',
  globalSetup: '@ballast-db/test/global-setup',
  timeout: 120_000,
  workers: 2,
  fullyParallel: true,
})
