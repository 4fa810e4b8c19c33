// SPDX-License-Identifier: Apache-2.0
const { OF_JEST, projectOfJest } = require('./settings.cjs')

module.exports = async (_global, project) => {
  const { startDatabases } = await import('./server.mjs')
  globalThis[Symbol.for('ballast.test.stop')] = await startDatabases(projectOfJest(project))
  process.env[OF_JEST] = '1'
}
