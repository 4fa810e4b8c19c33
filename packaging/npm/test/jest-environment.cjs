// SPDX-License-Identifier: Apache-2.0
// Jest's Node environment, with the worker's database in DATABASE_URL before test files are loaded.
const { createRequire } = require('node:module')
const { join } = require('node:path')

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
  async setup() {
    await super.setup()
    const { workerDatabase } = await import('./index.mjs')
    const { url } = await workerDatabase()
    this.global.process.env.DATABASE_URL = url
    this.global.process.env.DIRECT_URL = url
  }
}
