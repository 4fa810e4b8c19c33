// SPDX-License-Identifier: Apache-2.0
// Drives the schema engine of Prisma 7 as the prisma CLI does, without the CLI:
//
//   DATABASE_URL=postgresql://… SCHEMA_PATH=file-or-folder MIG_PATH=…/migrations prisma-engine COMMAND
//
//   deploy                what `migrate deploy` does
//   diagnose [--shadow]   what `migrate status` asks; with --shadow also what `migrate dev` asks
//   dev                   what `migrate dev` would do
//   applied NAME          what `migrate resolve --applied` does
//   rolled-back NAME      what `migrate resolve --rolled-back` does
//   push                  what `db push` does: executedSteps is 0 where schema and database agree
//   drift                 what `migrate diff --from-migrations --to-schema-datamodel --script` prints
//   script                what `migrate diff --from-empty --script` prints
//   version               the engine's
//
// Prints the engine's answer as JSON. On an error it prints code, message and details to stderr and exits
// with 1. INIT_SHADOW_DB is the script for the shadow database. Scripts are sent as one message, as
// Prisma 7 did before 7.4; its native engine splits them from then on.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'

const text = file => readFileSync(file, 'utf8')

async function loadEngine() {
  globalThis.PRISMA_WASM_PANIC_REGISTRY = {
    set_message: message => console.error(`the engine panicked: ${message}`),
  }
  const folder = dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg'))
  const bindings = await import(join(folder, 'schema_engine_bg.js'))
  const module = await WebAssembly.instantiate(readFileSync(join(folder, 'schema_engine_bg.wasm')), {
    './schema_engine_bg.js': bindings,
  })
  bindings.__wbg_set_wasm(module.instance.exports)
  module.instance.exports.__wbindgen_start()
  return bindings
}

// Given by parts: the adapter replaces only `database` for its shadow database, and a connection string
// would win over that.
function adapterFor(address) {
  const url = new URL(address)
  const connection = {
    host: url.searchParams.get('host') ?? url.hostname, // a folder: a Unix socket
    port: Number(url.port || 5432),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password) || undefined,
    database: decodeURIComponent(url.pathname.slice(1)),
    idleTimeoutMillis: 20,
  }
  const schema = url.searchParams.get('schema')
  return bindMigrationAwareSqlAdapterFactory(new PrismaPg(connection, schema ? { schema } : {}))
}

function schemaFiles(path) {
  const files = statSync(path).isFile()
    ? [path]
    : readdirSync(path, { recursive: true }).filter(name => name.endsWith('.prisma')).map(name => join(path, name))
  return files.map(file => [file, text(file)])
}

function migrationFile(folder) {
  const file = join(folder, 'migration.sql')
  const content = existsSync(file) ? { tag: 'ok', value: text(file) } : { tag: 'error', value: 'no migration.sql' }
  return { path: 'migration.sql', content }
}

function listMigrations(folder) {
  const lock = join(folder, 'migration_lock.toml')
  const entries = existsSync(folder) ? readdirSync(folder, { withFileTypes: true }) : []
  const names = entries.filter(entry => entry.isDirectory()).map(entry => entry.name)
  return {
    baseDir: folder,
    lockfile: { path: 'migration_lock.toml', content: existsSync(lock) ? text(lock) : null },
    migrationDirectories: names
      .sort((a, b) => a.localeCompare(b))
      .map(path => ({ path, migrationFile: migrationFile(join(folder, path)) })),
    shadowDbInitScript: process.env.INIT_SHADOW_DB ?? '',
  }
}

const { DATABASE_URL, MIG_PATH, SCHEMA_PATH } = process.env
const [command, argument] = process.argv.slice(2)
const datamodels = schemaFiles(SCHEMA_PATH)
const files = datamodels.map(([path, content]) => ({ path, content }))
const migrationsList = listMigrations(MIG_PATH)
const filters = { externalTables: [], externalEnums: [] }

const bindings = await loadEngine()
const commands = {
  deploy: engine => engine.applyMigrations({ migrationsList, filters }),
  diagnose: engine =>
    engine.diagnoseMigrationHistory({ migrationsList, optInToShadowDatabase: argument === '--shadow', filters }),
  dev: engine => engine.devDiagnostic({ migrationsList, filters }),
  applied: engine => engine.markMigrationApplied({ migrationsList, migrationName: argument, filters }),
  'rolled-back': engine => engine.markMigrationRolledBack({ migrationName: argument }),
  push: engine => engine.schemaPush({ schema: { files }, force: false, filters }),
  script: engine =>
    engine.diff({
      from: { tag: 'empty' },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      shadowDatabaseUrl: null,
      exitCode: null,
      filters,
    }),
  drift: engine =>
    engine.diff({
      from: { tag: 'migrations', ...migrationsList },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      shadowDatabaseUrl: null,
      exitCode: null,
      filters,
    }),
  version: () => bindings.version(),
}

try {
  if (!Object.hasOwn(commands, command)) throw new Error(`unknown command ${command}`)
  const engine = await bindings.SchemaEngine.new({ datamodels }, () => {}, adapterFor(DATABASE_URL))
  console.log(JSON.stringify(await commands[command](engine), null, 2))
} catch (error) {
  console.error(error?.code ?? '', error?.message ?? error, JSON.stringify(error?.meta ?? {}))
  process.exitCode = 1
}
setTimeout(() => process.exit(), 100) // the adapter's pool would keep the process for a while
