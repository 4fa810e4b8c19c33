// SPDX-License-Identifier: Apache-2.0
// What the other database does not have, or has in another form that no ALTER gives.
#include <fmt/format.h>

#include "base/text.h"
#include "difference/hazards.h"
#include "difference/range_types.h"
#include "difference/reverse_statements.h"
#include "difference/script_writer.h"
#include "difference/statement_lock.h"
#include "difference/statement_target.h"
#include "difference/step_kinds.h"
#include "sql/quote.h"

namespace ballast::difference {

using catalog::Definition;
using catalog::ObjectId;
using catalog::Step;
using catalog::TableObject;

void ScriptWriter::Drop() {
  const std::vector<size_t>& order = from_.order();
  const auto is_attachment = [this](size_t at) {
    return from_.At(at).step == Step::kAttachPartition;
  };
  for (auto at = order.rbegin(); at != order.rend(); ++at) {
    const ObjectPair& item = plan_.PairOfFrom(*at);
    if (Drops(item.action) && is_attachment(*at)) Detach(*at);
    const TableChanges* changes = plan_.ChangesOf(*at);
    if (changes == nullptr || item.action != ObjectAction::kAlter) continue;
    for (Statement& statement : changes->LostParents()) Add(std::move(statement));
  }
  for (const Statement& statement : plan_.checks().drops()) Add(statement);
  DropDefaultsOfSequences();
  for (auto at = order.rbegin(); at != order.rend(); ++at) {
    const ObjectPair& item = plan_.PairOfFrom(*at);
    if (is_attachment(*at)) continue;
    if (const TableChanges* changes = plan_.ChangesOf(*at)) {
      if (item.action == ObjectAction::kAlter) {
        for (Statement& statement : changes->Drops()) Add(std::move(statement));
      }
      continue;
    }
    if (Drops(item.action) && !item.drop_deferred) DropOne(*at);
  }
}

// A sequence is dropped with the column that owns it, which other columns can have values from.
void ScriptWriter::DropDefaultsOfSequences() {
  std::map<ObjectId, std::pair<const TableObject*, size_t>> defaults;
  for (const TableObject& table : from_.database().tables) {
    for (size_t at = 0; at < table.defaults.size(); ++at)
      defaults[table.defaults[at]] = {&table, at};
  }
  for (const catalog::Dependency& edge : from_.database().dependencies) {
    const catalog::Sequence* sequence = from_.SequenceOf(edge.to);
    const auto user = defaults.find(edge.from);
    const bool is_owned = sequence != nullptr && sequence->column.object != 0;
    if (!is_owned || user == defaults.end()) continue;
    const auto& [table, column] = user->second;
    const ObjectId owner{sequence->column.catalog, sequence->column.object, 0};
    const auto maker = from_.parts().makers.find(owner);
    if (owner == table->id || maker == from_.parts().makers.end()) continue;
    if (!plan_.IsDropped({maker->second, sequence->column.part})) continue;
    const std::string name = sql::QuoteIdentifier(table->table.columns[column].name);
    const std::string place = QuotedName(table->table.name);
    Statement statement;
    statement.text =
        fmt::format("ALTER TABLE ONLY {} ALTER COLUMN {} DROP DEFAULT;\n", place, name);
    statement.object = fmt::format("default of column {}.{}", place, name);
    statement.target =
        catalog::PartOf(table->table.name, "column", table->table.columns[column].name);
    statement.purpose = StatementPurpose::kColumnDefault;
    statement.lock = LockMode::kAccessExclusive;
    Add(std::move(statement));
  }
}

// A detached partition keeps the foreign keys that it has from the partitioned table.
void ScriptWriter::Detach(size_t at) {
  const size_t before = script_.statements.size();
  DropOne(at);
  const Definition& definition = from_.At(at);
  const TableObject* table = from_.TableNamed(definition.name);
  if (script_.statements.size() == before || table == nullptr) return;
  detached_.insert(definition.name);
  std::set<ObjectId> above(table->parents.begin(), table->parents.end());
  for (bool more = true; more;) {
    more = false;
    for (const ObjectId& id : std::set<ObjectId>(above)) {
      const TableObject* parent = from_.TableOf(id);
      if (parent == nullptr || parent->bound.empty()) continue;
      for (const ObjectId& next : parent->parents) more |= above.insert(next).second;
    }
  }
  for (const catalog::ForeignKeyObject& key : from_.database().foreign_keys) {
    if (!above.contains(key.table)) continue;
    Statement statement;
    const std::string name = sql::QuoteIdentifier(key.key.name);
    const std::string place = QuotedName(definition.name);
    statement.text = fmt::format("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {};\n", place, name);
    statement.object = fmt::format("constraint {} on {}", name, place);
    statement.target = catalog::PartOf(definition.name, "constraint", key.key.name);
    statement.kind = ActionKind::kDrop;
    statement.lock = LockMode::kAccessExclusive;
    Add(std::move(statement));
  }
}

// A detached partition does not keep the triggers that it has from the partitioned table.
bool ScriptWriter::IsDetachedTrigger(size_t at) const {
  const catalog::TriggerCopy* copy = CopyThatConcerns(from_, at);
  const TableObject* table = copy == nullptr ? nullptr : from_.TableNamed(copy->table);
  for (; table != nullptr && !table->bound.empty(); table = from_.TableOf(table->parents.front())) {
    if (detached_.contains(table->table.name)) return true;
  }
  return false;
}

void ScriptWriter::DropOne(size_t at) {
  if (IsDetachedTrigger(at)) return;
  if (plan_.privileges().OfStepOfFrom(at) || IsCheckOrComment(from_, at)) return;
  if (plan_.IsDroppedWithOwner(at) && !plan_.UsesDropped(at)) return;
  const std::optional<std::string> text = ReverseOf(from_, at);
  if (!text) {
    refused_.push_back(from_.LabelOf(at));
    return;
  }
  Statement statement = About(from_, at);
  statement.text = *text;
  if (IsNameTaken(from_.At(at).name)) statement.text += plan_.SettingsToKeep(plan_.PairOfFrom(at));
  AddDropEffects(from_, at, statement);
  if (HasOnlyPartitions(at)) {
    statement.loses.clear();
    statement.lost_table.clear();
  }
  LoseColumns(at, statement);
  Add(std::move(statement));
}

// The rows of tables that are copied, and of their partitions, are not lost.
void ScriptWriter::LoseColumns(size_t at, Statement& drop) const {
  const TableObject* table = from_.TableAt(at);
  if (table == nullptr) return;
  const CopiedTable* copied = CopiedWith(plan_.copied_tables(), from_, *table);
  if (copied != nullptr) LoseColumnsOnly(*copied, drop);
}

// A partitioned table has no rows itself, and its partitions have been detached.
bool ScriptWriter::HasOnlyPartitions(size_t at) const {
  const TableObject* table = from_.TableAt(at);
  return table != nullptr && plan_.recreated_tables().contains(table->table.name) &&
         table->partitioned;
}

// Whether a new object needs the name of one that is dropped only at the end.
bool ScriptWriter::IsInTheWay(size_t at) const {
  const Definition& definition = from_.At(at);
  if (IsType(definition.step) || definition.step == Step::kCreateTable) {
    // A new range type can need the names of its parts.
    return (makes_ranges_ && IsRange(definition)) || IsNameTaken(definition.name);
  }
  const catalog::Address* address = from_.AddressOf(definition.id);
  const bool can_be_renamed = address != nullptr && definition.id.part == 0 &&
                              !IsProperty(definition.step) && address->kind != "OPERATOR" &&
                              address->kind != "CAST";
  return can_be_renamed && made_.contains(address->kind + " " + address->text);
}

catalog::Name ScriptWriter::NameAside(const catalog::Name& name) {
  return {name.schema, "ballast_old_" + std::to_string(++asides_)};
}

void ScriptWriter::MoveAside() {
  for (size_t at = 0; at < from_.size(); ++at) {
    const catalog::Address* address = from_.AddressOf(from_.At(at).id);
    if (!plan_.PairOfFrom(at).drop_deferred || address == nullptr) continue;
    if (from_.TableAt(at) != nullptr) MovePartsAside(at);
    if (!IsInTheWay(at)) continue;
    const Definition& definition = from_.At(at);
    const catalog::Name aside = NameAside(definition.name);
    aside_[at] = aside;
    Statement statement = About(from_, at);
    statement.text = "ALTER " + address->kind + " " + address->text + " RENAME TO " +
                     sql::QuoteIdentifier(aside.name) + ";\n";
    if (IsRange(definition)) statement.text += RenamePartsOfRange(aside, server_major_);
    statement.object = LabelOfNameOf(from_.LabelOf(at));
    statement.purpose = StatementPurpose::kRenameAside;
    if (definition.step == Step::kCreateTable) statement.lock = LockMode::kAccessExclusive;
    Add(std::move(statement));
  }
}

// Indexes and sequences that the statement of the table creates with it.
void ScriptWriter::MovePartsAside(size_t at) {
  const TableObject& table = *from_.TableAt(at);
  const auto move = [&](const char* kind, ObjectId id, const catalog::Name& name) {
    const auto maker = from_.parts().makers.find(id);
    const bool is_part = maker != from_.parts().makers.end() && maker->second == at;
    if (!is_part || !made_relations_.contains(name)) return;
    Statement statement;
    statement.text = fmt::format("ALTER {} {} RENAME TO {};\n", kind, QuotedName(name),
                                 sql::QuoteIdentifier(NameAside(name).name));
    statement.object = LabelOfNameOf(fmt::format("{} {}", ToLowerAscii(kind), QuotedName(name)));
    statement.target = {ToLowerAscii(kind), name, {}, {}, {}};
    statement.lock = LockOf(statement.text);
    Add(std::move(statement));
  };
  for (const catalog::TableConstraint& key : table.constraints) {
    if (key.index.object != 0) move("INDEX", key.id, {table.table.name.schema, key.name});
  }
  for (const catalog::Sequence& sequence : from_.database().sequences) {
    if (sequence.column.object == table.id.object) move("SEQUENCE", sequence.id, sequence.name);
  }
}

void ScriptWriter::DropTypes() {
  const std::vector<size_t>& order = from_.order();
  for (auto at = order.rbegin(); at != order.rend(); ++at) {
    if (!plan_.PairOfFrom(*at).drop_deferred) continue;
    const auto aside = aside_.find(*at);
    if (aside == aside_.end()) {
      DropOne(*at);
      continue;
    }
    Statement statement = About(from_, *at);
    const catalog::Address& address = *from_.AddressOf(from_.At(*at).id);
    const bool is_routine = HasArguments(from_.At(*at).step);
    statement.text =
        "DROP " + address.kind + " " + QuotedName(aside->second) +
        (is_routine ? address.text.substr(QuotedName(from_.At(*at).name).size()) : "") + ";\n";
    AddDropEffects(from_, *at, statement);
    LoseColumns(*at, statement);
    if (!statement.lost_table.empty()) statement.lost_table = QuotedName(aside->second);
    if (statement.loses.empty()) statement.object = "previous " + statement.object;
    Add(std::move(statement));
  }
}

}  // namespace ballast::difference
