// SPDX-License-Identifier: Apache-2.0
const { resolve } = require('node:path')

// The variable with the address at which workers ask for a database.
exports.ADDRESS = 'BALLAST_TEST_DATABASES'
// The variable with the project of a worker (projectOf), where the runner's configuration decides it.
exports.PROJECT = 'BALLAST_TEST_PROJECT'
// The variable that says that projects are those of Jest's configuration.
exports.OF_JEST = 'BALLAST_TEST_PROJECTS_OF_JEST'

exports.projectOfJest = ({ rootDir, testEnvironmentOptions } = {}) => ({
  directory: rootDir,
  ...testEnvironmentOptions?.ballast,
})

/** The options as text; equal for equal projects. */
exports.projectOf = (options = {}) =>
  JSON.stringify({
    program: options.program ?? '',
    server: options.server ?? process.env.BALLAST_TEST_SERVER ?? '',
    directory: resolve(options.directory ?? ''),
    arguments: options.arguments ?? [],
  })
