// SPDX-License-Identifier: Apache-2.0
import { connect } from 'node:net'
import { ADDRESS, startDatabases } from './server.mjs'

// One per process (or thread), however often a runner loads this module.
const HELD = Symbol.for('ballast.test.database')

function request(address) {
  return new Promise((resolve, reject) => {
    const socket = connect(address)
    let text = ''
    socket.setEncoding('utf8')
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the test runner ended')))
    socket.on('data', part => {
      text += part
      if (!text.includes('\n')) return
      const { url, error } = JSON.parse(text)
      if (error) return reject(new Error(error))
      socket.unref() // the database lives as long as this connection, and that as long as the process
      resolve({ url, release: () => socket.destroy() })
    })
  })
}

export { startDatabases }

export async function workerDatabase() {
  const address = process.env[ADDRESS]
  if (!address) throw new Error('no databases were started: add the global setup of @SCOPE@/test to the configuration')
  // Another address is another run: Jest's watch mode stays in this process.
  if (process[HELD]?.address !== address) process[HELD] = { address, database: request(address) }
  const { url } = await process[HELD].database
  process.env.DATABASE_URL = url
  process.env.DIRECT_URL = url
  return { url }
}
