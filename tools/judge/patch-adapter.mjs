// SPDX-License-Identifier: Apache-2.0
// Usage: node patch-adapter.mjs FOLDER
// Brings Prisma's PostgreSQL adapter (node_modules/@prisma/adapter-pg below FOLDER) to the behavior of the
// native engine in two points: it maps the column types "char", name and name[], and it sends a script
// as one message instead of splitting it at every semicolon. It fails where the adapter looks different.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const TYPES = { 18: 'Text', 19: 'Text', 1003: 'TextArray' } // pg_type OIDs
const UNKNOWN_TYPE = /default:\s*if \(fieldTypeId >= FIRST_NORMAL_OBJECT_ID\) \{\s*return ([\w.]*ColumnTypeEnum)\b/
const SPLIT = /const statements = script\.split\(";"\)[^;]*;/

function patched(source, file) {
  const match = UNKNOWN_TYPE.exec(source)
  if (!match) throw new Error(`${file}: the adapter's mapping of column types was not found`)
  const cases = Object.entries(TYPES).map(([oid, type]) => `case ${oid}: return ${match[1]}.${type};`).join(' ')
  const result = source.replace(UNKNOWN_TYPE, text => `${cases} ${text}`).replace(SPLIT, 'const statements = [script];')
  if (result.includes('script.split(')) throw new Error(`${file}: the adapter still splits scripts`)
  return result
}

const folder = join(process.argv[2], 'node_modules/@prisma/adapter-pg/dist')
for (const name of ['index.js', 'index.mjs']) {
  const file = join(folder, name)
  if (!existsSync(file)) continue
  writeFileSync(file, patched(readFileSync(file, 'utf8'), file))
}
