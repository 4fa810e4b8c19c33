// SPDX-License-Identifier: Apache-2.0
import { expect, test } from '@ballast-db/test/playwright'

test('a user registers', async ({ database }) => {
  const { prisma, register } = await import('../users.mjs')
  expect(process.env.DATABASE_URL).toBe(database.url)
  await register('Ada')
  expect(await prisma.user.count()).toBe(1)
  await expect(register('Ada')).rejects.toThrow(/Unique constraint/)
  await prisma.user.deleteMany()
})
