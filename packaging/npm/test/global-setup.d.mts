// SPDX-License-Identifier: Apache-2.0
/** The global setup of Playwright; the returned function drops the databases. */
export default function setup(config?: unknown): Promise<() => Promise<void>>
