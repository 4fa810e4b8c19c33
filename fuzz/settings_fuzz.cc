// SPDX-License-Identifier: Apache-2.0
// Bytes as the files next to the schema of a project: .env, ballast.toml, migration_lock.toml,
// prisma.config.ts. Read or refused; what .env expands to is closed.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "workspace/config.h"
#include "workspace/dotenv.h"
#include "workspace/migrations_folder.h"
#include "workspace/prisma_config.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace ballast;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const workspace::Variables variables = workspace::ParseDotenv(text);
  const auto expanded = workspace::ExpandDotenv(variables, {{"HOME", "/root"}, {"A", "${B}"}});
  BALLAST_CHECK(!expanded.ok() || expanded->size() == variables.size());
  const auto config = workspace::ParseConfig(text, "ballast.toml");
  if (config.ok()) {
    BALLAST_CHECK(config->lock_timeout_ms.value_or(0) >= 0);
    BALLAST_CHECK(config->statement_timeout_ms.value_or(0) >= 0);
  } else {
    BALLAST_CHECK(!config.error().message.empty());
  }
  BALLAST_CHECK(!workspace::ProviderOfLock(text).starts_with('"'));
  const workspace::PrismaConfig prisma_config(text, "/project/prisma.config.ts", "/project");
  for (const char* key : {"schema", "migrations.path", "datasource.url", "tables.external"}) {
    const auto value = prisma_config.Read(key, variables);
    BALLAST_CHECK(value.state == workspace::ConfigValue::State::kText || value.text.empty());
    (void)prisma_config.ReadTexts(key, variables);
  }
  return 0;
}
