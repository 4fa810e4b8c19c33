// SPDX-License-Identifier: Apache-2.0
// Jest's Node environment, with the worker's database in the variables before setupFiles and test files are loaded.
const { createRequire } = require('node:module')
const { join } = require('node:path')
const { OF_JEST, projectOfJest } = require('./settings.cjs')
const { takeDatabase } = require('./worker.cjs')

// Jest's own copy, which strict package managers show to Jest alone.
function nodeEnvironment() {
  let from = createRequire(join(process.cwd(), 'package.json'))
  for (const name of ['jest', '@jest/core', 'jest-config']) {
    try {
      return from('jest-environment-node')
    } catch {
      from = createRequire(from.resolve(name))
    }
  }
  return from('jest-environment-node')
}

const { TestEnvironment } = nodeEnvironment()

module.exports = class BallastEnvironment extends TestEnvironment {
  // Jest runs setupFiles between the constructor and setup().
  constructor(config, context) {
    const { projectConfig } = config
    // A global setup of the user's own has chosen the options, unless the project has some.
    const chosen = process.env[OF_JEST] || projectConfig.testEnvironmentOptions?.ballast
    const { variables } = takeDatabase(chosen ? projectOfJest(projectConfig) : undefined)
    super(config, context)
    Object.assign(this.global.process.env, variables)
  }
}
