// SPDX-License-Identifier: Apache-2.0
/** The path of the native program. BALLAST_BINARY in the environment replaces it. Throws if this platform has none. */
export function ballastPath(): string

/** What a command failed with, in its report. */
export interface BallastError {
  /** Prisma's code where it has one for the same meaning (P3005, P3009, …), else ballast's own (B…). */
  code: string
  message: string
  hint: string | null
}

export interface Fingerprint {
  expected: string | null
  actual: string | null
  equal: boolean
}

export interface ReleaseSummary {
  version: string
  migration_count: number
}

/** `ballast deploy --output json` */
export interface DeployReport {
  strategy: 'release' | 'development' | 'history'
  strategy_reason: string
  found: string
  decision: 'apply' | 'nothing' | 'refuse'
  applied: string[]
  recorded: string[]
  round_trips: number
  duration_ms: number
  fingerprint: Fingerprint
  release: ReleaseSummary | null
  error: BallastError | null
}

/** `ballast status --output json` */
export interface StatusReport {
  found: string
  pending: string[]
  failed: unknown[]
  unknown: string[]
  release: ReleaseSummary | null
  fingerprint: Fingerprint
  error?: BallastError | null
}

/** `ballast release create --output json` */
export interface ReleaseCreateReport {
  version: string
  changed: boolean
  migration_count: number
  baseline_includes_up_to: string
  baseline_lines: number
  fingerprint: string
  proof: { equal: boolean; servers: unknown[] }
  duration_ms: number
}

/** `ballast catalog diff --output json` */
export interface CatalogDiffReport {
  equal: boolean
  layout_equal: boolean
  differences: { object: string; kind: string; change: string; a: string | null; b: string | null }[]
}
