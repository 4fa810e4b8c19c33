// SPDX-License-Identifier: Apache-2.0
// The application: reads DATABASE_URL when it is loaded, as most do.
import { PrismaPg } from '@prisma/adapter-pg'
import { PrismaClient } from '@prisma/client'

export const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: process.env.DATABASE_URL }) })

export async function register(name) {
  return prisma.user.create({ data: { name, email: `${name.toLowerCase()}@example.org` } })
}
