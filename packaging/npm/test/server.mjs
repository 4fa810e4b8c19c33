// SPDX-License-Identifier: Apache-2.0
// Runs in the test runner's main process and gives each worker that connects a database of its own.
//
// A database lives as long as a process `ballast scratch --template`, which ends when its input does. So nothing is
// left behind, however the runner ends.
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ballastPath } from '@SCOPE@/cli'

// The variable through which workers find the server.
export const ADDRESS = 'BALLAST_TEST_DATABASES'
const HOLD = 'printf "%s\\n" "$DATABASE_URL"; exec cat >/dev/null'

/** The options that startDatabases takes, from the environment where they are not given. */
function settings(options) {
  return {
    program: options.program ?? ballastPath(),
    server: options.server ?? process.env.BALLAST_TEST_SERVER ?? '',
    directory: options.directory ?? process.cwd(),
    arguments: options.arguments ?? [],
  }
}

/** Starts `ballast scratch` and waits for the URL of its database. */
function hold(program, options, directory) {
  const child = spawn(program, ['scratch', '--color', 'never', ...options, '--', 'sh', '-c', HOLD], {
    cwd: directory,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let output = ''
  let problems = ''
  const ended = new Promise(resolve => child.on('close', resolve))
  child.stdin.on('error', () => {})
  child.stderr.setEncoding('utf8').on('data', text => (problems += text))
  child.stdout.setEncoding('utf8')
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    ended.then(() => reject(new Error(`ballast made no database:\n${problems.trim()}`)))
    child.stdout.on('data', text => {
      output += text
      if (!output.includes('\n')) return
      const release = () => {
        child.stdin.end()
        return ended
      }
      resolve({ url: output.slice(0, output.indexOf('\n')), release })
    })
  })
}

function answer(socket, database) {
  socket.on('close', () => database.then(({ release }) => release(), () => {}))
  socket.on('error', () => socket.destroy())
  database.then(
    ({ url }) => socket.write(`${JSON.stringify({ url })}\n`),
    error => socket.end(`${JSON.stringify({ error: error.message })}\n`),
  )
}

/**
 * Starts what workers take their databases from, and makes the first database, so that a project that cannot be
 * deployed fails here. The returned function drops all databases and resolves when they are gone.
 */
export async function startDatabases(options = {}) {
  const { program, server, directory, arguments: more } = settings(options)
  const host = server ? null : await hold(program, [], directory)
  const made = new Set()
  // The tests run the project's own code, so its migrations are trusted, too, committed or not.
  const make = () => {
    const database = hold(
      program, ['--template', '--trust-history', '--scratch-url', server || host.url, ...more], directory)
    made.add(database)
    return database
  }
  const stopAll = async () => {
    await Promise.allSettled([...made].map(database => database.then(({ release }) => release())))
    await host?.release()
  }

  let first = make()
  try {
    await first
  } catch (error) {
    await stopAll()
    throw error
  }
  const folder = await mkdtemp(join(tmpdir(), 'ballast-test-'))
  const listener = createServer(socket => {
    answer(socket, first ?? make())
    first = null
  })
  const sockets = new Set()
  listener.on('connection', socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  const address = join(folder, 'databases')
  await new Promise(resolve => listener.listen(address, resolve))
  listener.unref()
  process.env[ADDRESS] = address

  return async function stop() {
    delete process.env[ADDRESS]
    const closed = new Promise(resolve => listener.close(resolve))
    for (const socket of sockets) socket.destroy()
    await closed
    await stopAll()
    await rm(folder, { recursive: true, force: true })
  }
}
