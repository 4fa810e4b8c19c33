// SPDX-License-Identifier: Apache-2.0
import { startDatabases } from './server.mjs'
import worker from './worker.cjs'

export { startDatabases }

export async function workerDatabase(options) {
  return worker.takeDatabase(options)
}
