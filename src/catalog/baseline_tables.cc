// SPDX-License-Identifier: Apache-2.0
// Tables, and the rows in them.
#include <algorithm>

#include "base/text.h"
#include "catalog/baseline_internal.h"
#include "catalog/inheritance.h"
#include "catalog/inherited_columns.h"
#include "catalog/prisma_type_names.h"
#include "catalog/render_ddl.h"
#include "sql/quote.h"

namespace ballast::catalog {
namespace {

// What the writer of one table needs to know about others.
struct TableContext {
  const TablesById& tables;
  const SequenceIndex& sequences;
  const CycleBreaks& splits;
  const Inheritance& inheritance;
  std::set<ObjectId> late_constraints;                 // they use columns that are added later
  std::map<ObjectId, std::vector<ObjectId>> children;  // without partitions
};

void AddColumnsTo(const TableObject& table, std::vector<ObjectId>& needs) {
  for (size_t at = 0; at < table.numbers.size(); ++at) needs.push_back(ColumnId(table, at));
}

// Writes one table: CREATE TABLE and the steps that follow it.
class TableWriter {
 public:
  TableWriter(const TableObject& table, const TableContext& around)
      : table_(table), around_(around) {
    if (!table.parents.empty() && table.bound.empty()) {
      const InheritedColumns columns(around.tables, around.inheritance, around.splits, true);
      from_parents_ = columns.Of(table);
      inherits_ = columns.KeepsOrder(table);
      NameParents(around.tables);
    }
  }

  void AddTo(Draft& draft) {
    Table shown = table_.table;
    shown.columns.clear();
    for (size_t column = 0; column < table_.table.columns.size(); ++column) {
      ShowColumn(column, shown);
    }
    for (auto& [id, text] : column_texts_) draft.columns[id] = std::move(text);
    ShowConstraints(shown);
    if (inherits_) {
      shown.tail =
          "INHERITS (" + parent_names_ + ")" + (shown.tail.empty() ? "" : " ") + shown.tail;
    }
    Definition create = MakeDefinition(table_.id, Step::kCreateTable, table_.table.name,
                                       CreateStatement(shown) + RepeatedKeys());
    if (inherits_) create.needs = table_.parents;
    const std::vector<ObjectId> before = around_.inheritance.NeededBefore(table_);
    create.needs.insert(create.needs.end(), before.begin(), before.end());
    draft.Add(std::move(create), made_);
    AddChanges(draft);
    AddConstraintsApart(draft);
  }

 private:
  const InheritedColumn* FromParents(const Column& column) const {
    const auto from =
        std::find_if(from_parents_.begin(), from_parents_.end(),
                     [&](const auto& parent) { return parent.column->name == column.name; });
    return from == from_parents_.end() ? nullptr : &*from;
  }

  void NameParents(const TablesById& tables) {
    std::vector<std::string> names;
    for (const ObjectId& id : table_.parents) {
      const auto parent = tables.find(id);
      if (parent != tables.end()) names.push_back(QuotedName(parent->second->table.name));
    }
    parent_names_ = Join(names, ", ");
    if (inherits_) return;
    std::string text;
    for (const std::string& name : names) {
      text += "ALTER TABLE " + QuotedName(table_.table.name) + " INHERIT " + name + ";\n";
    }
    std::vector<ObjectId> needs = table_.parents;
    needs.push_back(table_.id);
    apart_.push_back(MakeDefinition(SectionObject(table_.id, 2), Step::kInheritTable,
                                    table_.table.name, text, needs));
  }

  std::string CreateStatement(const Table& shown) const {
    if (!table_.of_type.empty() && shown.columns.empty() && shown.constraints.empty() &&
        !shown.primary_key) {
      return "CREATE TABLE " + QuotedName(shown.name) + " OF " + table_.of_type +
             (shown.tail.empty() ? "" : " " + shown.tail) + ";\n";
    }
    std::string text = RenderCreateTable(shown);
    if (table_.foreign) text.insert(std::string_view("CREATE").size(), " FOREIGN");
    if (!table_.of_type.empty()) text.insert(text.find(" (\n"), " OF " + table_.of_type);
    return text;
  }

  bool StandsInTable(const TableConstraint& constraint) const {
    return !constraint.apart && !around_.splits.contains(constraint.id) &&
           !around_.late_constraints.contains(constraint.id);
  }

  // A NOT VALID check is added to the parent after the children exist, and thereby to them.
  bool ComesFromParent(const TableConstraint& constraint) const {
    const bool brought_later = constraint.type == 'c' && constraint.apart && constraint.from_above;
    return brought_later || constraint.by_attaching || (inherits_ && constraint.inherited);
  }

  // The check of a parent that is added to it, and thereby to this table, as NOT VALID.
  const TableConstraint* BroughtNotValid(const TableConstraint& constraint) const {
    for (const ObjectId& id : table_.parents) {
      const auto parent = around_.tables.find(id);
      if (parent == around_.tables.end()) continue;
      for (const TableConstraint& above : parent->second->constraints) {
        const bool same = above.type == 'c' && above.apart && above.name == constraint.name;
        if (same) return &above;
      }
    }
    return nullptr;
  }

  void AddValidation(const TableConstraint& constraint, Draft& draft) const {
    const TableConstraint* above = constraint.apart ? nullptr : BroughtNotValid(constraint);
    if (above == nullptr) return;
    draft.Add(MakeDefinition(constraint.id, Step::kAlterTable, table_.table.name,
                             "ALTER TABLE " + QuotedName(table_.table.name) +
                                 " VALIDATE CONSTRAINT " + sql::QuoteIdentifier(constraint.name) +
                                 ";\n",
                             {table_.id, above->id}, constraint.name));
  }

  void ShowColumn(size_t at, Table& shown) {
    const bool hidden = inherits_ && table_.inherited[at];
    const size_t made_before = made_.size();
    Column column = ShownColumn(at);
    column_texts_[ColumnId(table_, at)] = RenderColumn(column);
    if (hidden) {
      AddOverrides(at, hidden, TakeMade(made_before));
      return;
    }
    AddOverrides(at, hidden, {});
    if (around_.inheritance.IsAddedLater(table_, at)) {
      AddLater(at, column, made_before);
    } else if (table_.of_type.empty()) {
      shown.columns.push_back(std::move(column));
    } else if (column.not_null || !column.default_value.empty()) {
      column.type = "WITH OPTIONS";
      shown.columns.push_back(std::move(column));
    }
  }

  // Constraints and defaults of a column that another step than the table's creates.
  std::vector<ObjectId> TakeMade(size_t before) {
    const auto first = made_.begin() + static_cast<std::ptrdiff_t>(before);
    std::vector<ObjectId> made(first, made_.end());
    made_.erase(first, made_.end());
    return made;
  }

  // A column that was added after the table's children were created.
  void AddLater(size_t at, const Column& column, size_t made_before) {
    Definition step = MakeDefinition(ColumnId(table_, at), Step::kAddColumn, table_.table.name,
                                     "ALTER TABLE " + QuotedName(table_.table.name) +
                                         " ADD COLUMN " + RenderColumn(column) + ";\n",
                                     around_.inheritance.NeededToAdd(table_, at), column.name);
    step.also = around_.inheritance.Children(table_, at);
    const std::vector<ObjectId> made = TakeMade(made_before);
    step.also.insert(step.also.end(), made.begin(), made.end());
    apart_.push_back(std::move(step));
  }

  // What an inherited column has in place of what INHERITS provides. `hidden`: CREATE TABLE does
  // not declare it.
  void AddOverrides(size_t at, bool hidden, std::vector<ObjectId> made) {
    const Column& column = table_.table.columns[at];
    const InheritedColumn* from = FromParents(column);
    if (!inherits_ || from == nullptr) return;
    const std::string alter = "ALTER TABLE ONLY " + QuotedName(table_.table.name) +
                              " ALTER COLUMN " + sql::QuoteIdentifier(column.name) + " ";
    std::vector<Setting> settings;
    const auto add = [&](const std::string& set, const std::string& reset) {
      settings.push_back(
          {alter + set + ";\n", reset.empty() ? reset : alter + reset + ";\n", column.name});
    };
    const std::string& value = column.default_value;
    const bool said_elsewhere = around_.splits.contains(table_.defaults[at]) ||
                                (!hidden && !value.empty()) || !column.generated.empty();
    if (!said_elsewhere && from->defaults != std::set<std::string>{value}) {
      value.empty() ? add("DROP DEFAULT", {}) : add("SET DEFAULT " + value, "DROP DEFAULT");
    }
    const bool not_null = column.not_null && (!hidden || table_.not_null_local[at]);
    if (hidden && not_null && !from->column->not_null) add("SET NOT NULL", {});
    if (!column.not_null && from->not_null) add("DROP NOT NULL", {});
    if (hidden && HasIdentity(at)) add(AddIdentity(at), {});
    if (settings.empty()) return;
    Definition step = MakeSettings(ObjectId{table_.id.catalog, table_.id.object,
                                            kInheritedColumnParts - static_cast<int32_t>(at)},
                                   Step::kAlterTable, table_.table.name, std::move(settings),
                                   {table_.id, ColumnId(table_, at)}, column.name);
    step.also = std::move(made);
    apart_.push_back(std::move(step));
  }

  bool HasIdentity(size_t at) const {
    const Sequence* sequence = around_.sequences.Of(table_, at);
    return !table_.table.columns[at].identity.empty() && sequence != nullptr && sequence->identity;
  }

  // Tables do not inherit identities.
  std::string AddIdentity(size_t at) const {
    const std::string options = IdentityOptions(table_, at, *around_.sequences.Of(table_, at));
    return "ADD GENERATED " + table_.table.columns[at].identity + " AS IDENTITY" +
           (options.empty() ? "" : " (" + options + ")");
  }

  // Whether INHERITS provides this expression; up to 15 it must not be repeated.
  bool BringsGenerated(const Column& column) const {
    return inherits_ && !column.generated.empty() &&
           std::any_of(from_parents_.begin(), from_parents_.end(),
                       [&](const InheritedColumn& from) {
                         return from.column->name == column.name &&
                                from.column->generated == column.generated;
                       });
  }

  Column ShownColumn(size_t at) {
    Column column = table_.table.columns[at];
    const std::string server_type = column.type;
    column.type = PrismaType(server_type);
    if (inherits_ && !table_.not_null_local[at]) column.not_null = false;
    if (table_.not_nulls[at].object != 0) made_.push_back(table_.not_nulls[at]);
    const Sequence* sequence = around_.sequences.Of(table_, at);
    if (sequence != nullptr && around_.sequences.FormOf(*sequence) == SequenceForm::kSerial) {
      column.type = SerialType(server_type);
      column.default_value.clear();
      made_.push_back(sequence->id);
      made_.push_back(table_.defaults[at]);
      return column;
    }
    if (sequence != nullptr && sequence->identity) {
      column.identity_options = IdentityOptions(table_, at, *sequence);
      made_.push_back(sequence->id);
    }
    if (BringsGenerated(column)) column.generated.clear();
    // Since 17, partitions share the identity of the partitioned table.
    if (sequence == nullptr && !table_.bound.empty()) column.identity.clear();
    ShowDefault(at, column);
    return column;
  }

  // Children that are created before do not take the default, so that it cannot conflict.
  std::vector<ObjectId> NeededBySeparateDefault() const {
    std::vector<ObjectId> needs = {table_.id};
    const auto children = around_.children.find(table_.id);
    if (children != around_.children.end())
      needs.insert(needs.end(), children->second.begin(), children->second.end());
    return needs;
  }

  void ShowDefault(size_t at, Column& column) {
    const ObjectId id = table_.defaults[at];
    if (id.object == 0) return;
    if (!around_.splits.contains(id)) {
      made_.push_back(id);
      column.default_value = PrismaDefault(column.default_value, table_.bare_types[at]);
      return;
    }
    const std::string alter = "ALTER TABLE ONLY " + QuotedName(table_.table.name) +
                              " ALTER COLUMN " + sql::QuoteIdentifier(column.name);
    apart_.push_back(MakeSettings(id, Step::kAlterTable, table_.table.name,
                                  {{alter + " SET DEFAULT " + column.default_value + ";\n",
                                    alter + " DROP DEFAULT;\n", column.name}},
                                  NeededBySeparateDefault(), column.name));
    column.default_value.clear();
  }

  void ShowConstraints(Table& shown) {
    for (const TableConstraint& constraint : table_.constraints) {
      if (ComesFromParent(constraint)) continue;
      const bool plain_key = shown.primary_key && shown.primary_key->name == constraint.name;
      if (!StandsInTable(constraint)) {
        if (plain_key) shown.primary_key.reset();
        continue;
      }
      made_.push_back(constraint.id);
      if (plain_key || constraint.repeats) continue;
      shown.constraints.push_back("CONSTRAINT " + sql::QuoteIdentifier(constraint.name) + " " +
                                  constraint.definition);
    }
  }

  // Part of the table's step, because partitions are attached with all of their keys.
  std::string RepeatedKeys() const {
    std::string text;
    for (const TableConstraint& constraint : table_.constraints) {
      const bool said = constraint.repeats && StandsInTable(constraint);
      if (said && !ComesFromParent(constraint)) text += AddStatement(constraint);
    }
    return text;
  }

  std::string AddStatement(const TableConstraint& constraint) const {
    return std::string("ALTER TABLE ") + (constraint.only ? "ONLY " : "") +
           QuotedName(table_.table.name) + " ADD CONSTRAINT " +
           sql::QuoteIdentifier(constraint.name) + " " + constraint.definition + ";\n";
  }

  void AddChanges(Draft& draft) const {
    for (const Definition& step : apart_) draft.Add(step);
    for (Definition change : table_.changes) {
      AddColumnsTo(table_, change.needs);
      const bool attaches = change.step == Step::kAttachPartition;
      draft.Add(std::move(change), attaches ? MadeByAttaching() : std::vector<ObjectId>{});
    }
  }

  std::vector<ObjectId> MadeByAttaching() const {
    std::vector<ObjectId> made;
    for (const TableConstraint& constraint : table_.constraints) {
      if (constraint.by_attaching) made.push_back(constraint.id);
    }
    return made;
  }

  void AddConstraintsApart(Draft& draft) const {
    for (const TableConstraint& constraint : table_.constraints) {
      if (ComesFromParent(constraint)) AddValidation(constraint, draft);
      if (StandsInTable(constraint) || ComesFromParent(constraint)) continue;
      draft.Add(MakeDefinition(constraint.id, Step::kAlterTable, table_.table.name,
                               AddStatement(constraint), {table_.id}, constraint.name));
    }
  }

  const TableObject& table_;
  const TableContext& around_;
  bool inherits_ = false;
  std::string parent_names_;
  std::vector<InheritedColumn> from_parents_;
  std::vector<ObjectId> made_;
  std::map<ObjectId, std::string> column_texts_;
  std::vector<Definition> apart_;
};

}  // namespace

void AddTables(const Database& database, const SequenceIndex& sequences, const CycleBreaks& splits,
               Draft& draft) {
  const TablesById tables = IndexTables(database);
  const Inheritance inheritance(database);
  TableContext around{tables, sequences, splits, inheritance, {}, {}};
  for (const auto& [id, table] : tables) {
    if (!table->bound.empty()) continue;
    for (const ObjectId& parent : table->parents) around.children[parent].push_back(id);
  }
  for (const Dependency& edge : database.dependencies) {
    if (inheritance.IsAddedLater(edge.to)) around.late_constraints.insert(edge.from);
  }
  for (const TableObject& table : database.tables) TableWriter(table, around).AddTo(draft);
  AttachPartitionKeys(database, draft);
}

void AddRows(const Database& database, const std::map<ObjectId, std::string>& rows, Draft& draft) {
  for (const TableObject& table : database.tables) {
    const auto it = rows.find(table.id);
    if (it == rows.end()) continue;
    std::vector<ObjectId> needs = {table.id};
    AddColumnsTo(table, needs);
    draft.Add(MakeDefinition(SectionObject(table.id, 1), Step::kInsertRows, table.table.name,
                             it->second, std::move(needs)));
  }
}

}  // namespace ballast::catalog
