// SPDX-License-Identifier: Apache-2.0
#include "sql/partitioned_tables.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "sql/lexer.h"
#include "sql/parse_tree_internal.h"

namespace ballast::sql {
namespace {

using nlohmann::json;

constexpr std::string_view kPartition = "partition";
constexpr std::string_view kRename = "rename";

// Whether a string constant, which may be code, has the word.
bool InString(std::string_view script, std::string_view word) {
  if (!ContainsIgnoringAsciiCase(script, word)) return false;
  const std::vector<Token> tokens = Tokenize(script);
  return std::any_of(tokens.begin(), tokens.end(), [&](const Token& token) {
    return token.kind == TokenKind::kString &&
           ContainsIgnoringAsciiCase(script.substr(token.offset, token.length), word);
  });
}

}  // namespace

PartitionedTables::PartitionedTables(const std::vector<std::string_view>& scripts) {
  const bool any = std::any_of(scripts.begin(), scripts.end(), [](std::string_view script) {
    return ContainsIgnoringAsciiCase(script, kPartition);
  });
  if (!any) return;
  for (const std::string_view script : scripts) Read(script);
}

void PartitionedTables::Read(std::string_view script) {
  hides_tables_ = hides_tables_ || InString(script, kPartition);
  hides_renames_ = hides_renames_ || InString(script, kRename);
  const std::optional<json> tree = ParseTreeOf(script);
  if (!tree) {
    hides_tables_ = hides_tables_ || ContainsIgnoringAsciiCase(script, kPartition);
    hides_renames_ = hides_renames_ || ContainsIgnoringAsciiCase(script, kRename);
    return;
  }
  for (const json& item : At(*tree, "stmts")) {
    const json& statement = At(item, "stmt");
    const json& create = At(statement, "CreateStmt");
    if (create.contains("partspec")) tables_.insert(RelationName(At(create, "relation")).name);
    if (const json& index = At(statement, "IndexStmt"); !index.empty()) {
      tables_of_index_[TextAt(index, "idxname")].insert(RelationName(At(index, "relation")).name);
    }
    // ALTER TABLE renames indexes, too.
    const json& rename = At(statement, "RenameStmt");
    const std::string from = RelationName(At(rename, "relation")).name;
    const std::string to = TextAt(rename, "newname");
    if (from.empty() || rename.contains("subname")) continue;
    if (tables_.contains(from)) tables_.insert(to);
    if (const auto of = tables_of_index_.find(from); of != tables_of_index_.end()) {
      tables_of_index_[to].insert(of->second.begin(), of->second.end());
    }
  }
}

bool PartitionedTables::MayBePartitioned(const std::string& table) const {
  if (hides_tables_) return true;
  return tables_.contains(table) || (hides_renames_ && !tables_.empty());
}

bool PartitionedTables::MayBeOnPartitioned(const std::string& index) const {
  if (tables_.empty()) return hides_tables_;
  const auto known = tables_of_index_.find(index);
  if (known == tables_of_index_.end()) return true;
  return std::any_of(known->second.begin(), known->second.end(),
                     [&](const std::string& table) { return MayBePartitioned(table); });
}

}  // namespace ballast::sql
