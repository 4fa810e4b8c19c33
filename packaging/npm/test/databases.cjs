// SPDX-License-Identifier: Apache-2.0
// A thread of the test runner's main process that gives each worker that connects a database of its own.
//
// A database lives as long as a process `ballast scratch --template`, which ends when its input does. So nothing is
// left behind, however the runner ends.
const { spawn } = require('node:child_process')
const { randomBytes } = require('node:crypto')
const { createServer } = require('node:net')
const { parentPort } = require('node:worker_threads')

const HOLD = 'printf "%s\\n" "$BALLAST_SCRATCH_VARIABLES"; exec cat >/dev/null'

/** Starts `ballast scratch` and waits for the variables that its command gets. */
function hold(program, directory, options) {
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
    child.on('error', error => reject(new Error(`${program} cannot be run: ${error.message}`)))
    ended.then(() => reject(new Error(`ballast made no database:\n${problems.trim()}`)))
    child.stdout.on('data', text => {
      output += text
      if (!output.includes('\n')) return
      const line = output.slice(0, output.indexOf('\n'))
      if (!line) reject(new Error(`${program} is older than this package`))
      const release = () => {
        child.stdin.end()
        return ended
      }
      resolve({ variables: JSON.parse(line || '{}'), release })
    })
  })
}

/** The databases of one project. */
class Project {
  made = []

  constructor(text, defaultProgram) {
    this.options = JSON.parse(text)
    this.options.program ||= defaultProgram
    const { program, server, directory } = this.options
    this.host = server ? null : hold(program, directory, [])
    this.first = this.make()
    this.ready = this.first
    this.ready.catch(() => {})
  }

  async start() {
    const { program, server, directory, arguments: more } = this.options
    const url = server || (await this.host).variables.DATABASE_URL
    // The tests run the project's own code, so its migrations are trusted, too, committed or not.
    return await hold(program, directory, ['--template', '--trust-history', '--scratch-url', url, ...more])
  }

  make() {
    const database = this.start()
    this.made.push(database)
    return database
  }

  take() {
    const database = this.first ?? this.make()
    this.first = null
    return database
  }

  async stop() {
    const release = database => database.then(held => held.release())
    await Promise.allSettled(this.made.map(release))
    if (this.host) await Promise.allSettled([release(this.host)])
  }
}

const secret = randomBytes(16).toString('hex')
const projects = new Map()
const sockets = new Set()
let program = ''

function projectOf(text) {
  if (!text && projects.size > 1) {
    throw new Error('the run has several projects: call workerDatabase() with the options of one')
  }
  const known = text ? projects.get(text) : [...projects.values()][0]
  if (known) return known
  const project = new Project(text, program)
  projects.set(text, project)
  return project
}

/** Anybody on this machine may connect, but only the run's own processes know the secret. */
function questionOf(text) {
  try {
    const { word, project } = JSON.parse(text)
    return word === secret ? { project } : null
  } catch {
    return null
  }
}

function give(socket, project) {
  let database
  try {
    database = projectOf(project).take()
  } catch (error) {
    database = Promise.reject(error)
  }
  socket.on('close', () => database.then(({ release }) => release(), () => {}))
  database.then(
    ({ variables }) => socket.write(`${JSON.stringify({ variables })}\n`),
    error => socket.end(`${JSON.stringify({ error: error.message })}\n`),
  )
}

const listener = createServer(socket => {
  sockets.add(socket)
  socket.on('close', () => sockets.delete(socket))
  socket.on('error', () => socket.destroy())
  let text = ''
  socket.setEncoding('utf8').on('data', part => {
    text += part
    if (!text.includes('\n') && text.length < 100_000) return
    socket.removeAllListeners('data')
    socket.resume()
    const question = questionOf(text)
    if (question) give(socket, question.project)
    else socket.destroy()
  })
})
const listening = new Promise((resolve, reject) => {
  listener.on('error', reject)
  listener.listen(0, '127.0.0.1', resolve)
})

async function start(text) {
  await listening
  const project = projectOf(text)
  const { variables } = await project.ready.catch(async error => {
    projects.delete(text)
    await project.stop()
    throw error
  })
  return { address: `127.0.0.1:${listener.address().port}:${secret}`, variables: Object.keys(variables) }
}

async function stop() {
  listener.close()
  for (const socket of sockets) socket.destroy()
  await Promise.all([...projects.values()].map(project => project.stop()))
  return {}
}

parentPort.on('message', async question => {
  const { id } = question
  program = question.program ?? program
  try {
    parentPort.postMessage({ id, ...(await (question.stop ? stop() : start(question.project))) })
  } catch (error) {
    parentPort.postMessage({ id, error: error.message })
  }
})
