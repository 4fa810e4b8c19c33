// SPDX-License-Identifier: Apache-2.0
import { afterAll, expect, test } from 'vitest'
import { prisma, register } from '../users.mjs'

afterAll(() => prisma.$disconnect())

test('a user registers', async () => {
  await register('Ada')
  expect(await prisma.user.count()).toBe(1)
})

test('an address is used once', async () => {
  await expect(register('Ada')).rejects.toThrow(/Unique constraint/)
})
