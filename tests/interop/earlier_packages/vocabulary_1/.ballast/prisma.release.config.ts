// Points Prisma (6.12 and later) at the release:
//   npx prisma migrate deploy --config prisma.release.config.ts
// Prisma loads no .env file when it reads a configuration; set the variables yourself.
import { defineConfig } from "prisma/config";

export default defineConfig({
  schema: "schema.release.prisma",
  migrations: { path: "release-migrations" },
});
