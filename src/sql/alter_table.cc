// SPDX-License-Identifier: Apache-2.0
#include "sql/alter_table.h"

#include <nlohmann/json.hpp>

#include "sql/lexer.h"
#include "sql/parse_tree_internal.h"

namespace ballast::sql {
namespace {

using nlohmann::json;

void ReadColumn(const json& column, AlterClause& clause) {
  clause.kind = AlterClauseKind::kAddColumn;
  clause.name = TextAt(column, "colname");
  for (const char* property : {"collClause", "storage_name", "compression", "fdwoptions"}) {
    clause.has_properties = clause.has_properties || column.contains(property);
  }
  for (const json& item : At(column, "constraints")) {
    const std::string type = TextAt(At(item, "Constraint"), "contype");
    if (type == "CONSTR_NULL" || type == "CONSTR_NOTNULL" || type == "CONSTR_DEFAULT") continue;
    if (type == "CONSTR_CHECK" || type == "CONSTR_UNIQUE" || type == "CONSTR_PRIMARY" ||
        type == "CONSTR_FOREIGN" || type.starts_with("CONSTR_ATTR_")) {
      clause.kind = AlterClauseKind::kAddCheckedColumn;
    } else {
      clause.has_properties = true;
    }
  }
}

void ReadConstraint(const json& constraint, AlterClause& clause) {
  const std::string type = TextAt(constraint, "contype");
  clause.name = TextAt(constraint, "conname");
  const bool is_known = type == "CONSTR_CHECK" || type == "CONSTR_UNIQUE" ||
                        type == "CONSTR_PRIMARY" || type == "CONSTR_FOREIGN" ||
                        type == "CONSTR_EXCLUSION";
  if (is_known && !constraint.contains("indexname")) clause.kind = AlterClauseKind::kAddConstraint;
}

AlterClause ClauseOf(const json& command, std::string_view text) {
  AlterClause clause;
  clause.text = text;
  clause.name = TextAt(command, "name");
  const std::string type = TextAt(command, "subtype");
  if (type == "AT_AddColumn") ReadColumn(At(At(command, "def"), "ColumnDef"), clause);
  if (type == "AT_AddConstraint") ReadConstraint(At(At(command, "def"), "Constraint"), clause);
  if (type == "AT_SetNotNull") clause.kind = AlterClauseKind::kSetNotNull;
  if (type == "AT_AlterColumnType") clause.kind = AlterClauseKind::kAlterType;
  if (type == "AT_DropConstraint") clause.kind = AlterClauseKind::kDropConstraint;
  return clause;
}

// The statement behind the name of its table.
TokenReader AfterName(TokenReader reader) {
  reader.Take("alter", "table");
  reader.Take("if", "exists");
  reader.Take("only");
  reader.TakeName();
  reader.Take("*");
  return reader;
}

}  // namespace

std::optional<AlterTableStatement> ReadAlterTable(std::string_view statement) {
  const std::optional<json> tree = ParseTreeOf(statement);
  if (!tree || At(*tree, "stmts").size() != 1) return std::nullopt;
  const json& node = At(At(At(*tree, "stmts").front(), "stmt"), "AlterTableStmt");
  const json& commands = At(node, "cmds");
  if (commands.empty() || TextAt(node, "objtype") != "OBJECT_TABLE") return std::nullopt;
  const std::vector<Token> tokens = Tokenize(statement);
  const TokenReader reader(statement, tokens);
  const std::vector<TokenReader> parts = AfterName(reader).SplitAtCommas();
  if (parts.size() != commands.size()) return std::nullopt;
  AlterTableStatement read;
  read.only = !At(node, "relation").contains("inh");
  for (size_t at = 0; at < parts.size(); ++at) {
    read.clauses.push_back(ClauseOf(At(commands[at], "AlterTableCmd"), parts[at].Source()));
  }
  return read;
}

}  // namespace ballast::sql
