// SPDX-License-Identifier: Apache-2.0
import { fileURLToPath } from 'node:url'
import { withoutDatabase } from './server.mjs'
import settings from './settings.cjs'

const file = name => fileURLToPath(new URL(name, import.meta.url))

/** The kit's file before those of the project, once. */
function first(name, others = []) {
  const own = file(name)
  return [own, ...[others].flat().filter(other => other !== own)]
}

export function ballast(options = {}) {
  return {
    name: 'ballast',
    config(config) {
      // Vitest loads the files of all global setups before it runs the first. Vite alone runs no tests.
      if (process.env.VITEST) withoutDatabase()
      const test = (config.test ??= {})
      const project = settings.projectOf({ ...options, directory: options.directory ?? config.root })
      test.env = { ...test.env, [settings.PROJECT]: project }
      test.globalSetup = first('global-setup.mjs', test.globalSetup)
      test.setupFiles = first('vitest-setup.mjs', test.setupFiles)
      // Otherwise they run at once.
      test.sequence = { ...test.sequence, setupFiles: 'list' }
    },
  }
}
