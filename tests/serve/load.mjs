// SPDX-License-Identifier: Apache-2.0
// Asks URL at RATE requests a second for SECONDS over keep-alive connections, each at its own time, whether earlier
// ones were answered or not. Prints {"answered", "failed", "p50", "p99", "worst"} (milliseconds).
import http from 'node:http'

const [base, rate, seconds, ...paths] = process.argv.slice(2)
const agent = new http.Agent({ keepAlive: true, maxSockets: 40 })
const times = []
let failed = 0
const begin = performance.now()
const total = rate * seconds
let sent = 0
let open = 0

function ask(path, due) {
  open += 1
  const done = (good) => { open -= 1; if (good) times.push(performance.now() - due); else failed += 1 }
  http.get(`${base}${path}`, { agent }, (answer) => {
    answer.resume()
    answer.on('end', () => done(answer.statusCode === 200 || answer.statusCode === 503))
  }).on('error', () => done(false))
}

const timer = setInterval(() => {
  const due = Math.min(total, Math.floor((performance.now() - begin) * rate / 1000))
  for (; sent < due; sent += 1) ask(paths[sent % paths.length], begin + (sent * 1000) / rate)
  if (sent < total || open > 0) return
  clearInterval(timer)
  agent.destroy()
  times.sort((a, b) => a - b)
  const at = (part) => times[Math.min(times.length - 1, Math.floor(times.length * part))]
  console.log(JSON.stringify({ answered: times.length, failed, p50: at(0.5), p99: at(0.99), worst: times.at(-1) }))
}, 1)
