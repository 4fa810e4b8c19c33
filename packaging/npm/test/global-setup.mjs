// SPDX-License-Identifier: Apache-2.0
// The global setup of Vitest and Playwright: both call the returned function at the end.
import { startDatabases } from './server.mjs'

export default async function setup() {
  return await startDatabases(process[Symbol.for('ballast.test.options')])
}
