// SPDX-License-Identifier: Apache-2.0
// For the test runner's main process: starts what workers take their databases from (databases.cjs).
import { existsSync, readFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { ballastPath } from '@SCOPE@/cli'
import settings from './settings.cjs'

const RUNNING = Symbol.for('ballast.test.running')

// What the main process has instead of a developer's database.
const NO_DATABASE = 'postgresql://only-test-workers-have-a-database.ballast.invalid/none'

/** Sets variables of the main process, and so of all processes that it starts, to a URL that says why it fails. */
export function withoutDatabase(variables = ['DATABASE_URL', 'DIRECT_URL']) {
  for (const name of variables) process.env[name] = NO_DATABASE
}

function programOf(project, options) {
  const program = options.program || ballastPath()
  const { directory } = JSON.parse(project)
  if (!existsSync(directory)) throw new Error(`there is no folder ${directory} (option directory)`)
  if (program.includes('/') && !existsSync(program)) {
    throw new Error(`there is no program ${program} (${options.program ? 'option program' : 'BALLAST_BINARY'})`)
  }
  return program
}

// A thread of its own, because tests that run in the main process (jest --runInBand) block it until they have a
// database.
function startThread() {
  const source = readFileSync(new URL('databases.cjs', import.meta.url), 'utf8')
  const thread = new Worker(source, { eval: true, execArgv: [] })
  const waiting = new Map()
  let ended = false
  const answer = ({ id, ...result }) => {
    waiting.get(id)(result)
    waiting.delete(id)
    if (waiting.size === 0) thread.unref()
  }
  const fail = error => [...waiting.keys()].forEach(id => answer({ id, error }))
  thread.on('message', answer)
  thread.on('error', ({ message }) => fail(message))
  thread.on('exit', () => {
    ended = true
    fail('the thread with the databases ended')
  })
  let asked = 0
  const ask = question =>
    new Promise((resolve, reject) => {
      if (ended) return reject(new Error('the thread with the databases ended'))
      const id = ++asked
      waiting.set(id, result => (result.error ? reject(new Error(result.error)) : resolve(result)))
      thread.ref()
      thread.postMessage({ id, ...question })
    })
  return { ask, end: () => thread.terminate(), users: 0 }
}

/**
 * Starts what workers take their databases from, and makes the first database, so that a project that cannot be
 * deployed fails here. The returned function drops all databases and resolves when they are gone; if several projects
 * were started, the last one's does.
 */
export async function startDatabases(options = {}) {
  const project = settings.projectOf(options)
  const program = programOf(project, options)
  const running = (process[RUNNING] ??= startThread())
  running.users++
  let stopped = false
  const stop = async () => {
    if (stopped) return
    stopped = true
    if (--running.users > 0) return
    delete process[RUNNING]
    delete process.env[settings.ADDRESS]
    await running.ask({ stop: true }).catch(() => {})
    await running.end()
  }
  try {
    const { address, variables } = await running.ask({ project, program })
    process.env[settings.ADDRESS] = address
    withoutDatabase(variables)
  } catch (error) {
    await stop()
    throw error
  }
  return stop
}
