#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// Runs the program of this machine's package, with the same arguments, streams, signals and exit status.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { ballastPath } from './index.mjs'

let program
try {
  program = ballastPath()
} catch (error) {
  console.error(`Error: ${error.message}`)
  process.exit(3)
}

const child = spawn(program, process.argv.slice(2), { stdio: 'inherit' })
// A terminal sends its signals to both; a supervisor sends them to this process only.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']) {
  process.on(signal, () => child.kill(signal))
}
child.on('error', error => {
  const named = process.env.BALLAST_BINARY ? ' (BALLAST_BINARY)' : ''
  console.error(`Error: ${program}${named} cannot be run: ${error.code === 'ENOENT' ? 'there is no such program' : error.message}`)
  process.exit(3)
})
child.on('exit', (status, signal) => process.exit(status ?? 128 + constants.signals[signal]))
