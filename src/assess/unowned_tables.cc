// SPDX-License-Identifier: Apache-2.0
#include "assess/unowned_tables.h"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "base/text.h"
#include "postgres/powerful_role.h"
#include "sql/classify.h"
#include "sql/lexer.h"
#include "sql/quote.h"
#include "sql/role_switch.h"

namespace ballast::assess {
namespace {

using sql::StatementKind;

struct NeededTable {
  std::string schema;
  std::string name;
  std::string migration;  // the first that needs it
};

bool SwitchesRole(const sql::Statement& statement) {
  if (statement.kind != StatementKind::kSet) return false;
  const std::vector<sql::Token> tokens = sql::Tokenize(statement.text);
  return sql::SwitchesRole({statement.text, tokens});
}

// The tables that scripts need and have not created before, in order.
class NeededTables {
 public:
  explicit NeededTables(const std::string& own_schema) : own_schema_(own_schema) {}

  void AddScript(std::string_view script, const std::string& migration) {
    for (const sql::Statement& statement : sql::ReadScript(script)) {
      if (!ends_) AddStatement(statement, migration);
    }
  }

  const std::vector<NeededTable>& list() const { return list_; }

 private:
  void AddStatement(const sql::Statement& statement, const std::string& migration) {
    const StatementKind kind = statement.kind;
    // What follows can run as another role, or with more privileges.
    ends_ = kind == StatementKind::kDo || kind == StatementKind::kCall ||
            kind == StatementKind::kGrant || SwitchesRole(statement);
    if (ends_ || statement.object.name.empty()) return;
    const std::string& named = statement.object.schema;
    const std::string& schema = named.empty() ? own_schema_ : named;
    const std::pair table(schema, statement.object.name);
    const bool creates = kind == StatementKind::kCreateTable ||
                         kind == StatementKind::kCreateTableAs || kind == StatementKind::kDropTable;
    const bool needs = kind == StatementKind::kAlterTable || kind == StatementKind::kCreateIndex;
    if (!creates && !needs) return;
    if (seen_.insert(table).second && needs) list_.push_back({schema, table.second, migration});
  }

  const std::string& own_schema_;
  std::set<std::pair<std::string, std::string>> seen_;
  std::vector<NeededTable> list_;
  bool ends_ = false;
};

std::string QueryFor(const std::vector<NeededTable>& tables) {
  std::vector<std::string> rows;
  for (const NeededTable& table : tables) {
    rows.push_back(fmt::format("({}, {}, {})", rows.size(), sql::QuoteLiteral(table.schema),
                               sql::QuoteLiteral(table.name)));
  }
  return "SELECT t.place, pg_catalog.pg_get_userbyid(c.relowner), " +
         postgres::IsPowerfulRole("c.relowner") + " FROM (VALUES " + Join(rows, ", ") +
         ") AS t(place, schema, name)\n"
         "JOIN pg_catalog.pg_namespace n ON n.nspname = t.schema\n"
         "JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.name\n"
         "WHERE c.relkind IN ('r', 'p') AND NOT pg_catalog.pg_has_role(c.relowner, 'USAGE')\n"
         "ORDER BY t.place";
}

}  // namespace

Result<std::vector<plan::UnownedTable>> FindUnownedTables(const plan::Plan& plan,
                                                          const plan::Observation& observation,
                                                          postgres::Session& session) {
  std::vector<plan::UnownedTable> unowned;
  if (observation.server.superuser || !observation.other_current_schema.empty()) return unowned;
  NeededTables needed(observation.schema);
  for (const plan::Step* step : plan::StepsOf(plan)) {
    const auto* run = std::get_if<plan::RunScript>(&step->act);
    if (run == nullptr) continue;
    if (run->settings != plan::ScriptSettings::kSession) break;
    needed.AddScript(run->Script(), run->migration.name);
  }
  if (needed.list().empty()) return unowned;
  TRY_ASSIGN(const auto answers, session.Query(QueryFor(needed.list())));
  for (const auto& row : answers.back().rows) {
    const NeededTable& table = needed.list()[std::stoul(row[0].value_or("0"))];
    const std::string schema = table.schema == observation.schema ? "" : table.schema;
    unowned.push_back({sql::QualifiedName(schema, table.name), row[1].value_or(""), row[2] == "t",
                       sql::QualifiedName(table.schema, table.name), table.migration});
  }
  return unowned;
}

}  // namespace ballast::assess
