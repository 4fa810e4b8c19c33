// SPDX-License-Identifier: Apache-2.0
// Sequences of SERIAL and IDENTITY columns, and others.
#include <algorithm>
#include <limits>

#include "base/text.h"
#include "catalog/baseline.h"
#include "catalog/baseline_internal.h"
#include "catalog/default_object_name.h"
#include "catalog/inheritance.h"
#include "sql/quote.h"

namespace ballast::catalog {
namespace {

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

// The default options of a sequence (PostgreSQL manual, CREATE SEQUENCE).
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

std::string SetValueStatement(const Sequence& sequence) {
  return "SELECT setval(" + sql::QuoteLiteral(QuotedName(sequence.name)) + ", " +
         std::to_string(sequence.last_value) + (sequence.is_called ? "" : ", false") + ");\n";
}

std::string CreateSequenceStatement(const Sequence& sequence) {
  std::string text = sequence.unlogged ? "CREATE UNLOGGED SEQUENCE " : "CREATE SEQUENCE ";
  text += QuotedName(sequence.name);
  if (sequence.type != "bigint") text += " AS " + sequence.type;
  if (const std::string options = OptionsOf(sequence); !options.empty()) text += " " + options;
  return text + ";\n";
}

// IDENTITY gives the sequence the column's type; ALTER SEQUENCE can have changed it.
bool HasTypeOfItsOwn(const TableObject& table, size_t column, const Sequence& sequence) {
  return sequence.type != table.table.columns[column].type;
}

// All options, because a change of type also changes default bounds.
std::string AllOptions(const Sequence& sequence, const char* restart) {
  const auto option = [](const char* words, int64_t value) {
    return words + std::to_string(value);
  };
  return "ALTER SEQUENCE " + QuotedName(sequence.name) + " AS " + sequence.type +
         option(" INCREMENT BY ", sequence.increment) + option(" MINVALUE ", sequence.minimum) +
         option(" MAXVALUE ", sequence.maximum) + option(" START WITH ", sequence.start) + restart +
         option(" CACHE ", sequence.cache);
}

std::string ChangeTypeStatement(const Sequence& sequence) {
  return AllOptions(sequence, " RESTART") + (sequence.cycle ? " CYCLE" : "") + ";\n";
}

}  // namespace

std::string AlterSequenceStatement(const Sequence& sequence) {
  return AllOptions(sequence, "") + (sequence.cycle ? " CYCLE" : " NO CYCLE") + ";\n";
}

std::string SerialType(const std::string& type) {
  if (type == "smallint") return "SMALLSERIAL";
  return type == "integer" ? "SERIAL" : "BIGSERIAL";
}

std::string IdentityOptions(const TableObject& table, size_t column, const Sequence& sequence) {
  std::vector<std::string> options;
  const bool usual_name = sequence.name.schema == table.table.name.schema &&
                          sequence.name.name == DefaultSequenceName(table, column);
  if (!usual_name) options.push_back("SEQUENCE NAME " + QuotedName(sequence.name));
  const std::string text = HasTypeOfItsOwn(table, column, sequence) ? "" : OptionsOf(sequence);
  if (!text.empty()) options.push_back(text);
  return Join(options, " ");
}

SequenceIndex::SequenceIndex(const Database& database, const std::set<ObjectId>& never_serial) {
  for (const Sequence& sequence : database.sequences) {
    if (sequence.column.object != 0) by_column_.emplace(sequence.column, &sequence);
    forms_[sequence.id] = sequence.identity ? SequenceForm::kIdentity : SequenceForm::kOwn;
  }
  for (const Dependency& edge : database.dependencies) {
    if (forms_.contains(edge.to)) default_uses_.emplace(edge.from, edge.to);
  }
  for (const TableObject& table : database.tables) {
    for (size_t column = 0; column < table.table.columns.size(); ++column) {
      const Sequence* sequence = Of(table, column);
      if (sequence != nullptr && !sequence->identity && !never_serial.contains(sequence->id) &&
          IsSerial(table, column, *sequence)) {
        forms_[sequence->id] = SequenceForm::kSerial;
      }
    }
  }
}

const Sequence* SequenceIndex::Of(const TableObject& table, size_t column) const {
  const auto [first, last] = by_column_.equal_range(ColumnId(table, column));
  const Sequence* found = nullptr;
  for (auto it = first; it != last; ++it) {
    if (it->second->identity) return it->second;
    if (found == nullptr || default_uses_.contains({table.defaults[column], it->second->id})) {
      found = it->second;
    }
  }
  return found;
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

// Statements after the table that owns the sequence.
void AddOwnership(const TableObject& table, const Sequence& sequence, Draft& draft) {
  const auto number = std::find(table.numbers.begin(), table.numbers.end(), sequence.column.part);
  if (number == table.numbers.end()) return;
  const auto column = static_cast<size_t>(number - table.numbers.begin());
  const std::string owner =
      QuotedName(table.table.name) + "." + sql::QuoteIdentifier(table.table.columns[column].name);
  const std::string alter = "ALTER SEQUENCE " + QuotedName(sequence.name) + " OWNED BY ";
  draft.Add(MakeSettings(OwnedByStep(sequence.id), Step::kOwnSequence, sequence.name,
                         {{alter + owner + ";\n", alter + "NONE;\n"}}, {sequence.id, table.id}));
}

// A table's sequences are unlogged if the table is (PostgreSQL 15 and later), until SET LOGGED.
void AddChangeOfPersistence(const TableObject& table, const Sequence& sequence, Draft& draft) {
  std::string set = "ALTER SEQUENCE " + QuotedName(sequence.name) + " SET UNLOGGED;\n";
  std::string reset = "ALTER SEQUENCE " + QuotedName(sequence.name) + " SET LOGGED;\n";
  if (!sequence.unlogged) std::swap(set, reset);
  draft.Add(MakeSettings(SectionObject(sequence.id, 3), Step::kOwnSequence, sequence.name,
                         {{set, reset}}, {sequence.id, table.id}));
}

void AddChangeOfType(const TableObject& table, const Sequence& sequence, Draft& draft) {
  draft.Add(MakeSettings(SectionObject(sequence.id, 4), Step::kOwnSequence, sequence.name,
                         {{ChangeTypeStatement(sequence), {}}}, {sequence.id, table.id}));
}

}  // namespace

void AddSequences(const Database& database, const SequenceIndex& sequences, Draft& draft) {
  const TablesById tables = IndexTables(database);
  for (const Sequence& sequence : database.sequences) {
    if (sequences.FormOf(sequence) == SequenceForm::kOwn) {
      draft.Add(MakeDefinition(sequence.id, Step::kCreateSequence, sequence.name,
                               CreateSequenceStatement(sequence)));
      const auto table = tables.find({sequence.column.catalog, sequence.column.object, 0});
      if (table != tables.end()) AddOwnership(*table->second, sequence, draft);
    }
    const bool at_start = !sequence.is_called && sequence.last_value == sequence.start;
    if (at_start) continue;
    draft.Add(MakeDefinition(SectionObject(sequence.id, 1), Step::kSetSequence, sequence.name,
                             SetValueStatement(sequence), {sequence.id}));
  }
  for (const TableObject& table : database.tables) {
    for (size_t column = 0; column < table.table.columns.size(); ++column) {
      const Sequence* sequence = sequences.Of(table, column);
      if (sequence == nullptr || sequences.FormOf(*sequence) != SequenceForm::kIdentity) continue;
      if (HasTypeOfItsOwn(table, column, *sequence)) AddChangeOfType(table, *sequence, draft);
      if (sequence->unlogged != table.table.unlogged) {
        AddChangeOfPersistence(table, *sequence, draft);
      }
    }
  }
}

}  // namespace ballast::catalog
