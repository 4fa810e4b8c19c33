// SPDX-License-Identifier: Apache-2.0
#include "difference/table_changes.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "base/text.h"
#include "catalog/baseline.h"
#include "catalog/inheritance.h"
#include "difference/alter.h"
#include "difference/hazards.h"
#include "difference/script_text.h"
#include "difference/sequence_position.h"
#include "difference/statement_lock.h"
#include "difference/step_kinds.h"
#include "difference/table_clauses.h"
#include "difference/type_families.h"
#include "sql/quote.h"

namespace ballast::difference {
namespace {

using catalog::Column;
using catalog::ObjectId;
using catalog::TableObject;

bool MayWriteRows(const Column& column) {
  if (!column.identity.empty()) return true;
  if (!column.generated.empty()) return !column.generated_virtual;
  static constexpr std::array<std::string_view, 3> kStable = {"now()", "CURRENT_TIMESTAMP",
                                                              "CURRENT_DATE"};
  const std::string& value = column.default_value;
  if (std::find(kStable.begin(), kStable.end(), value) != kStable.end()) return false;
  return !value.starts_with('\'') && value.find('(') != value.npos;
}

// The server takes no USING where a child is a foreign table, whose rows it cannot convert.
bool HasForeignDescendant(const DatabaseDefinitions& side, const TableObject& table) {
  const auto& tables = side.database().tables;
  return std::ranges::any_of(tables, [&](const TableObject& other) {
    const bool is_child = std::ranges::find(other.parents, table.id) != other.parents.end();
    return is_child && (other.foreign || HasForeignDescendant(side, other));
  });
}

// The definition of the type of a column, or of its elements, if only the new database has it.
std::string MissingTypeOf(const DatabaseDefinitions& from, const DatabaseDefinitions& to,
                          const std::string& type) {
  const catalog::Name name = NameOfElements(type);
  for (size_t at = 0; at < to.size(); ++at) {
    if (!IsType(to.At(at).step) || to.At(at).name != name || from.Find(to.KeyOf(at))) continue;
    return ReplaceAll(std::string(Trim(to.At(at).statements)), "\n", " ");
  }
  return {};
}

}  // namespace

TableChanges::TableChanges(const DatabaseDefinitions& from, const TableObject& before,
                           const DatabaseDefinitions& to, const TableObject& after,
                           const Options& options)
    : from_(from),
      to_(to),
      before_(before),
      after_(after),
      options_(options),
      table_(QuotedName(after.table.name)) {
  const TableClauses old = ParseTableClauses(before.table.tail);
  const TableClauses tail = ParseTableClauses(after.table.tail);
  must_recreate_ = before.foreign != after.foreign || old.head != tail.head;
  if (old.method != tail.method && options.server_major < 15) must_recreate_ = true;
  CompareColumns();
}

ColumnAction TableChanges::ActionFor(const Column& old, const Column& column) const {
  const bool stays_generated = !old.generated.empty() && !column.generated.empty();
  if (old.generated.empty() && !column.generated.empty()) return ColumnAction::kReadd;
  if (!old.generated.empty() && column.generated.empty() && old.generated_virtual) {
    return ColumnAction::kReadd;
  }
  if (stays_generated && old.generated_virtual != column.generated_virtual) {
    return ColumnAction::kReadd;
  }
  const bool retyped = old.type != column.type || old.collation != column.collation;
  if (stays_generated &&
      (retyped || (old.generated != column.generated && options_.server_major < 17))) {
    return ColumnAction::kReadd;
  }
  return retyped ? ColumnAction::kRetype : ColumnAction::kKeep;
}

bool TableChanges::IsFromAbove(const DatabaseDefinitions& side, const TableObject& table,
                               const std::string& name) const {
  const bool is_before = &side == &from_;
  for (const ObjectId& id : table.parents) {
    const TableObject* parent = side.TableOf(id);
    if (parent == nullptr || !ColumnNamed(*parent, name)) continue;
    if (ignored_parents_.contains(parent->table.name)) continue;
    if (HasParent(is_before ? to_ : from_, is_before ? after_ : before_, parent->table.name)) {
      return true;
    }
  }
  return false;
}

bool TableChanges::IsIgnored(const std::string& column) const {
  return options_.ignore && options_.ignore(catalog::PartOf(after_.table.name, "column", column));
}

void TableChanges::CompareColumns() {
  for (size_t at = 0; at < before_.table.columns.size(); ++at) {
    const Column& old = before_.table.columns[at];
    if (IsIgnored(old.name)) {
      columns_.push_back({old.name, ColumnAction::kKeep, false, true});
      continue;
    }
    const auto place = ColumnNamed(after_, old.name);
    if (!place) {
      const bool above = before_.inherited[at] && IsFromAbove(from_, before_, old.name);
      columns_.push_back({old.name, ColumnAction::kDrop, above});
      continue;
    }
    const bool above = (before_.inherited[at] || before_.merged[at]) &&
                       (after_.inherited[*place] || after_.merged[*place]) &&
                       IsFromAbove(from_, before_, old.name);
    columns_.push_back({old.name, ActionFor(old, after_.table.columns[*place]), above});
  }
  for (size_t at = 0; at < after_.table.columns.size(); ++at) {
    const Column& column = after_.table.columns[at];
    if (ColumnNamed(before_, column.name) || IsIgnored(column.name)) continue;
    const bool above =
        (after_.inherited[at] || after_.merged[at]) && IsFromAbove(to_, after_, column.name);
    columns_.push_back({column.name, ColumnAction::kAdd, above});
  }
}

void TableChanges::IgnoreParents(const std::set<catalog::Name>& names) {
  ignored_parents_ = names;
  for (ColumnChange& change : columns_) {
    if (!change.from_above) continue;
    change.from_above =
        IsFromAbove(from_, before_, change.name) ||
        (!ColumnNamed(before_, change.name) && IsFromAbove(to_, after_, change.name));
  }
}

const ColumnChange* TableChanges::Find(const std::string& name) const {
  const auto found = std::find_if(columns_.begin(), columns_.end(),
                                  [&](const ColumnChange& change) { return change.name == name; });
  return found == columns_.end() ? nullptr : &*found;
}

ColumnChange* TableChanges::Find(const std::string& name) {
  return const_cast<ColumnChange*>(std::as_const(*this).Find(name));
}

Statement TableChanges::Make(const std::string& text, const std::string& column) const {
  Statement statement;
  statement.text = text + ";\n";
  const std::string quoted = column.empty() ? "" : "." + sql::QuoteIdentifier(column);
  statement.object = (column.empty() ? "table " : "column ") + table_ + quoted;
  const catalog::Name& name = before_.table.name;
  statement.target = column.empty() ? catalog::ObjectRef{"table", name, {}, {}, {}}
                                    : catalog::PartOf(name, "column", column);
  statement.lock = LockOf(statement.text);
  statement.table = table_;
  statement.makes_a_key = !column.empty();
  return statement;
}

std::string TableChanges::DropColumnText(const std::string& column) const {
  return "ALTER TABLE " + table_ + " DROP COLUMN " + sql::QuoteIdentifier(column);
}

// For each parent that `others` lacks.
std::vector<Statement> TableChanges::Inherit(const char* verb,
                                             const std::vector<std::string>& parents,
                                             const std::vector<std::string>& others) const {
  std::vector<Statement> statements;
  for (const std::string& parent : parents) {
    const bool shared = std::find(others.begin(), others.end(), parent) != others.end();
    if (!shared) statements.push_back(Make("ALTER TABLE " + table_ + " " + verb + " " + parent));
  }
  return statements;
}

std::vector<Statement> TableChanges::LostParents() const {
  return Inherit("NO INHERIT", ParentsOf(from_, before_), ParentsOf(to_, after_));
}

std::vector<Statement> TableChanges::NewParents() const {
  return Inherit("INHERIT", ParentsOf(to_, after_), ParentsOf(from_, before_));
}

std::vector<Statement> TableChanges::Drops() const {
  std::vector<Statement> statements;
  if (!before_.of_type.empty() && before_.of_type != after_.of_type) {
    statements.push_back(Make("ALTER TABLE " + table_ + " NOT OF"));
  }
  std::vector<ColumnChange> dropped;
  std::copy_if(columns_.begin(), columns_.end(), std::back_inserter(dropped),
               [](const ColumnChange& change) {
                 return !change.from_above && (change.action == ColumnAction::kDrop ||
                                               change.action == ColumnAction::kReadd);
               });
  // Generated columns depend on others.
  std::stable_partition(dropped.begin(), dropped.end(), [this](const ColumnChange& change) {
    return !before_.table.columns[*ColumnNamed(before_, change.name)].generated.empty();
  });
  for (const ColumnChange& change : dropped) {
    Statement statement = Make(DropColumnText(change.name), change.name);
    statement.kind = ActionKind::kDrop;
    const size_t at = *ColumnNamed(before_, change.name);
    if (before_.table.columns[at].generated.empty()) {
      statement.loses = {statement.object};
      statement.lost_table = table_;
      statement.lost_column = sql::QuoteIdentifier(change.name);
    }
    statements.push_back(std::move(statement));
  }
  return statements;
}

void TableChanges::AddColumn(size_t at, std::vector<Statement>& statements) const {
  const Column& column = after_.table.columns[at];
  const auto text = to_.parts().columns.find(catalog::ColumnId(after_, at));
  if (text == to_.parts().columns.end()) return;
  Statement statement = Make("ALTER TABLE " + table_ + " ADD COLUMN " + text->second, column.name);
  statement.kind = ActionKind::kCreate;
  statement.rewrites = MayWriteRows(column) || IsConstrainedDomain(to_.database(), column.type);
  const bool has_value =
      !column.default_value.empty() || !column.generated.empty() || !column.identity.empty();
  if (column.not_null && !has_value) {
    statement.fails_on = "rows of " + table_ + kHaveNoValue;
    statement.cause = FailureCause::kMissingValue;
    statement.offending_rows = "SELECT * FROM " + table_;
    statement.before_correction = MissingTypeOf(from_, to_, column.type);
  }
  statements.push_back(std::move(statement));
}

// What the column has in place of what the parent's new column brings.
void TableChanges::OverrideInherited(size_t after, std::vector<Statement>& statements) const {
  if (!after_.bound.empty()) return OverridePartitioned(after, statements);
  const catalog::BaselineParts& parts = to_.parts();
  const auto step = parts.makers.find({after_.id.catalog, after_.id.object,
                                       catalog::kInheritedColumnParts - static_cast<int>(after)});
  if (step == parts.makers.end()) return;
  statements.push_back(
      Make(parts.definitions[step->second].statements, after_.table.columns[after].name));
  statements.back().text.resize(statements.back().text.size() - 2);  // Make ends the statement
}

// The same for a partition, which the baseline creates as a table of its own.
void TableChanges::OverridePartitioned(size_t after, std::vector<Statement>& statements) const {
  const Column& column = after_.table.columns[after];
  const TableObject* parent = to_.TableOf(after_.parents.front());
  const auto at = parent == nullptr ? std::nullopt : ColumnNamed(*parent, column.name);
  if (!at || !column.generated.empty()) return;
  const Column& above = parent->table.columns[*at];
  if (column.default_value != above.default_value) {
    const std::string value = column.default_value.empty() ? std::string(" DROP DEFAULT")
                                                           : " SET DEFAULT " + column.default_value;
    statements.push_back(Make(
        "ALTER TABLE ONLY " + table_ + " ALTER COLUMN " + sql::QuoteIdentifier(column.name) + value,
        column.name));
  }
  if (column.not_null && !above.not_null) statements.push_back(SetNotNull(after));
}

bool TableChanges::HasForeignRows() const {
  return before_.foreign || HasForeignDescendant(from_, before_);
}

bool TableChanges::RefusesRetype(size_t before, size_t after) const {
  return !before_.foreign && HasForeignDescendant(from_, before_) &&
         !CastsByAssignment(ShapeOf(from_.database(), before_.table.columns[before].type),
                            ShapeOf(to_.database(), after_.table.columns[after].type));
}

void TableChanges::Retype(size_t before, size_t after, std::vector<Statement>& statements) const {
  const Column& old = before_.table.columns[before];
  const Column& column = after_.table.columns[after];
  const std::string name = sql::QuoteIdentifier(column.name);
  const TypeShape shape = ShapeOf(to_.database(), column.type);
  const Conversion conversion =
      ConversionOf(name, ShapeOf(from_.database(), old.type), shape, options_.server_major);
  std::string text =
      "ALTER TABLE " + table_ + " ALTER COLUMN " + name + " SET DATA TYPE " + column.type;
  if (!column.collation.empty()) text += " COLLATE " + column.collation;
  if (!HasForeignRows()) text += " USING " + conversion.expression;
  Statement statement = Make(text, column.name);
  if (!before_.foreign) AddConversionEffects(conversion, old, column, shape, statement);
  if (HasForeignRows()) {
    // Only the foreign server can answer a query.
    statement.offending_rows.clear();
    statement.lost_table.clear();
    statement.lost_column.clear();
    statement.lost_values.clear();
  }
  statements.push_back(std::move(statement));
}

void TableChanges::AddConversionEffects(const Conversion& conversion, const Column& old,
                                        const Column& column, const TypeShape& shape,
                                        Statement& statement) const {
  const std::string name = sql::QuoteIdentifier(column.name);
  statement.rewrites = conversion.rewrites;
  if (conversion.may_fail) {
    statement.fails_on =
        "values of " + table_ + "." + name + " that are not valid for type " + column.type;
    if (!conversion.condition.empty()) {
      statement.offending_rows = "SELECT * FROM " + table_ + " WHERE " + conversion.condition;
      statement.before_correction = LabelToAdd(from_.database(), old.type, shape);
    }
  }
  if (column.not_null && !conversion.nulled_values.empty()) {
    statement.fails_on = "values of " + table_ + "." + name + " that have no conversion to type " +
                         column.type + ", because it is NOT NULL";
    statement.offending_rows = "SELECT * FROM " + table_ + " WHERE " + conversion.nulled_values;
  }
  if (!conversion.lost_values.empty()) {
    statement.loses = {statement.object};
    statement.lost_table = table_;
    statement.lost_column = name;
    statement.lost_values = LostOfConvertible(conversion);
    statement.nulls_values = !conversion.nulled_values.empty();
  }
}

// While a column has them, it cannot become nullable or get another type.
void TableChanges::DropIdentityOrExpression(size_t before, size_t after,
                                            std::vector<Statement>& statements) const {
  const Column& old = before_.table.columns[before];
  const Column& column = after_.table.columns[after];
  const std::string alter =
      "ALTER TABLE " + table_ + " ALTER COLUMN " + sql::QuoteIdentifier(column.name);
  if (!old.identity.empty() && column.identity.empty() &&
      from_.IdentityOf(before_, before) != nullptr) {
    statements.push_back(Make(alter + " DROP IDENTITY", column.name));
  }
  const bool above = Find(column.name)->from_above;
  if (!above && !old.generated.empty() && column.generated.empty()) {
    statements.push_back(Make(alter + " DROP EXPRESSION", column.name));
  }
}

void TableChanges::ChangeGenerated(size_t before, size_t after,
                                   std::vector<Statement>& statements) const {
  const Column& old = before_.table.columns[before];
  const Column& column = after_.table.columns[after];
  if (old.generated == column.generated) return;
  const std::string alter =
      "ALTER TABLE " + table_ + " ALTER COLUMN " + sql::QuoteIdentifier(column.name);
  if (column.generated.empty()) return;
  Statement statement = Make(alter + " SET EXPRESSION AS (" + column.generated + ")", column.name);
  statement.rewrites = !column.generated_virtual;
  statements.push_back(std::move(statement));
}

void TableChanges::ChangeIdentity(size_t before, size_t after,
                                  std::vector<Statement>& statements) const {
  const Column& old = before_.table.columns[before];
  const Column& column = after_.table.columns[after];
  const catalog::Sequence* was = from_.IdentityOf(before_, before);
  const catalog::Sequence* is = to_.IdentityOf(after_, after);
  if ((old.identity.empty() && column.identity.empty()) || (was == nullptr && is == nullptr)) {
    return;
  }
  const std::string alter =
      "ALTER TABLE " + table_ + " ALTER COLUMN " + sql::QuoteIdentifier(column.name) + " ";
  if (is == nullptr || column.identity.empty()) return;
  const std::string sequence = QuotedName(is->name);
  if (old.identity.empty() || was == nullptr) {
    statements.push_back(Make(alter + "ADD GENERATED " + column.identity +
                                  " AS IDENTITY (SEQUENCE NAME " + sequence + ")",
                              column.name));
  } else {
    if (old.identity != column.identity) {
      statements.push_back(Make(alter + "SET GENERATED " + column.identity, column.name));
    }
    if (was->name != is->name) {
      statements.push_back(Make("ALTER SEQUENCE " + QuotedName(was->name) + " RENAME TO " +
                                    sql::QuoteIdentifier(is->name.name),
                                column.name));
    }
    const std::string options = catalog::AlterSequenceStatement(*is);
    catalog::Sequence renamed = *was;
    renamed.name = is->name;
    if (options == catalog::AlterSequenceStatement(renamed)) return;
  }
  std::string options = catalog::AlterSequenceStatement(*is);
  options.resize(options.size() - 2);
  statements.push_back(Make(options, column.name));
  if (was != nullptr) AddSequenceEffects(QuotedName(was->name), *is, statements.back());
  if (was == nullptr) statements.back().lock = LockMode::kNone;  // the sequence is new
  if (was == nullptr) {
    statements.push_back(
        Make(ContinueSequence(*is, table_, sql::QuoteIdentifier(column.name), column.type),
             column.name));
  }
}

bool TableChanges::NarrowsIdentity(size_t before, size_t after) const {
  const catalog::Sequence* was = from_.IdentityOf(before_, before);
  const catalog::Sequence* is = to_.IdentityOf(after_, after);
  return was != nullptr && is != nullptr && WidthOf(is->type) < WidthOf(was->type);
}

bool TableChanges::RewritesRows() const {
  if (before_.table.unlogged != after_.table.unlogged) return true;
  const std::string method = ParseTableClauses(before_.table.tail).method;
  if (method != ParseTableClauses(after_.table.tail).method) return true;
  return std::any_of(columns_.begin(), columns_.end(), [&](const ColumnChange& change) {
    if (change.action == ColumnAction::kRetype) return true;
    if (change.action == ColumnAction::kKeep || change.action == ColumnAction::kDrop) return false;
    const Column& column = after_.table.columns[*ColumnNamed(after_, change.name)];
    return !column.default_value.empty() || !column.generated.empty() || !column.identity.empty();
  });
}

bool TableChanges::HasParent(const DatabaseDefinitions& side, const TableObject& table,
                             const catalog::Name& parent) {
  return std::any_of(table.parents.begin(), table.parents.end(), [&](const ObjectId& id) {
    const TableObject* candidate = side.TableOf(id);
    return candidate != nullptr && candidate->table.name == parent;
  });
}

// The server does not change the type of a column of the partition key.
bool TableChanges::RetypesPartitionKey() const {
  if (!before_.partitioned) return false;
  return std::any_of(columns_.begin(), columns_.end(), [&](const ColumnChange& change) {
    if (change.action != ColumnAction::kRetype) return false;
    const ObjectId column = catalog::ColumnId(before_, *ColumnNamed(before_, change.name));
    const auto& edges = from_.database().dependencies;
    return std::any_of(edges.begin(), edges.end(), [&](const catalog::Dependency& edge) {
      return edge.from == column && edge.to == before_.id && edge.kind == 'i';
    });
  });
}

std::vector<std::string> TableChanges::ParentsOf(const DatabaseDefinitions& side,
                                                 const TableObject& table) const {
  std::vector<std::string> names;
  if (!table.bound.empty()) return names;
  for (const ObjectId& id : table.parents) {
    if (const TableObject* parent = side.TableOf(id)) {
      names.push_back(QuotedName(parent->table.name));
    }
  }
  return names;
}

void TableChanges::ChangeTable(std::vector<Statement>& statements) const {
  const std::string alter = "ALTER TABLE " + table_;
  const TableClauses old = ParseTableClauses(before_.table.tail);
  const TableClauses tail = ParseTableClauses(after_.table.tail);
  if (before_.table.unlogged != after_.table.unlogged) {
    statements.push_back(Make(alter + (after_.table.unlogged ? " SET UNLOGGED" : " SET LOGGED")));
    statements.back().rewrites = true;
  }
  const std::string reset = options_.keep_additions ? "" : ResetParameters(old, tail);
  for (const std::string& action : {reset, SetParameters(old, tail)}) {
    if (action.empty()) continue;
    statements.push_back(Make(alter + action));
  }
  if (old.method != tail.method) {
    statements.push_back(
        Make(alter + " SET ACCESS METHOD " + (tail.method.empty() ? "heap" : tail.method)));
    statements.back().rewrites = true;
  }
  if (old.tablespace != tail.tablespace) {
    statements.push_back(Make(alter + " SET TABLESPACE " +
                              (tail.tablespace.empty() ? "pg_default" : tail.tablespace)));
    statements.back().rewrites = true;
  }
  if (!after_.of_type.empty() && before_.of_type != after_.of_type) {
    statements.push_back(Make(alter + " OF " + after_.of_type));
  }
}

bool TableChanges::HasChildren(const DatabaseDefinitions& side, const TableObject& table) {
  const auto& tables = side.database().tables;
  return std::any_of(tables.begin(), tables.end(), [&](const TableObject& other) {
    return std::find(other.parents.begin(), other.parents.end(), table.id) != other.parents.end();
  });
}

std::string TableChanges::Refused() const {
  for (const Column& column : after_.table.columns) {
    const auto before = ColumnNamed(before_, column.name);
    const bool same =
        !before || before_.table.columns[*before].foreign_options == column.foreign_options;
    if (!same) return "the options of foreign column " + table_ + "." + column.name;
  }
  for (const ColumnChange& change : columns_) {
    if (change.action != ColumnAction::kRetype || change.from_above || change.ignored) continue;
    const size_t before = *ColumnNamed(before_, change.name);
    if (RefusesRetype(before, *ColumnNamed(after_, change.name)))
      return "column " + table_ + "." + sql::QuoteIdentifier(change.name) +
             ", which foreign tables inherit and whose type has no cast to the other one";
  }
  // The server's rule for ADD COLUMN … IDENTITY, until 17.
  if (HasChildren(from_, before_)) {
    for (const ColumnChange& change : columns_) {
      const bool added =
          change.action == ColumnAction::kAdd || change.action == ColumnAction::kReadd;
      if (!added || change.from_above || change.ignored) continue;
      const auto after = ColumnNamed(after_, change.name);
      if (after && !after_.table.columns[*after].identity.empty())
        return "identity column " + table_ + "." + change.name + ", whose table has child tables";
    }
  }
  if (!after_.bound.empty() || ParentsOf(from_, before_) == ParentsOf(to_, after_)) return {};
  for (size_t at = 0; at < after_.table.columns.size(); ++at) {
    const std::string& name = after_.table.columns[at].name;
    const auto before = ColumnNamed(before_, name);
    const bool declared =
        !IsFromAbove(to_, after_, name) || (before && !before_.inherited[*before]);
    if (after_.inherited[at] && declared) {
      return "table " + table_ + ", whose own columns would become inherited columns";
    }
  }
  return {};
}

void TableChanges::ChangeColumn(const ColumnChange& change,
                                std::vector<Statement>& statements) const {
  if (change.ignored) return;
  const auto before = ColumnNamed(before_, change.name);
  const auto after = ColumnNamed(after_, change.name);
  if (change.action == ColumnAction::kAdd || change.action == ColumnAction::kReadd) {
    change.from_above ? OverrideInherited(*after, statements) : AddColumn(*after, statements);
    return;
  }
  DropIdentityOrExpression(*before, *after, statements);
  // A type that is smaller does not have the bounds that the sequence of an identity column has.
  const bool narrows = NarrowsIdentity(*before, *after);
  if (narrows) ChangeIdentity(*before, *after, statements);
  if (!change.from_above && change.action == ColumnAction::kRetype) {
    Retype(*before, *after, statements);
  }
  if (!change.from_above) ChangeGenerated(*before, *after, statements);
  ChangeNull(*before, *after, statements);
  if (!narrows) ChangeIdentity(*before, *after, statements);
}

std::vector<Statement> TableChanges::Changes() const {
  std::vector<Statement> statements;
  for (const bool generated : {false, true}) {
    for (const ColumnChange& change : columns_) {
      const auto after = ColumnNamed(after_, change.name);
      if (!after || after_.table.columns[*after].generated.empty() == generated) continue;
      ChangeColumn(change, statements);
    }
  }
  ChangeTable(statements);
  return statements;
}

}  // namespace ballast::difference
