// SPDX-License-Identifier: Apache-2.0
// The global setup of Vitest and Playwright: both call the returned function at the end.
import { startDatabases } from './server.mjs'
import settings from './settings.cjs'

/** Vitest passes its project, and Playwright its configuration. */
export default async function setup(runner) {
  const project = runner?.config?.env?.[settings.PROJECT]
  return await startDatabases(project ? JSON.parse(project) : {})
}
