// SPDX-License-Identifier: Apache-2.0
#include "apply/named_schema.h"

#include <set>

#include "base/text.h"
#include "sql/classify.h"
#include "sql/quote.h"

namespace ballast::apply {
namespace {

bool Creates(sql::StatementKind kind) {
  return kind == sql::StatementKind::kCreateTable || kind == sql::StatementKind::kCreateType ||
         kind == sql::StatementKind::kCreateView;
}

bool MayCreateSchemas(std::string_view script) {
  return ContainsIgnoringAsciiCase(script, "create schema") ||
         ContainsIgnoringAsciiCase(script, "search_path");
}

// `public` and the system's schemas always exist.
bool IsEverywhere(const std::string& schema) {
  return schema == "public" || schema == "information_schema" || schema.starts_with("pg_");
}

}  // namespace

std::optional<std::string> NamedSchemaOf(const std::vector<release::Migration>& migrations,
                                         const std::string& setup_script) {
  if (MayCreateSchemas(setup_script)) return std::nullopt;
  std::set<std::string> unqualified;
  std::set<std::string> named;
  for (const release::Migration& migration : migrations) {
    const std::string& script = migration.script.TextOrEmpty();
    if (MayCreateSchemas(script)) return std::nullopt;
    for (const sql::Statement& statement : sql::ReadScript(script)) {
      const auto& [schema, name] = statement.object;
      if (name.empty()) continue;
      if (schema.empty()) {
        if (Creates(statement.kind)) unqualified.insert(name);
        continue;
      }
      if (IsEverywhere(schema)) return std::nullopt;
      if (unqualified.contains(name)) named.insert(schema);
    }
  }
  if (named.size() != 1) return std::nullopt;
  return *named.begin();
}

Status RenameSchema(postgres::Session& session, const std::string& from, const std::string& to) {
  TRY(session.Query("ALTER SCHEMA " + sql::QuoteIdentifier(from) + " RENAME TO " +
                    sql::QuoteIdentifier(to)));
  return {};
}

}  // namespace ballast::apply
