// SPDX-License-Identifier: Apache-2.0
/** The path of the native program. BALLAST_BINARY in the environment replaces it. Throws if this platform has none. */
export function ballastPath(): string

/** What a command failed with, in its report. */
export type BallastError = NonNullable<ErrorReport['error']>
export type Fingerprint = NonNullable<DeployReport['fingerprint']>
export type ReleaseSummary = NonNullable<DeployReport['release']>

// What --output json prints; packaging/npm/types makes the rest from docs/schemas/.
