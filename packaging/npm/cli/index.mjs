// SPDX-License-Identifier: Apache-2.0
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const { ballast } = require('./package.json')

export function ballastPath() {
  if (process.env.BALLAST_BINARY) return process.env.BALLAST_BINARY
  const name = ballast.programs[`${process.platform}-${process.arch}`]
  if (!name) throw new Error(`ballast has no program for ${process.platform}-${process.arch}, only for Linux on x64 and arm64`)
  try {
    return require.resolve(`${name}/bin/ballast`)
  } catch {
    throw new Error(`${name} is not installed; install again without --no-optional or --omit=optional`)
  }
}
