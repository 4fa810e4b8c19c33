// SPDX-License-Identifier: Apache-2.0
#include "plan/unusable_script.h"

#include <fmt/format.h>

#include "base/text.h"
#include "release/package.h"

namespace ballast::plan {

Refusal MissingScript(const release::Migration& migration) {
  return {ErrorCode::kMissingScript,
          fmt::format("migration {} has no migration.sql", migration.name),
          {},
          {"delete the folder or restore the file"},
          {migration.name, 0}};
}

std::optional<Refusal> RefuseEmptyHotfix(const release::Migration& hotfix) {
  if (!hotfix.script) return MissingScript(hotfix);
  if (sql::AnalyzeScript(*hotfix.script).statements > 0) return std::nullopt;
  return Refusal{ErrorCode::kMissingScript,
                 fmt::format("the script of hotfix {} has no statement", hotfix.name),
                 {},
                 {"write it, then: ballast hotfix seal", "or delete the folder"},
                 {fmt::format("{}/{}/migration.sql", release::kMigrationsPath, hotfix.name), 0}};
}

std::optional<Refusal> NulByteIn(const release::Migration& migration) {
  const size_t offset = migration.script->find('\0');
  if (offset == std::string::npos) return std::nullopt;
  return Refusal{ErrorCode::kNulByte,
                 fmt::format("migration {} has a NUL byte at byte offset {}, which PostgreSQL does "
                             "not accept; nothing was changed",
                             migration.name, offset),
                 {},
                 {"save the file without NUL bytes, as UTF-8"},
                 {migration.name, LineAt(*migration.script, offset)}};
}

std::optional<Refusal> RefuseUnterminated(const release::Migration& migration,
                                          const sql::ScriptProperties& properties) {
  if (properties.unterminated == sql::UnterminatedKind::kNone) return std::nullopt;
  const int line = LineAt(*migration.script, properties.unterminated_offset);
  return Refusal{ErrorCode::kMigrationFailed,
                 fmt::format("{} is cut off: the {} that begins on line {} is never closed; "
                             "nothing was changed",
                             migration.name, sql::NameOf(properties.unterminated), line),
                 {},
                 {"complete the script, then deploy again"},
                 {migration.name, line}};
}

}  // namespace ballast::plan
