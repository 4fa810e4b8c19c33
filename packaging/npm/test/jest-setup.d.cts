// SPDX-License-Identifier: Apache-2.0
/** Jest's global setup, for a global setup of your own to call. */
declare function setup(globalConfig: unknown, projectConfig: unknown): Promise<void>
export = setup
