// SPDX-License-Identifier: Apache-2.0
export interface Options {
  /** The server on which databases are made. Default: BALLAST_TEST_SERVER, else a private server for this run. */
  server?: string
  /** The project's folder. Default: the working directory. */
  directory?: string
  /** More options for `ballast scratch`, for example `['--schema', 'db/schema.prisma']`. */
  arguments?: string[]
  /** The ballast program. Default: that of the npm package. */
  program?: string
}

/** A database of this worker alone, deployed as `ballast deploy` would. */
export interface WorkerDatabase {
  url: string
}

/**
 * For a global setup: starts what workers take their databases from, and makes the first one. Rejects if the project
 * cannot be deployed. The returned function drops all databases and resolves when they are gone.
 */
export function startDatabases(options?: Options): Promise<() => Promise<void>>

/** The database of this worker. Sets DATABASE_URL and DIRECT_URL. Later calls give the same database. */
export function workerDatabase(): Promise<WorkerDatabase>
