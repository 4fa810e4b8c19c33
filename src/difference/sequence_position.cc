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

// The number that a value is. A column of another type can have the sequence's numbers as text.
std::string NumberIn(const std::string& column, const std::string& type) {
  if (IsInteger(type)) return column;
  return fmt::format("CASE WHEN {0}::text ~ '^-?[0-9]{{1,18}}$' THEN {0}::text::bigint END",
                     column);
}

Statement PositionAfter(const TableObject& table, size_t column, const std::string& type,
                        const Sequence& sequence) {
  const std::string place = QuotedName(sequence.name);
  Statement statement;
  statement.object = "sequence " + place;
  statement.target = {"sequence", sequence.name, {}, {}, {}};
  statement.lock = LockMode::kAccessShare;
  statement.table = QuotedName(table.table.name);
  statement.text = ContinueSequence(sequence, statement.table,
                                    sql::QuoteIdentifier(table.table.columns[column].name), type) +
                   ";\n";
  return statement;
}

// A column can be converted before its values are read, or afterwards.
const std::string& TypeForNumbers(const TableObject& before, const catalog::Column& now) {
  const auto was = ColumnNamed(before, now.name);
  if (!was || IsInteger(before.table.columns[*was].type)) return now.type;
  return before.table.columns[*was].type;
}

std::optional<Statement> AfterOwner(const DatabaseDefinitions& from, const DatabaseDefinitions& to,
                                    const Sequence& sequence) {
  const TableObject* table = to.TableOf(sequence.column);
  const TableObject* before = table ? from.TableNamed(table->table.name) : nullptr;
  if (before == nullptr) return std::nullopt;
  const auto column = ColumnNumbered(*table, sequence.column.part);
  if (!column) return std::nullopt;
  return PositionAfter(*table, *column, TypeForNumbers(*before, table->table.columns[*column]),
                       sequence);
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
      if (!ColumnNamed(*before, now.name)) continue;
      statements.push_back(PositionAfter(table, column, TypeForNumbers(*before, now), sequence));
    }
  }
  return statements;
}

}  // namespace

std::string ContinueSequence(const Sequence& sequence, const std::string& table,
                             const std::string& column, const std::string& type) {
  const bool descends = sequence.increment < 0;
  const std::string place = QuotedName(sequence.name);
  const std::string position = "(SELECT last_value FROM " + place + ")";
  const std::string value = fmt::format("{}({})", descends ? "min" : "max", NumberIn(column, type));
  return fmt::format("SELECT setval({}, {}) FROM {} HAVING {} BETWEEN {} AND {}",
                     sql::QuoteLiteral(place), value, table, value,
                     descends ? std::to_string(sequence.minimum) : position,
                     descends ? position : std::to_string(sequence.maximum));
}

std::string AdvanceSequence(const Sequence& sequence) {
  const std::string place = QuotedName(sequence.name);
  const std::string position = std::to_string(sequence.last_value);
  return fmt::format(
      "SELECT setval({}, {}{}) FROM {} WHERE last_value {} {}{}", sql::QuoteLiteral(place),
      position, sequence.is_called ? "" : ", false", place, sequence.increment < 0 ? ">" : "<",
      position, sequence.is_called ? " OR last_value = " + position + " AND NOT is_called" : "");
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
