// SPDX-License-Identifier: Apache-2.0
import worker from './worker.cjs'

worker.takeDatabase()
