// Tables and what hangs on them: sequences, rows, indexes and foreign keys.
#include <algorithm>
#include <limits>

#include "base/text.h"
#include "catalog/baseline_parts.h"
#include "catalog/prisma_words.h"
#include "catalog/render_ddl.h"
#include "sql/quote.h"

namespace ballast::catalog {
namespace {

std::string Quoted(const Name& name) {
  return sql::QualifiedName(name.schema, name.name);
}

int64_t HighestOf(const std::string& type) {
  if (type == "smallint") return std::numeric_limits<int16_t>::max();
  if (type == "integer") return std::numeric_limits<int32_t>::max();
  return std::numeric_limits<int64_t>::max();
}

int64_t LowestOf(const std::string& type) {
  return -HighestOf(type) - 1;
}

struct Bounds {
  int64_t minimum, maximum, start;
};

// What a sequence has where nothing is said (PostgreSQL manual, CREATE SEQUENCE).
Bounds UsualBounds(const std::string& type, int64_t increment, int64_t minimum, int64_t maximum) {
  Bounds usual{};
  usual.minimum = increment > 0 ? 1 : LowestOf(type);
  usual.maximum = increment > 0 ? HighestOf(type) : -1;
  usual.start = increment > 0 ? minimum : maximum;
  return usual;
}

std::string OptionsOf(const Sequence& sequence) {
  const Bounds usual =
      UsualBounds(sequence.type, sequence.increment, sequence.minimum, sequence.maximum);
  std::vector<std::string> options;
  const auto add = [&](bool said, const std::string& option, int64_t value) {
    if (said) options.push_back(option + " " + std::to_string(value));
  };
  add(sequence.increment != 1, "INCREMENT BY", sequence.increment);
  add(sequence.minimum != usual.minimum, "MINVALUE", sequence.minimum);
  add(sequence.maximum != usual.maximum, "MAXVALUE", sequence.maximum);
  add(sequence.start != usual.start, "START WITH", sequence.start);
  add(sequence.cache != 1, "CACHE", sequence.cache);
  if (sequence.cycle) options.emplace_back("CYCLE");
  return Join(options, " ");
}

std::string DefaultSequenceName(const TableObject& table, size_t column) {
  return DefaultObjectName(table.table.name.name, table.table.columns[column].name, "seq");
}

std::string SerialWord(const std::string& type) {
  if (type == "smallint") return "SMALLSERIAL";
  return type == "integer" ? "SERIAL" : "BIGSERIAL";
}

std::string IdentityOptions(const TableObject& table, size_t column, const Sequence& sequence) {
  std::vector<std::string> options;
  const bool usual_name = sequence.name.schema == table.table.name.schema &&
                          sequence.name.name == DefaultSequenceName(table, column);
  if (!usual_name) options.push_back("SEQUENCE NAME " + Quoted(sequence.name));
  if (const std::string text = OptionsOf(sequence); !text.empty()) options.push_back(text);
  return Join(options, " ");
}

std::string SetValueStatement(const Sequence& sequence) {
  return "SELECT setval(" + sql::QuoteLiteral(Quoted(sequence.name)) + ", " +
         std::to_string(sequence.last_value) + (sequence.is_called ? "" : ", false") + ");\n";
}

std::string CreateSequenceStatement(const Sequence& sequence) {
  std::string text = sequence.unlogged ? "CREATE UNLOGGED SEQUENCE " : "CREATE SEQUENCE ";
  text += Quoted(sequence.name);
  if (sequence.type != "bigint") text += " AS " + sequence.type;
  if (const std::string options = OptionsOf(sequence); !options.empty()) text += " " + options;
  return text + ";\n";
}

}  // namespace

SequenceIndex::SequenceIndex(const Database& database) {
  for (const Sequence& sequence : database.sequences) {
    if (sequence.column.object != 0) by_column_[sequence.column] = &sequence;
    forms_[sequence.id] = sequence.identity ? SequenceForm::kIdentity : SequenceForm::kOwn;
  }
  for (const Dependency& edge : database.dependencies) {
    if (forms_.contains(edge.to)) default_uses_.emplace(edge.from, edge.to);
  }
  for (const TableObject& table : database.tables) {
    for (size_t column = 0; column < table.table.columns.size(); ++column) {
      const Sequence* sequence = Of(table, column);
      if (sequence != nullptr && !sequence->identity && IsSerial(table, column, *sequence)) {
        forms_[sequence->id] = SequenceForm::kSerial;
      }
    }
  }
}

const Sequence* SequenceIndex::Of(const TableObject& table, size_t column) const {
  const auto it = by_column_.find({table.id.catalog, table.id.object, table.numbers[column]});
  return it == by_column_.end() ? nullptr : it->second;
}

SequenceForm SequenceIndex::FormOf(const Sequence& sequence) const {
  return forms_.at(sequence.id);
}

// PostgreSQL src/backend/parser/parse_utilcmd.c, generateSerialExtraStmts.
bool SequenceIndex::IsSerial(const TableObject& table, size_t column,
                             const Sequence& sequence) const {
  const Column& it = table.table.columns[column];
  const bool serial_type = it.type == "integer" || it.type == "bigint" || it.type == "smallint";
  return serial_type && sequence.type == it.type && it.not_null &&
         sequence.name == Name{table.table.name.schema, DefaultSequenceName(table, column)} &&
         OptionsOf(sequence).empty() && sequence.unlogged == table.table.unlogged &&
         it.default_value.starts_with("nextval('") && it.default_value.ends_with("'::regclass)") &&
         !table.foreign && table.parents.empty() &&
         default_uses_.contains({table.defaults[column], sequence.id});
}

namespace {

using TablesById = std::map<ObjectId, const TableObject*>;

// The columns that INHERITS brings, in its order (PostgreSQL tablecmds.c, MergeAttributes).
std::vector<const Column*> InheritedColumns(const TableObject& table, const TablesById& tables) {
  std::vector<const Column*> columns;
  for (const ObjectId& id : table.parents) {
    const auto parent = tables.find(id);
    if (parent == tables.end()) continue;
    for (const Column& column : parent->second->table.columns) {
      const bool known = std::any_of(columns.begin(), columns.end(), [&](const Column* other) {
        return other->name == column.name;
      });
      if (!known) columns.push_back(&column);
    }
  }
  return columns;
}

// One table, written as its create statement and the steps that follow it.
class TableWriter {
 public:
  TableWriter(const TableObject& table, const TablesById& tables, const SequenceIndex& sequences,
              const Splits& splits)
      : table_(table), sequences_(sequences), splits_(splits) {
    if (!table.parents.empty() && table.bound.empty()) {
      from_parents_ = InheritedColumns(table, tables);
      inherits_ = KeepsOrder();
      NameParents(tables);
    }
  }

  void AddTo(Draft& draft) {
    Table shown = table_.table;
    shown.columns.clear();
    for (size_t column = 0; column < table_.table.columns.size(); ++column) {
      ShowColumn(column, shown);
    }
    for (const TableConstraint& constraint : table_.constraints) {
      if (StandsInTable(constraint)) ShowConstraint(constraint, shown);
    }
    if (inherits_) {
      shown.tail =
          "INHERITS (" + parent_names_ + ")" + (shown.tail.empty() ? "" : " ") + shown.tail;
    }
    made_.insert(made_.end(), table_.not_nulls.begin(), table_.not_nulls.end());
    Definition create =
        MakeDefinition(table_.id, Step::kCreateTable, table_.table.name, CreateStatement(shown));
    if (inherits_) create.needs = table_.parents;
    draft.Add(std::move(create), made_);
    AddChanges(draft);
    AddConstraintsApart(draft);
  }

 private:
  // Whether INHERITS gives the columns in the order that they have.
  bool KeepsOrder() const {
    std::vector<std::string> order;
    for (const Column* column : from_parents_) order.push_back(column->name);
    const size_t inherited = order.size();
    for (const Column& column : table_.table.columns) {
      const auto end = order.begin() + static_cast<std::ptrdiff_t>(inherited);
      if (std::find(order.begin(), end, column.name) == end) order.push_back(column.name);
    }
    if (order.size() != table_.table.columns.size()) return false;
    for (size_t at = 0; at < order.size(); ++at) {
      if (order[at] != table_.table.columns[at].name) return false;
    }
    return true;
  }

  void NameParents(const TablesById& tables) {
    std::vector<std::string> names;
    for (const ObjectId& id : table_.parents) {
      const auto parent = tables.find(id);
      if (parent != tables.end()) names.push_back(Quoted(parent->second->table.name));
    }
    parent_names_ = Join(names, ", ");
    if (inherits_) return;
    std::string text;
    for (const std::string& name : names) {
      text += "ALTER TABLE " + Quoted(table_.table.name) + " INHERIT " + name + ";\n";
    }
    std::vector<ObjectId> needs = table_.parents;
    needs.push_back(table_.id);
    apart_.push_back(MakeDefinition(StepOn(table_.id, 2), Step::kAttachPartition, table_.table.name,
                                    text, needs));
  }

  std::string CreateStatement(const Table& shown) const {
    if (!table_.of_type.empty() && shown.columns.empty() && shown.constraints.empty() &&
        !shown.primary_key) {
      return "CREATE TABLE " + Quoted(shown.name) + " OF " + table_.of_type +
             (shown.tail.empty() ? "" : " " + shown.tail) + ";\n";
    }
    std::string text = RenderCreateTable(shown);
    if (table_.foreign) text.insert(std::string_view("CREATE").size(), " FOREIGN");
    if (!table_.of_type.empty()) text.insert(text.find(" (\n"), " OF " + table_.of_type);
    return text;
  }

  bool StandsInTable(const TableConstraint& constraint) const {
    return !constraint.apart && !splits_.contains(constraint.id);
  }

  void ShowColumn(size_t at, Table& shown) {
    const bool hidden = inherits_ && table_.inherited[at];
    Column column = ShownColumn(at);
    if (hidden) {
      AddOverrides(at, column);
    } else if (table_.of_type.empty()) {
      shown.columns.push_back(std::move(column));
    } else if (column.not_null || !column.default_value.empty()) {
      column.type = "WITH OPTIONS";
      shown.columns.push_back(std::move(column));
    }
  }

  // What an inherited column has of its own.
  void AddOverrides(size_t at, const Column& column) {
    const auto from =
        std::find_if(from_parents_.begin(), from_parents_.end(),
                     [&](const Column* parent) { return parent->name == column.name; });
    const std::string alter = "ALTER TABLE ONLY " + Quoted(table_.table.name) + " ALTER COLUMN " +
                              sql::QuoteIdentifier(column.name) + " ";
    std::string text;
    const std::string& value = table_.table.columns[at].default_value;
    if (from != from_parents_.end() && value != (*from)->default_value) {
      text += alter + (value.empty() ? "DROP DEFAULT" : "SET DEFAULT " + value) + ";\n";
    }
    if (column.not_null && from != from_parents_.end() && !(*from)->not_null) {
      text += alter + "SET NOT NULL;\n";
    }
    if (text.empty()) return;
    apart_.push_back(MakeDefinition(StepOn(table_.id, 10 + static_cast<int>(at)), Step::kAlterTable,
                                    table_.table.name, text, {table_.id}, column.name));
  }

  Column ShownColumn(size_t at) {
    Column column = table_.table.columns[at];
    const std::string server_type = column.type;
    column.type = PrismaType(server_type);
    const Sequence* sequence = sequences_.Of(table_, at);
    if (sequence != nullptr && sequences_.FormOf(*sequence) == SequenceForm::kSerial) {
      column.type = SerialWord(server_type);
      column.default_value.clear();
      made_.push_back(sequence->id);
      made_.push_back(table_.defaults[at]);
      return column;
    }
    if (sequence != nullptr && sequence->identity) {
      column.identity_options = IdentityOptions(table_, at, *sequence);
      made_.push_back(sequence->id);
    }
    ShowDefault(at, column);
    return column;
  }

  void ShowDefault(size_t at, Column& column) {
    const ObjectId id = table_.defaults[at];
    if (id.object == 0) return;
    if (!splits_.contains(id)) {
      made_.push_back(id);
      column.default_value = PrismaDefault(column.default_value, table_.bare_types[at]);
      return;
    }
    apart_.push_back(MakeDefinition(id, Step::kAlterTable, table_.table.name,
                                    "ALTER TABLE ONLY " + Quoted(table_.table.name) +
                                        " ALTER COLUMN " + sql::QuoteIdentifier(column.name) +
                                        " SET DEFAULT " + column.default_value + ";\n",
                                    {table_.id}, column.name));
    column.default_value.clear();
  }

  void ShowConstraint(const TableConstraint& constraint, Table& shown) {
    made_.push_back(constraint.id);
    if (shown.primary_key && shown.primary_key->name == constraint.name) return;
    shown.constraints.push_back("CONSTRAINT " + sql::QuoteIdentifier(constraint.name) + " " +
                                constraint.definition);
  }

  void AddChanges(Draft& draft) const {
    for (const Definition& step : apart_) draft.Add(step);
    for (const Definition& change : table_.changes) draft.Add(change);
  }

  void AddConstraintsApart(Draft& draft) const {
    for (const TableConstraint& constraint : table_.constraints) {
      if (StandsInTable(constraint)) continue;
      draft.Add(MakeDefinition(constraint.id, Step::kAlterTable, table_.table.name,
                               std::string("ALTER TABLE ") + (constraint.only ? "ONLY " : "") +
                                   Quoted(table_.table.name) + " ADD CONSTRAINT " +
                                   sql::QuoteIdentifier(constraint.name) + " " +
                                   constraint.definition + ";\n",
                               {table_.id}, constraint.name));
    }
  }

  const TableObject& table_;
  const SequenceIndex& sequences_;
  const Splits& splits_;
  bool inherits_ = false;
  std::string parent_names_;
  std::vector<const Column*> from_parents_;
  std::vector<ObjectId> made_;
  std::vector<Definition> apart_;
};

// Keys of a partitioned table that not every partition has are made for it alone; those of the
// partitions that belong to it are attached.
void AttachKeys(const Database& database, Draft& draft) {
  std::map<ObjectId, std::pair<const TableObject*, const TableConstraint*>> incomplete;
  for (const TableObject& table : database.tables) {
    for (const TableConstraint& constraint : table.constraints) {
      if (constraint.only) incomplete[constraint.index] = {&table, &constraint};
    }
  }
  for (const TableObject& table : database.tables) {
    for (const TableConstraint& constraint : table.constraints) {
      const auto above = incomplete.find(constraint.parent_index);
      if (above == incomplete.end()) continue;
      const auto& [parent, key] = above->second;
      draft.Add(MakeDefinition(StepOn(constraint.index, 1), Step::kAttachIndex, table.table.name,
                               "ALTER INDEX " + Quoted({parent->table.name.schema, key->name}) +
                                   " ATTACH PARTITION " +
                                   Quoted({table.table.name.schema, constraint.name}) + ";\n",
                               {constraint.id, key->id}, constraint.name));
    }
  }
}

}  // namespace

void AddTables(const Database& database, const SequenceIndex& sequences, const Splits& splits,
               Draft& draft) {
  TablesById tables;
  for (const TableObject& table : database.tables) tables[table.id] = &table;
  for (const TableObject& table : database.tables) {
    TableWriter(table, tables, sequences, splits).AddTo(draft);
  }
  AttachKeys(database, draft);
}

void AddRows(const Database& database, const std::map<ObjectId, std::string>& rows, Draft& draft) {
  for (const TableObject& table : database.tables) {
    const auto it = rows.find(table.id);
    if (it == rows.end()) continue;
    draft.Add(MakeDefinition(StepOn(table.id, 1), Step::kInsertRows, table.table.name, it->second,
                             {table.id}));
  }
}

void AddSequences(const Database& database, const SequenceIndex& sequences, Draft& draft) {
  for (const Sequence& sequence : database.sequences) {
    if (sequences.FormOf(sequence) == SequenceForm::kOwn) {
      draft.Add(MakeDefinition(sequence.id, Step::kCreateSequence, sequence.name,
                               CreateSequenceStatement(sequence)));
    }
    const bool at_start = !sequence.is_called && sequence.last_value == sequence.start;
    if (at_start) continue;
    draft.Add(MakeDefinition(StepOn(sequence.id, 1), Step::kSetSequence, sequence.name,
                             SetValueStatement(sequence), {sequence.id}));
  }
  for (const TableObject& table : database.tables) {
    for (size_t column = 0; column < table.table.columns.size(); ++column) {
      const Sequence* sequence = sequences.Of(table, column);
      if (sequence == nullptr || sequences.FormOf(*sequence) != SequenceForm::kOwn) continue;
      const std::string owner =
          Quoted(table.table.name) + "." + sql::QuoteIdentifier(table.table.columns[column].name);
      draft.Add(
          MakeDefinition(StepOn(sequence->id, 2), Step::kOwnSequence, sequence->name,
                         "ALTER SEQUENCE " + Quoted(sequence->name) + " OWNED BY " + owner + ";\n",
                         {sequence->id, table.id}));
    }
  }
}

void AddIndexes(const Database& database, Draft& draft) {
  std::map<ObjectId, const IndexObject*> by_id;
  for (const IndexObject& index : database.indexes) by_id[index.id] = &index;
  for (const IndexObject& index : database.indexes) {
    const Step step = index.on_view ? Step::kCreateViewIndex : Step::kCreateIndex;
    const Name order{index.index.table.schema, index.index.name};
    draft.Add(MakeDefinition(index.id, step, order,
                             RenderCreateIndex(index.index) + index.statistics, {index.table}));
    const auto parent = by_id.find(index.parent);
    if (parent == by_id.end()) continue;
    const Name parent_name{parent->second->index.table.schema, parent->second->index.name};
    draft.Add(MakeDefinition(
        StepOn(index.id, 1), Step::kAttachIndex, order,
        "ALTER INDEX " + Quoted(parent_name) + " ATTACH PARTITION " + Quoted(order) + ";\n",
        {index.id, index.parent}));
  }
}

void AddForeignKeys(const Database& database, Draft& draft) {
  for (const ForeignKeyObject& key : database.foreign_keys) {
    draft.Add(MakeDefinition(key.id, Step::kAddForeignKey, key.key.table,
                             RenderAddForeignKey(key.key), key.needs, key.key.name));
  }
}

}  // namespace ballast::catalog
