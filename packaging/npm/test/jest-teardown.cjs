// SPDX-License-Identifier: Apache-2.0
module.exports = async () => {
  await globalThis[Symbol.for('ballast.test.stop')]?.()
}
