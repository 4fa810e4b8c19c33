// SPDX-License-Identifier: Apache-2.0
#include "difference/hazards.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "catalog/render_ddl.h"
#include "difference/offending_rows.h"
#include "difference/statement_lock.h"
#include "difference/step_kinds.h"
#include "sql/duplicate_rows.h"
#include "sql/key_columns.h"
#include "sql/lexer.h"
#include "sql/quote.h"

namespace ballast::difference {
namespace {

using catalog::Definition;
using catalog::Step;
using catalog::TableObject;

std::vector<std::string> QuotedAll(const std::vector<std::string>& names) {
  std::vector<std::string> quoted;
  quoted.reserve(names.size());
  for (const std::string& name : names) quoted.push_back(sql::QuoteIdentifier(name));
  return quoted;
}

// Whether the table has all of these columns before the script runs.
bool HasColumns(const DatabaseDefinitions& from, const catalog::Name& table,
                const std::vector<std::string>& names) {
  const TableObject* before = from.TableNamed(table);
  return before != nullptr && std::all_of(names.begin(), names.end(), [&](const auto& name) {
           return ColumnNamed(*before, name).has_value();
         });
}

void AddIndexEffects(const DatabaseDefinitions& from, const DatabaseDefinitions& to, size_t at,
                     Statement& statement) {
  statement.lock = LockMode::kShare;
  const catalog::IndexObject* object = to.IndexAt(at);
  if (object == nullptr) return;
  const catalog::Index& index = object->index;
  statement.table = QuotedName(index.table);
  if (!index.only && object->statistics.empty()) {
    statement.online = {{catalog::RenderCreateIndex(index, catalog::Quoting::kSafe,
                                                    catalog::IndexBuild::kConcurrent)}};
  }
  if (!index.unique) return;
  statement.fails_on = "rows of " + statement.table + " with duplicate values for " +
                       sql::QuoteIdentifier(index.name);
  std::vector<std::string> keys, columns;
  for (const catalog::IndexKey& key : index.keys) {
    keys.push_back(key.column.empty() ? key.expression : sql::QuoteIdentifier(key.column));
    if (!key.column.empty()) columns.push_back(key.column);
  }
  if (!HasColumns(from, index.table, columns)) return;
  statement.offending_rows =
      sql::DuplicateRows(statement.table, keys, index.nulls_not_distinct, index.predicate);
}

// Whether what the definition creates can be what a foreign key references.
bool MakesAKey(const DatabaseDefinitions& to, size_t at) {
  const Definition& definition = to.At(at);
  const catalog::IndexObject* index = to.IndexAt(at);
  if (definition.step == Step::kCreateIndex) return index != nullptr && index->index.unique;
  const TableObject* table = to.TableNamed(definition.name);
  if (definition.step != Step::kAlterTable || table == nullptr)
    return definition.step == Step::kCreateTable;
  return std::ranges::any_of(table->constraints, [&](const catalog::TableConstraint& one) {
    return one.id == definition.id && (one.type == 'p' || one.type == 'u');
  });
}

// Rows of the table are compared with it when it is added.
bool IsValidated(const catalog::TableConstraint& check) {
  return !check.definition.ends_with(" NOT VALID") && !check.definition.ends_with(" NOT ENFORCED");
}

std::string CheckCondition(std::string definition) {
  if (!definition.starts_with("CHECK ")) return {};
  definition.erase(0, 6);
  for (const std::string_view tail : {" NOT VALID", " NO INHERIT", " NOT ENFORCED"}) {
    if (definition.ends_with(tail)) definition.resize(definition.size() - tail.size());
  }
  return definition;
}

// Builds the index of the key while the table is written to; for the kinds of keys that an index
// statement can express in the same words: "UNIQUE (a, b) INCLUDE (c) DEFERRABLE".
std::vector<OnlineStep> BuildAndAdd(const TableObject& table, const catalog::TableConstraint& key) {
  const std::string kind = key.type == 'p' ? "PRIMARY KEY" : "UNIQUE";
  if (key.only || key.from_above || !key.definition.starts_with(kind + " (")) return {};
  std::string columns = key.definition.substr(kind.size() + 1), tail;
  for (const std::string_view word : {" INITIALLY DEFERRED", " DEFERRABLE"}) {
    if (!columns.ends_with(word)) continue;
    columns.resize(columns.size() - word.size());
    tail.insert(0, word);
  }
  const bool is_plain = columns.ends_with(')') && columns.find(" WITH") == std::string::npos &&
                        columns.find(" USING ") == std::string::npos;
  if (!is_plain) return {};
  const std::string on = QuotedName(table.table.name), name = sql::QuoteIdentifier(key.name);
  return {{fmt::format("CREATE UNIQUE INDEX CONCURRENTLY {} ON {} {};\n", name, on, columns)},
          {fmt::format("ALTER TABLE {} ADD CONSTRAINT {} {} USING INDEX {}{};\n", on, name, kind,
                       name, tail),
           ActionKind::kCreate, LockMode::kAccessExclusive}};
}

// Whether the words follow each other in the definition.
bool HasWords(const std::string& definition, std::string_view first, std::string_view second) {
  const std::vector<sql::Token> tokens = sql::Tokenize(definition);
  return sql::TokenReader(definition, tokens).Has(first, second);
}

void AddConstraintEffects(const DatabaseDefinitions& from, const TableObject& table,
                          const catalog::TableConstraint& constraint, Statement& statement) {
  statement.lock = LockMode::kAccessExclusive;
  statement.table = QuotedName(table.table.name);
  const std::string name = sql::QuoteIdentifier(constraint.name);
  if (constraint.type == 'c') {
    AddCheckEffects(table, constraint, statement);
    AddOnlineCheck(table, constraint, statement);
  }
  if (constraint.type == 'x') {
    statement.fails_on = "rows of " + statement.table + " that " + name + " excludes";
    statement.offending_rows = ExcludedRows(statement.table, constraint.definition);
  }
  if (constraint.type != 'p' && constraint.type != 'u') return;
  statement.online = BuildAndAdd(table, constraint);
  const std::vector<std::string> columns = sql::ColumnsOfKey(constraint.definition);
  statement.fails_on = "rows of " + statement.table + " with duplicate values for " + name;
  if (!HasColumns(from, table.table.name, columns)) return;
  const bool nulls = constraint.type == 'p' ||
                     constraint.definition.find(" NULLS NOT DISTINCT") != std::string::npos;
  const bool has_period = HasWords(constraint.definition, "without", "overlaps");
  statement.offending_rows =
      has_period ? OverlappingRows(statement.table, QuotedAll(columns), constraint.type == 'p')
                 : sql::DuplicateRows(statement.table, QuotedAll(columns), nulls, "");
  if (has_period) {
    statement.fails_on =
        "rows of " + statement.table + " with overlapping or empty periods for " + name;
  }
  if (constraint.type == 'p') statement.fails_on += ", or NULL there";
}

std::vector<OnlineStep> Validated(OnlineStep add, const std::string& table,
                                  const std::string& constraint) {
  const std::string name = sql::QuoteIdentifier(constraint);
  return {
      std::move(add),
      {fmt::format("ALTER TABLE {} VALIDATE CONSTRAINT {};\n", table, name), ActionKind::kAlter}};
}

std::vector<OnlineStep> AddAndValidate(catalog::ForeignKey key) {
  key.tail += key.tail.empty() ? "NOT VALID" : " NOT VALID";
  if (!key.definition.empty()) key.definition += " NOT VALID";
  return Validated(
      {catalog::RenderAddForeignKey(key), ActionKind::kCreate, LockMode::kShareRowExclusive},
      QuotedName(key.table), key.name);
}

// "FOREIGN KEY (room, PERIOD valid) REFERENCES …": rows for all of the period are referenced.
bool HasPeriod(const catalog::ForeignKey& key) {
  const std::vector<sql::Token> tokens = sql::Tokenize(key.definition);
  sql::TokenReader reader(key.definition, tokens);
  while (!reader.AtEnd() && !reader.Is("(")) reader.Skip();
  const std::vector<sql::TokenReader> columns = reader.TakeParentheses().SplitAtCommas();
  return !columns.empty() && columns.back().Is("period") && columns.back().left() > 1;
}

// The condition on `columns` of a row as child, without NULL, that the key finds no parent for.
std::string HasNoParent(const catalog::ForeignKey& key, const std::vector<std::string>& columns) {
  const bool has_period = HasPeriod(key);
  std::vector<std::string> equal;
  for (size_t at = 0; at < columns.size(); ++at) {
    const bool is_period = has_period && at + 1 == columns.size();
    equal.push_back(fmt::format("parent.{} {} {}", sql::QuoteIdentifier(key.referenced_columns[at]),
                                is_period ? "&&" : "=", columns[at]));
  }
  std::string together;  // their periods
  if (has_period) {
    together = fmt::format(" HAVING {} <@ range_agg(parent.{})", columns.back(),
                           sql::QuoteIdentifier(key.referenced_columns[columns.size() - 1]));
  }
  return fmt::format("NOT EXISTS (SELECT 1 FROM {} AS parent WHERE {}{})",
                     QuotedName(key.referenced_table), Join(equal, " AND "), together);
}

// `orphaned`: a condition on rows that have no NULL there; empty: all of them.
std::string RowsWithoutParent(const std::vector<std::string>& columns, const std::string& orphaned,
                              bool match_full) {
  std::vector<std::string> present, missing;
  for (const std::string& column : columns) {
    present.push_back(column + " IS NOT NULL");
    missing.push_back(column + " IS NULL");
  }
  const std::string all = Join(present, " AND ");
  if (!match_full || columns.size() == 1) return all + (orphaned.empty() ? "" : " AND ") + orphaned;
  const std::string any = "(" + Join(present, " OR ") + ")";
  if (orphaned.empty()) return any;
  return fmt::format("{} AND ({} OR {})", any, Join(missing, " OR "), orphaned);
}

void AddForeignKeyEffects(const DatabaseDefinitions& from, const catalog::ForeignKey& key,
                          Statement& statement) {
  statement.lock = LockMode::kShareRowExclusive;
  statement.table = QuotedName(key.table);
  if (key.tail.find("NOT VALID") != std::string::npos) return;
  if (key.tail.find("NOT ENFORCED") != std::string::npos) return;
  statement.online = AddAndValidate(key);
  // MATCH FULL refuses rows that have NULL in only some of the columns.
  const bool full = HasWords(key.definition, "match", "full");
  statement.fails_on = "rows of " + statement.table + " that " + sql::QuoteIdentifier(key.name) +
                       " finds no row of " + QuotedName(key.referenced_table) + " for" +
                       (full ? ", or with NULL in only some of its columns" : "");
  if (!HasColumns(from, key.table, key.columns)) return;
  std::vector<std::string> columns;
  for (size_t at = 0; at < key.columns.size() && at < key.referenced_columns.size(); ++at) {
    columns.push_back("child." + sql::QuoteIdentifier(key.columns[at]));
  }
  const bool has_parent = HasColumns(from, key.referenced_table, key.referenced_columns);
  const std::string orphaned = has_parent ? HasNoParent(key, columns) : "";
  statement.offending_rows = "SELECT child.* FROM " + statement.table + " AS child WHERE " +
                             RowsWithoutParent(columns, orphaned, full);
}

}  // namespace

void AddCreationEffects(const DatabaseDefinitions& from, const DatabaseDefinitions& to, size_t at,
                        bool existing, Statement& statement) {
  const Definition& definition = to.At(at);
  if (existing) statement.lock = LockOf(statement.text);
  statement.makes_a_key = MakesAKey(to, at);
  switch (definition.step) {
    case Step::kCreateIndex:
      if (existing) AddIndexEffects(from, to, at, statement);
      return;
    case Step::kAddForeignKey:
      for (const catalog::ForeignKeyObject& key : to.database().foreign_keys) {
        if (key.id != definition.id) continue;
        statement.references = QuotedName(key.key.referenced_table);
        if (existing) AddForeignKeyEffects(from, key.key, statement);
        // The referenced table is locked, too.
        if (from.TableNamed(key.key.referenced_table) != nullptr)
          statement.lock = LockMode::kShareRowExclusive;
      }
      return;
    case Step::kAlterTable:
      if (const TableObject* table = existing ? to.TableNamed(definition.name) : nullptr) {
        for (const catalog::TableConstraint& constraint : table->constraints) {
          if (constraint.id == definition.id)
            AddConstraintEffects(from, *table, constraint, statement);
        }
      }
      return;
    case Step::kAlterDomain:
      statement.offending_rows = RowsThatBreakDomain(from, definition);
      if (statement.offending_rows.empty()) return;
      statement.fails_on =
          "values of columns of the domain that break " + sql::QuoteIdentifier(definition.detail);
      return;
    default:
      return;
  }
}

void AddSequenceEffects(const std::string& name, const catalog::Sequence& sequence,
                        Statement& statement) {
  statement.fails_on = fmt::format("the value of {}, which has to be from {} to {}", name,
                                   sequence.minimum, sequence.maximum);
  statement.offending_rows =
      fmt::format("SELECT last_value FROM {} WHERE NOT last_value BETWEEN {} AND {}", name,
                  sequence.minimum, sequence.maximum);
}

void AddAlterEffects(const DatabaseDefinitions& from, const DatabaseDefinitions& to, size_t at,
                     Statement& statement) {
  const catalog::Address* address = to.AddressOf(to.At(at).id);
  const bool validates = address != nullptr && address->kind == "CONSTRAINT";
  if (validates) {
    const LockMode lock = statement.lock;
    AddCreationEffects(from, to, at, true, statement);
    statement.lock = lock;
    statement.online.clear();  // it validates already
  }
  const catalog::Sequence* sequence =
      to.At(at).step == Step::kCreateSequence ? to.SequenceAt(at) : nullptr;
  if (sequence != nullptr) AddSequenceEffects(QuotedName(sequence->name), *sequence, statement);
}

void AddAttachmentEffects(const DatabaseDefinitions& from, const DatabaseDefinitions& to,
                          const TableObject& partition, Statement& statement) {
  const TableObject* parent =
      partition.parents.empty() ? nullptr : to.TableOf(partition.parents.front());
  if (parent == nullptr) return;
  const std::string condition = BoundCondition(*parent, partition.bound);
  if (condition.empty()) return;
  const TableObject* existing = from.TableNamed(partition.table.name);
  if (existing != nullptr) {
    statement.table = QuotedName(partition.table.name);
    statement.fails_on = "rows of " + statement.table + " outside of its bounds as a partition";
    statement.offending_rows =
        "SELECT * FROM " + statement.table + " WHERE (" + condition + ") IS NOT TRUE";
    return;
  }
  for (const TableObject& other : from.database().tables) {
    if (other.bound != "DEFAULT" || other.parents.empty()) continue;
    const TableObject* above = from.TableOf(other.parents.front());
    if (above == nullptr || above->table.name != parent->table.name) continue;
    statement.table = QuotedName(other.table.name);
    statement.fails_on = "rows of the default partition " + statement.table + " that belong to " +
                         QuotedName(partition.table.name);
    statement.offending_rows = "SELECT * FROM " + statement.table + " WHERE " + condition;
  }
}

void AddOnlineCheck(const TableObject& table, const catalog::TableConstraint& check,
                    Statement& statement) {
  if (check.only || !IsValidated(check) || check.definition.ends_with(" NO INHERIT")) return;
  const std::string name = QuotedName(table.table.name);
  statement.online =
      Validated({fmt::format("ALTER TABLE {} ADD CONSTRAINT {} {} NOT VALID;\n", name,
                             sql::QuoteIdentifier(check.name), check.definition),
                 ActionKind::kCreate, LockMode::kAccessExclusive},
                name, check.name);
}

void AddCheckEffects(const TableObject& table, const catalog::TableConstraint& check,
                     Statement& statement) {
  statement.lock = LockMode::kAccessExclusive;
  statement.table = QuotedName(table.table.name);
  if (!IsValidated(check)) return;
  statement.fails_on =
      "rows of " + statement.table + " that break " + sql::QuoteIdentifier(check.name);
  statement.offending_rows =
      "SELECT * FROM " + statement.table + " WHERE NOT " + CheckCondition(check.definition);
}

void AddDropEffects(const DatabaseDefinitions& from, size_t at, Statement& statement) {
  const Definition& definition = from.At(at);
  statement.lock = LockOf(statement.text);
  statement.kind = ActionKind::kAlter;
  if (CreationKind(definition, statement.target) == ActionKind::kAlter) return;
  statement.kind = ActionKind::kDrop;
  const TableObject* table = from.TableAt(at);
  if (table != nullptr && !table->foreign) {
    statement.loses = {statement.object};
    statement.lost_table = QuotedName(table->table.name);
  }
  if (definition.step == Step::kCreateMaterializedView) return;
  if (definition.step == Step::kCreateSequence) statement.loses = {statement.object};
}

}  // namespace ballast::difference
