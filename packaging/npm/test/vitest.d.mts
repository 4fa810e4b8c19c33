// SPDX-License-Identifier: Apache-2.0
import type { Options } from './index.d.mts'

/** A plugin for vitest.config: each worker gets a database, in DATABASE_URL before setup files and tests are loaded. */
export function ballast(options?: Options): { name: string; config(config: object): void }
