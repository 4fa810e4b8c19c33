// SPDX-License-Identifier: Apache-2.0
import type { PlaywrightTestArgs, PlaywrightTestOptions, PlaywrightWorkerArgs, PlaywrightWorkerOptions, TestType } from '@playwright/test'
import type { WorkerDatabase } from './index.d.mts'

export { expect } from '@playwright/test'

/** Playwright's `test`; `database` is the worker's, and DATABASE_URL is set before the first test. */
export const test: TestType<
  PlaywrightTestArgs & PlaywrightTestOptions,
  PlaywrightWorkerArgs & PlaywrightWorkerOptions & { database: WorkerDatabase }
>
