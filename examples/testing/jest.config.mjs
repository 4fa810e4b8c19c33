// SPDX-License-Identifier: Apache-2.0
export default {
  preset: '@ballast-db/test',
  testMatch: ['<rootDir>/jest/*.test.mjs'],
  transform: {},
  testTimeout: 120_000,
}
