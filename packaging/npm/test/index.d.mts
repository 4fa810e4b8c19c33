// SPDX-License-Identifier: Apache-2.0
export interface Options {
  /** The server on which databases are made. Default: BALLAST_TEST_SERVER, else a private server for this run. */
  server?: string
  /** The project's folder. Default: Vitest's root or Jest's rootDir, else the working directory. */
  directory?: string
  /** More options for `ballast scratch`, for example `['--schema', 'db/schema.prisma']`. */
  arguments?: string[]
  /** The ballast program. Default: that of the npm package. */
  program?: string
}

/** A database of this worker alone, deployed as `ballast deploy` would. */
export interface WorkerDatabase {
  url: string
  /** The variables that were set, with their URLs: DATABASE_URL, DIRECT_URL and those that the project's schema and configuration name. */
  variables: Record<string, string>
}

/**
 * For a global setup: starts what workers take their databases from, and makes the first one. Rejects if the project
 * cannot be deployed. Sets the variables of the main process to a URL without a server. The returned function drops all
 * databases and resolves when they are gone.
 */
export function startDatabases(options?: Options): Promise<() => Promise<void>>

/**
 * The database of this worker. Sets the variables. Later calls give the same database. `options` choose one of several
 * started projects.
 */
export function workerDatabase(options?: Options): Promise<WorkerDatabase>
