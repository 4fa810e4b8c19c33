// SPDX-License-Identifier: Apache-2.0
module.exports = async (_global, project) => {
  const { startDatabases } = await import('./server.mjs')
  const options = project?.testEnvironmentOptions?.ballast
  globalThis[Symbol.for('ballast.test.stop')] = await startDatabases({ directory: project?.rootDir, ...options })
}
