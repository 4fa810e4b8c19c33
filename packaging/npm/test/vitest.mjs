// SPDX-License-Identifier: Apache-2.0
import { fileURLToPath } from 'node:url'

const file = name => fileURLToPath(new URL(name, import.meta.url))

export function ballast(options = {}) {
  return {
    name: 'ballast',
    config() {
      process[Symbol.for('ballast.test.options')] = options
      return { test: { globalSetup: [file('global-setup.mjs')], setupFiles: [file('vitest-setup.mjs')] } }
    },
  }
}
