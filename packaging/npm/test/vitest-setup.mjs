// SPDX-License-Identifier: Apache-2.0
import { workerDatabase } from './index.mjs'

await workerDatabase()
