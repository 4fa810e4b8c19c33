// SPDX-License-Identifier: Apache-2.0
#include "apply/named_schema.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.h"
#include "sql/classify.h"
#include "sql/quote.h"

namespace ballast::apply {
namespace {

bool Creates(sql::StatementKind kind) {
  return kind == sql::StatementKind::kCreateTable || kind == sql::StatementKind::kCreateTableAs ||
         kind == sql::StatementKind::kCreateType || kind == sql::StatementKind::kCreateView;
}

// Whether it can use schemas in a way that its statements do not show: code creates one, or the
// search_path changes.
bool HidesSchemas(std::string_view script, const std::vector<sql::Statement>& statements) {
  const auto created = std::count_if(statements.begin(), statements.end(), [](const auto& it) {
    return it.kind == sql::StatementKind::kCreateSchema && !it.object.name.empty();
  });
  return ContainsIgnoringAsciiCase(script, "search_path") ||
         CountIgnoringAsciiCase(script, "create schema") > static_cast<size_t>(created);
}

// `public` and the system's schemas always exist.
bool IsEverywhere(const std::string& schema) {
  return schema == "public" || schema == "information_schema" || schema.starts_with("pg_");
}

// How the statements of a history name their objects, in order.
class SchemaUses {
 public:
  void Add(const sql::Statement& statement) {
    const auto& [schema, name] = statement.object;
    if (statement.kind == sql::StatementKind::kCreateSchema) return void(made_.insert(name));
    if (made_.contains(schema)) return;
    const bool creates = Creates(statement.kind);
    if (schema.empty()) return AddUnqualified(name, creates);
    if (IsEverywhere(schema)) names_another_ = true;
    if (unqualified_.contains(name)) own_.insert(schema);
    // A schema that is first named for an existing object is somebody else's: auth.users.
    const auto [first, is_new] = created_.try_emplace(schema);
    if (is_new && !creates) foreign_.insert(schema);
    if (creates) first->second.insert(name);
  }

  std::optional<std::string> Own() const {
    if (names_another_) return std::nullopt;
    if (own_.size() == 1) return *own_.begin();
    const bool all_in_one = unqualified_.empty() && created_.size() == 1 && foreign_.empty();
    if (own_.empty() && all_in_one) return created_.begin()->first;
    return std::nullopt;
  }

 private:
  void AddUnqualified(const std::string& name, bool creates) {
    for (const auto& [schema, names] : created_) {
      if (!creates && names.contains(name) && !unqualified_.contains(name)) own_.insert(schema);
    }
    if (creates) unqualified_.insert(name);
  }

  std::set<std::string> made_;                            // schemas that the history creates
  std::set<std::string> unqualified_;                     // created without a schema
  std::map<std::string, std::set<std::string>> created_;  // in each schema that is named
  std::set<std::string> foreign_;
  std::set<std::string> own_;
  bool names_another_ = false;  // one that always exists
};

}  // namespace

std::optional<std::string> NamedSchemaOf(const std::vector<release::Migration>& migrations,
                                         const std::string& setup_script) {
  const bool plain = !ContainsIgnoringAsciiCase(setup_script, "create schema") &&
                     !ContainsIgnoringAsciiCase(setup_script, "search_path");
  if (!plain) return std::nullopt;
  SchemaUses uses;
  for (const release::Migration& migration : migrations) {
    const std::string& script = migration.script.TextOrEmpty();
    const std::vector<sql::Statement> statements = sql::ReadScript(script);
    if (HidesSchemas(script, statements)) return std::nullopt;
    for (const sql::Statement& statement : statements) {
      if (!statement.object.name.empty()) uses.Add(statement);
    }
  }
  return uses.Own();
}

Status RenameSchema(postgres::Session& session, const std::string& from, const std::string& to) {
  TRY(session.Query("ALTER SCHEMA " + sql::QuoteIdentifier(from) + " RENAME TO " +
                    sql::QuoteIdentifier(to)));
  return {};
}

}  // namespace ballast::apply
