// SPDX-License-Identifier: Apache-2.0
// For the processes (or threads) that run tests.
const { MessageChannel, Worker, receiveMessageOnPort } = require('node:worker_threads')
const { ADDRESS, PROJECT, projectOf } = require('./settings.cjs')

// One database for each project and process (or thread), however often a runner loads this module.
const HELD = Symbol.for('ballast.test.databases')

// The connection is a thread's, so that the code that asks can wait without returning to its event loop. The database
// lives as long as the connection, and that as long as the process.
const CONNECTION = `
  const { connect } = require('node:net')
  const { workerData: { host, port, request, state, answers } } = require('node:worker_threads')
  const answer = message => {
    answers.postMessage(message)
    Atomics.store(state, 0, 1)
    Atomics.notify(state, 0)
  }
  const socket = connect({ host, port }, () => socket.write(request))
  let text = ''
  socket.setEncoding('utf8')
  socket.on('error', error => answer({ error: error.message }))
  socket.on('close', () => answer({ error: 'the test runner ended' }))
  socket.on('data', part => {
    text += part
    if (text.includes('\\n')) answer(JSON.parse(text))
  })
`

function request(address, project) {
  const [host, port, word] = address.split(':')
  const { port1, port2 } = new MessageChannel()
  const state = new Int32Array(new SharedArrayBuffer(4))
  const text = `${JSON.stringify({ word, project })}\n`
  const thread = new Worker(CONNECTION, {
    eval: true,
    execArgv: [],
    workerData: { host, port: Number(port), request: text, state, answers: port2 },
    transferList: [port2],
  })
  thread.unref()
  Atomics.wait(state, 0, 0)
  const { variables, error } = receiveMessageOnPort(port1).message
  port1.close()
  if (error) throw new Error(error)
  return variables
}

/** Waits for the database of this worker, and sets the variables that name it. */
exports.takeDatabase = options => {
  const address = process.env[ADDRESS]
  if (!address) throw new Error('no databases were started: add the global setup of @SCOPE@/test to the configuration')
  const project = options ? projectOf(options) : (process.env[PROJECT] ?? '')
  // Another address is another run: Jest's watch mode stays in this process.
  const name = `${address} ${project}`
  const held = (process[HELD] ??= new Map())
  if (!held.has(name)) held.set(name, request(address, project))
  const variables = held.get(name)
  Object.assign(process.env, variables)
  return { url: variables.DATABASE_URL, variables }
}

exports.isStarted = () => Boolean(process.env[ADDRESS])
