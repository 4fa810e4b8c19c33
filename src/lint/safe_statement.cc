// SPDX-License-Identifier: Apache-2.0
#include "lint/safe_statement.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/text.h"
#include "lint/made_up_name.h"
#include "lint/names_and_locks.h"
#include "lint/safe_form.h"
#include "lint/unique_rows.h"
#include "sql/alter_table.h"
#include "sql/quote.h"

namespace ballast::lint {
namespace {

using sql::AlterClause;
using sql::AlterClauseKind;
using Clauses = std::vector<std::string>;

constexpr char kLater[] = "-- in a later migration:\n";
constexpr char kValidate[] = "-- in a later migration; it lets reads and writes continue:\n";

const Relation* Find(const CatalogPointer& state, Oid oid) {
  const auto found = state->relations.find(oid);
  return found == state->relations.end() ? nullptr : &found->second;
}

// The table that the statement names; 0 if it is new.
Oid TableOf(const StatementTrace& trace) {
  const sql::ObjectName& object = trace.statement.object;
  std::vector<Oid> found;
  for (const HeldLock& lock : trace.locks) {
    const Relation* relation = Find(trace.before, lock.relation);
    if (relation == nullptr || !relation->IsTable() || relation->name != object.name) continue;
    const bool same = object.schema.empty() || relation->schema == object.schema;
    if (same && std::ranges::find(found, lock.relation) == found.end()) {
      found.push_back(lock.relation);
    }
  }
  return found.size() == 1 ? found.front() : 0;
}

// Whether the table gets columns and checks from the other one, directly or not.
bool DescendsFrom(const CatalogState& state, Oid table, Oid ancestor) {
  const auto found = state.relations.find(table);
  if (found == state.relations.end()) return false;
  std::vector<Oid> parents = found->second.inherits_from;
  if (found->second.partition_of != 0) parents.push_back(found->second.partition_of);
  return std::ranges::any_of(parents, [&](Oid parent) {
    return parent == ancestor || DescendsFrom(state, parent, ancestor);
  });
}

class AlterInSteps {
 public:
  AlterInSteps(const StatementTrace& trace, const sql::AlterTableStatement& statement, Oid table)
      : trace_(trace),
        statement_(statement),
        oid_(table),
        before_(*Find(trace.before, table)),
        after_(Find(trace.after, table)) {}

  std::optional<std::string> Text() {
    if (after_ == nullptr || !trace_.rewritten.empty() || before_.kind == 'f') return std::nullopt;
    if (!ReadIndexes() || !ReadClauses() || !ReadConstraints()) return std::nullopt;
    ReadNulls();
    if (validated_.empty() && nulls_.empty() && builds_.empty()) return std::nullopt;
    return Join();
  }

 private:
  bool Has(AlterClauseKind kind, std::string_view name = {}) const {
    return std::ranges::any_of(statement_.clauses, [&](const AlterClause& clause) {
      return clause.kind == kind && (name.empty() || clause.name == name);
    });
  }

  bool IsNewColumn(const std::string& name) const {
    return std::ranges::none_of(before_.columns,
                                [&](const auto& entry) { return entry.second.name == name; });
  }

  bool ReadIndexes() {
    if (trace_.indexes.empty()) return true;
    if (before_.kind == 'p' || Has(AlterClauseKind::kAlterType)) return false;
    return std::ranges::all_of(trace_.indexes, [&](const BuiltIndex& index) {
      return index.table == oid_ && !index.definition.empty();
    });
  }

  // The clauses that read no rows stay as they are.
  bool ReadClauses() {
    const bool builds = !trace_.indexes.empty();
    for (const AlterClause& clause : statement_.clauses) {
      switch (clause.kind) {
        case AlterClauseKind::kAddColumn:
          first_.push_back(clause.text);
          break;
        case AlterClauseKind::kAddCheckedColumn:
          if (clause.has_properties || !AddColumnAlone(clause.name)) return false;
          break;
        case AlterClauseKind::kDropConstraint:
          (builds && !IsAddedAgain(clause.name) ? last_ : first_).push_back(clause.text);
          break;
        case AlterClauseKind::kAlterType:
        case AlterClauseKind::kOther:
          if (builds && Has(AlterClauseKind::kDropConstraint)) return false;
          first_.push_back(clause.text);
          break;
        case AlterClauseKind::kAddConstraint:
        case AlterClauseKind::kSetNotNull:
          break;
      }
    }
    return true;
  }

  bool AddColumnAlone(const std::string& name) {
    for (const auto& [number, column] : after_->columns) {
      if (column.name != name || before_.columns.contains(number)) continue;
      first_.push_back(AddColumnClause(column));
      return true;
    }
    return false;
  }

  // Whether a check or a reference that the statement drops is added under the same name.
  bool IsAddedAgain(const std::string& name) const {
    return std::ranges::any_of(trace_.constraints, [&](const AddedConstraint& constraint) {
      const bool is_check = constraint.type == 'c' || constraint.type == 'f';
      return is_check && constraint.table == oid_ && constraint.name == name;
    });
  }

  bool ReadConstraints() {
    for (const AddedConstraint& constraint : trace_.constraints) {
      if (constraint.existed) continue;
      if (constraint.table != oid_) {
        if (constraint.type != 'c' || !IsInherited(constraint)) return false;
      } else if (!ReadConstraint(constraint)) {
        return false;
      }
    }
    return std::ranges::all_of(trace_.indexes, [&](const BuiltIndex& index) {
      return std::ranges::find(builds_, &index) != builds_.end();
    });
  }

  bool IsInherited(const AddedConstraint& constraint) const {
    if (!DescendsFrom(*trace_.before, constraint.table, oid_)) return false;
    return std::ranges::any_of(trace_.constraints, [&](const AddedConstraint& other) {
      return other.table == oid_ && other.name == constraint.name;
    });
  }

  bool ReadConstraint(const AddedConstraint& constraint) {
    const std::string name = sql::QuoteIdentifier(constraint.name);
    if (constraint.type == 'x' || (constraint.type == 'f' && before_.kind == 'p')) return false;
    if (constraint.type == 'p' || constraint.type == 'u') return TakeIndex(constraint);
    if (constraint.made_again && !Has(AlterClauseKind::kDropConstraint, constraint.name)) {
      first_.insert(first_.begin(), "DROP CONSTRAINT " + name);
    }
    first_.push_back(fmt::format("ADD CONSTRAINT {} {}{}", name, constraint.definition,
                                 constraint.validated ? " NOT VALID" : ""));
    if (constraint.validated) validated_.push_back(name);
    return true;
  }

  // The constraint of an index that the statement names is among its other clauses.
  bool TakeIndex(const AddedConstraint& constraint) {
    for (const BuiltIndex& index : trace_.indexes) {
      const Relation* made = Find(trace_.after, index.index);
      if (made == nullptr || made->name != constraint.name) continue;
      builds_.push_back(&index);
      if (const Relation* old = IndexToTake(index, *made)) {
        last_.push_back(ConstraintUsingIndex(constraint, old->name));
        takes_ += fmt::format(
            "-- the constraint takes over index {}, and renames it: no statement may drop it\n",
            SqlNameOf(*old));
        return true;
      }
      const std::string built = BuiltIndexName(*trace_.before, made->schema, constraint.name);
      last_.push_back(ConstraintUsingIndex(constraint, built));
      create_ += BuildConcurrently(before_, index, built);
      return true;
    }
    return true;
  }

  // For the first constraint, if it has only columns: no INCLUDE, WITH or NULLS NOT DISTINCT.
  const Relation* IndexToTake(const BuiltIndex& index, const Relation& made) const {
    const bool plain = index.definition == fmt::format("USING btree ({})", index.keys);
    if (!plain || !takes_.empty()) return nullptr;
    return IndexForConstraint(*trace_.before, made);
  }

  void ReadNulls() {
    for (const auto& [number, column] : after_->columns) {
      const auto old = before_.columns.find(number);
      if (old != before_.columns.end() && column.not_null && !old->second.not_null) {
        nulls_.push_back(column.name);
      }
    }
  }

  std::string Alter(const Clauses& clauses) const {
    if (clauses.empty()) return {};
    return fmt::format("ALTER TABLE {}{} {};\n", statement_.only ? "ONLY " : "", SqlNameOf(before_),
                       ballast::Join(clauses, ", "));
  }

  std::string Join() {
    Clauses validate = validated_;
    Clauses set;
    Clauses drop;
    for (const std::string& column : nulls_) {
      const std::string check = sql::QuoteIdentifier(NullCheckName(before_, column));
      const std::string name = sql::QuoteIdentifier(column);
      first_.push_back(
          fmt::format("ADD CONSTRAINT {} CHECK ({} IS NOT NULL) NOT VALID", check, name));
      validate.push_back(check);
      set.push_back(fmt::format("ALTER COLUMN {} SET NOT NULL", name));
      drop.push_back("DROP CONSTRAINT " + check);
    }
    set.insert(set.end(), last_.begin(), last_.end());
    std::string text = Alter(first_) + create_;
    if (!validate.empty()) text += kValidate;
    for (const std::string& name : validate) text += Alter({"VALIDATE CONSTRAINT " + name});
    if (!nulls_.empty()) {
      text += "-- with the validated check, SET NOT NULL skips its own scan:\n";
    } else if (!set.empty() && !text.empty()) {
      text += kLater;
    }
    return text + takes_ + Alter(set) + Alter(drop);
  }

  const StatementTrace& trace_;
  const sql::AlterTableStatement& statement_;
  Oid oid_;
  const Relation& before_;
  const Relation* after_;
  Clauses first_;  // of the first ALTER TABLE
  Clauses last_;   // after the builds
  Clauses validated_;
  Clauses nulls_;  // columns
  std::string create_;
  std::string takes_;  // about existing indexes
  std::vector<const BuiltIndex*> builds_;
};

// The constraint or index on the partitioned table alone, then on each partition.
std::optional<std::string> IndexByPartitions(const StatementTrace& trace, Oid oid) {
  const Relation& table = *Find(trace.before, oid);
  const auto constraint_on = [&](Oid on) -> const AddedConstraint* {
    const auto found = std::ranges::find(trace.constraints, on, &AddedConstraint::table);
    return found == trace.constraints.end() ? nullptr : &*found;
  };
  std::string text;
  std::string parent;
  for (const BuiltIndex& index : trace.indexes) {
    const Relation* made = Find(trace.after, index.index);
    if (made == nullptr || index.table != oid) continue;
    if (!parent.empty()) return std::nullopt;
    parent = SqlNameOf(*made);
    text = PartitionedIndexAlone(table, index, constraint_on(oid));
  }
  if (parent.empty()) return std::nullopt;
  for (const BuiltIndex& index : trace.indexes) {
    if (index.table == oid) continue;
    const Relation* made = Find(trace.after, index.index);
    const Relation* partition = Find(trace.before, index.table);
    const bool is_leaf = partition != nullptr && partition->partition_of == oid &&
                         partition->kind == 'r' && !index.definition.empty();
    if (made == nullptr || !is_leaf) return std::nullopt;
    text += BuildConcurrently(*partition, index, made->name) + kLater;
    if (const AddedConstraint* constraint = constraint_on(index.table)) {
      text += fmt::format("ALTER TABLE {} {};\n", SqlNameOf(*partition),
                          ConstraintUsingIndex(*constraint, made->name));
    }
    text += fmt::format("ALTER INDEX {} ATTACH PARTITION {};\n", parent, SqlNameOf(*made));
  }
  return text;
}

// Whether an ALTER TABLE does nothing but add one key to a partitioned table.
bool AddsOneKey(const StatementTrace& trace, Oid table,
                const std::optional<sql::AlterTableStatement>& alter) {
  if (!alter || alter->only || alter->clauses.size() != 1) return false;
  if (alter->clauses.front().kind != AlterClauseKind::kAddConstraint) return false;
  const auto& before = Find(trace.before, table)->columns;
  const Relation* after = Find(trace.after, table);
  return after != nullptr && std::ranges::all_of(after->columns, [&](const auto& entry) {
           return before.at(entry.first).not_null == entry.second.not_null;
         });
}

}  // namespace

std::optional<std::string> SafeStatement(const StatementTrace& trace) {
  const Oid table = TableOf(trace);
  const Relation* relation = table == 0 ? nullptr : Find(trace.before, table);
  if (relation == nullptr) return std::nullopt;
  const std::optional<sql::AlterTableStatement> alter = sql::ReadAlterTable(trace.statement.text);
  const bool creates = trace.statement.kind == sql::StatementKind::kCreateIndex;
  if (relation->kind == 'p' && !trace.indexes.empty()) {
    if (!creates && !AddsOneKey(trace, table, alter)) return std::nullopt;
    return IndexByPartitions(trace, table);
  }
  if (!alter) return std::nullopt;
  return AlterInSteps(trace, *alter, table).Text();
}

std::string SafeStatementOr(const StatementTrace& trace, std::string part) {
  if (std::optional<std::string> form = SafeStatement(trace)) return *form;
  const Relation* table = Find(trace.before, TableOf(trace));
  if (table != nullptr && table->kind == 'p') {
    return "-- a partitioned table: first run the statement on each partition, for which lint has "
           "a "
           "safer form;\n-- on the table itself, it then takes over what is valid on the "
           "partitions\n";
  }
  const sql::StatementKind kind = trace.statement.kind;
  if (kind == sql::StatementKind::kAlterTable) {
    const std::optional<sql::AlterTableStatement> alter = sql::ReadAlterTable(trace.statement.text);
    const bool one = alter && alter->clauses.size() == 1;
    if (one && alter->clauses.front().kind == AlterClauseKind::kAddCheckedColumn) {
      return "-- first add the column alone, then each of its constraints in a separate "
             "statement\n";
    }
    if (one) return part;
    return "-- write a statement for each clause: lint has a safer form for each\n";
  }
  const bool runs_code = kind == sql::StatementKind::kDo || kind == sql::StatementKind::kCall ||
                         kind == sql::StatementKind::kQuery;
  return runs_code ? "-- in place of this part of the statement:\n" + part : part;
}

std::string OtherClauses(const StatementTrace& trace) {
  const std::optional<sql::AlterTableStatement> alter = sql::ReadAlterTable(trace.statement.text);
  if (!alter) return {};
  const bool has_constraints = std::ranges::any_of(alter->clauses, [](const AlterClause& clause) {
    return clause.kind == AlterClauseKind::kAddCheckedColumn;
  });
  if (alter->clauses.size() == 1 && !has_constraints) return {};
  return "-- the other clauses and constraints of the statement: in separate statements\n";
}

}  // namespace ballast::lint
