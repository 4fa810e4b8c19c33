// SPDX-License-Identifier: Apache-2.0
#include "workspace/prisma_config.h"

#include <gtest/gtest.h>

namespace ballast::workspace {
namespace {

TEST(PrismaConfigTest, ReadsLiteralValues) {
  const PrismaConfig config = ReadPrismaConfig(R"(
// schema: "not/this.prisma"
import "dotenv/config";
import { defineConfig, env } from "prisma/config";
/* migrations: { path: "nor/this" } */
export default defineConfig({
  earlyAccess: true,
  "schema": 'db/schema.prisma',
  migrations: {
    seed: `tsx ${seed}`,
    path: "db/migrations",
  },
  datasource: { url: env("DATABASE_URL"), directUrl: process.env.DIRECT_URL! },
  adapter: async () => { return new Adapter({ schema: "wrong" }) },
});
)",
                                               "prisma.config.ts");
  EXPECT_EQ(config.schema, "db/schema.prisma");
  EXPECT_EQ(config.migrations_path, "db/migrations");
  EXPECT_EQ(config.url.variable, "DATABASE_URL");
  EXPECT_EQ(config.url.where, (Place{"prisma.config.ts", 13}));
  EXPECT_EQ(config.direct_url.variable, "DIRECT_URL");
  EXPECT_TRUE(config.loads_dotenv);
  EXPECT_TRUE(config.notices.empty());
}

TEST(PrismaConfigTest, KnowsTheFormsThatProjectsUse) {
  struct Case {
    const char* text;
    std::optional<std::string> schema;
  };
  for (const Case& c : {
           Case{"export default { schema: 'a' }", "a"},
           Case{"export default { schema: 'a' } satisfies PrismaConfig", "a"},
           Case{"module.exports = defineConfig({schema:\"a\",})", "a"},
           Case{"module.exports = { schema: `a` };", "a"},
           Case{"const c: PrismaConfig = { schema: 'a' }; export default c;", "a"},
           Case{"const c = defineConfig({ schema: 'a' }); export default c", "a"},
           Case{"export default defineConfig({ schema: path.join('a', \"b\") })", "a/b"},
           Case{"export default defineConfig({ schema: path.resolve(__dirname, 'a') })", "a"},
           Case{"export default defineConfig({ schema: join(import.meta.dirname, 'a') })", "a"},
           Case{"export default defineConfig({ x: { schema: 'no' }, schema: 'a' })", "a"},
           Case{"export default defineConfig({ ...base, f() { return {} }, schema: 'a' })", "a"},
           Case{"export default defineConfig({})", std::nullopt},
           Case{"", std::nullopt},
           Case{"export default defineConfig({ schema: 'a", "a"},
       }) {
    EXPECT_EQ(ReadPrismaConfig(c.text, "f").schema, c.schema) << c.text;
  }
}

TEST(PrismaConfigTest, PassesOverWhatIsNotLiteralAndSaysSo) {
  const PrismaConfig config = ReadPrismaConfig(
      "export default defineConfig({\n"
      "  schema: process.env.SCHEMA,\n"
      "  migrations: fromElsewhere,\n"
      "  datasource: { url: makeUrl('x'), directUrl: 'a' + b },\n"
      "  views: other,\n"
      "})",
      "f");
  EXPECT_EQ(config.schema, std::nullopt);
  EXPECT_FALSE(config.url.IsSet());
  EXPECT_FALSE(config.direct_url.IsSet());
  EXPECT_EQ(config.notices,
            (std::vector<std::string>{
                "f:2: the value of schema is not a literal; it is passed over",
                "f:3: the value of migrations is not a literal; it is passed over",
                "f:4: the value of datasource.url is not a literal; it is passed over",
                "f:4: the value of datasource.directUrl is not a literal; it is passed over"}));
  EXPECT_FALSE(ReadPrismaConfig("export default make()", "f").notices.empty());
}

}  // namespace
}  // namespace ballast::workspace
