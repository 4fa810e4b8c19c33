// SPDX-License-Identifier: Apache-2.0
#include "difference/sequence_position.h"

#include <fmt/format.h>

#include <optional>
#include <set>
#include <string>

#include "sql/quote.h"

namespace ballast::difference {
namespace {

using catalog::Definition;
using catalog::Sequence;
using catalog::Step;
using catalog::TableObject;

bool IsInteger(const std::string& type) {
  return type == "integer" || type == "bigint" || type == "smallint";
}

Statement PositionAfter(const TableObject& table, size_t column, const Sequence& sequence,
                        bool shared) {
  const std::string place = QuotedName(sequence.name);
  Statement statement;
  statement.object = "sequence " + place;
  statement.target = {"sequence", sequence.name, {}, {}, {}};
  statement.lock = LockMode::kAccessShare;
  statement.table = QuotedName(table.table.name);
  statement.text =
      ContinueSequence(sequence, statement.table,
                       sql::QuoteIdentifier(table.table.columns[column].name), shared) +
      ";\n";
  return statement;
}

std::optional<Statement> AfterOwner(const DatabaseDefinitions& from, const DatabaseDefinitions& to,
                                    const Sequence& sequence) {
  const TableObject* table = to.TableOf(sequence.column);
  if (table == nullptr || from.TableNamed(table->table.name) == nullptr) return std::nullopt;
  const auto column = ColumnNumbered(*table, sequence.column.part);
  if (!column || !IsInteger(table->table.columns[*column].type)) return std::nullopt;
  return PositionAfter(*table, *column, sequence, false);
}

// The identities of the objects that use the sequence: defaults of columns, and others.
std::set<catalog::ObjectId> UsersOf(const DatabaseDefinitions& to, const Sequence& sequence) {
  std::set<catalog::ObjectId> users;
  for (const catalog::Dependency& edge : to.database().dependencies) {
    if (edge.to == sequence.id) users.insert(edge.from);
  }
  return users;
}

std::vector<Statement> AfterDefaults(const DatabaseDefinitions& from, const DatabaseDefinitions& to,
                                     const Sequence& sequence) {
  std::vector<Statement> statements;
  const std::set<catalog::ObjectId> users = UsersOf(to, sequence);
  if (users.empty()) return statements;
  for (const TableObject& table : to.database().tables) {
    const TableObject* before = from.TableNamed(table.table.name);
    if (before == nullptr) continue;
    for (size_t column = 0; column < table.defaults.size(); ++column) {
      if (!users.contains(table.defaults[column])) continue;
      const catalog::Column& now = table.table.columns[column];
      const auto was = ColumnNamed(*before, now.name);
      if (!was || !IsInteger(now.type) || !IsInteger(before->table.columns[*was].type)) continue;
      statements.push_back(PositionAfter(table, column, sequence, true));
    }
  }
  return statements;
}

}  // namespace

std::string ContinueSequence(const Sequence& sequence, const std::string& table,
                             const std::string& column, bool shared) {
  const bool descends = sequence.increment < 0;
  const std::string place = QuotedName(sequence.name);
  const std::string position = "(SELECT last_value FROM " + place + ")";
  const std::string value = fmt::format("{}({})", descends ? "min" : "max", column);
  return fmt::format("SELECT setval({}, {}) FROM {} HAVING {} BETWEEN {} AND {}",
                     sql::QuoteLiteral(place), value, table, value,
                     shared && !descends ? position : std::to_string(sequence.minimum),
                     shared && descends ? position : std::to_string(sequence.maximum));
}

std::vector<Statement> SequencePositions(const DatabaseDefinitions& from,
                                         const DatabaseDefinitions& to, size_t at,
                                         bool makes_owned) {
  const Sequence* sequence = to.SequenceAt(at);
  if (sequence == nullptr) return {};
  if (makes_owned) {
    const auto statement = AfterOwner(from, to, *sequence);
    return statement ? std::vector<Statement>{*statement} : std::vector<Statement>{};
  }
  const bool alone = sequence->column.object == 0 && !sequence->identity;
  if (!alone || to.At(at).step != Step::kCreateSequence) return {};
  return AfterDefaults(from, to, *sequence);
}

}  // namespace ballast::difference
