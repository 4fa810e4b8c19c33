// SPDX-License-Identifier: Apache-2.0
#include "difference/script_writer.h"

#include <algorithm>
#include <deque>

#include "base/text.h"
#include "difference/added_labels.h"
#include "difference/alter.h"
#include "difference/hazards.h"
#include "difference/range_types.h"
#include "difference/sequence_position.h"
#include "difference/statement_lock.h"
#include "difference/step_kinds.h"
#include "sql/quote.h"

namespace ballast::difference {

using catalog::Definition;
using catalog::ObjectId;
using catalog::Step;
using catalog::TableObject;

ScriptWriter::ScriptWriter(const DatabaseDefinitions& from, const DatabaseDefinitions& to,
                           const Planner& plan, int server_major)
    : from_(from), to_(to), plan_(plan), server_major_(server_major) {
  for (const PartDependency& use : to.uses())
    used_by_[use.user.definition].push_back(use.used.definition);
  for (size_t at = 0; at < to.size(); ++at) {
    const Step step = to.At(at).step;
    const bool relation = step == Step::kCreateTable || step == Step::kCreateView ||
                          step == Step::kCreateMaterializedView;
    if (relation || IsType(step)) names_.insert(to.At(at).name);
    const ObjectPair& item = plan.PairOfTo(at);
    if (IsRelation(step) && item.from && !Drops(item.action)) remaining_.insert(to.At(at).name);
    if (plan.copied_tables().contains(to.At(at).name)) remaining_.insert(to.At(at).name);
    const ObjectAction action = item.action;
    if (action != ObjectAction::kCreate && action != ObjectAction::kRecreate) continue;
    makes_ranges_ |= IsRange(to.At(at));
    NoteMade(at);
  }
}

void ScriptWriter::NoteMade(size_t at) {
  if (const catalog::Address* address = to_.AddressOf(to_.At(at).id)) {
    made_.insert(address->kind + " " + address->text);
  }
  if (const auto name = to_.RelationMadeAt(at)) made_relations_.insert(*name);
  const TableObject* table = to_.TableAt(at);
  if (table == nullptr) return;
  for (const catalog::TableConstraint& key : table->constraints) {
    if (key.index.object != 0) made_relations_.insert({table->table.name.schema, key.name});
  }
  for (const catalog::Sequence& sequence : to_.database().sequences) {
    if (sequence.column.object == table->id.object) made_relations_.insert(sequence.name);
  }
}

Script ScriptWriter::Write() {
  AddLabels();
  RevokePrivileges();
  CopyTables();
  Drop();
  MoveAside();
  Make();
  for (Statement& position : positions_) Add(std::move(position));
  MakeAdditionsAgain();
  for (const Statement& statement : plan_.checks().adds()) Add(statement);
  AttachLast();
  for (const Statement& statement : plan_.checks().finishes()) Add(statement);
  attached_.clear();
  for (const size_t at : last_) CreateOne(at);
  DropTypes();
  CommitLabelsInUse("", script_.statements);
  return std::move(script_);
}

void ScriptWriter::Add(Statement statement) {
  if (!statement.text.empty()) script_.statements.push_back(std::move(statement));
}

// Rows are inserted after the last statement that makes the new table or a partition of it, and
// before constraints, triggers and policies.
void ScriptWriter::CopyTables() {
  size_t number = 0;
  for (const auto& [name, copied] : plan_.copied_tables()) {
    Add(CopyRows(copied, ++number));
    for (const size_t at : to_.order()) {
      const Step step = to_.At(at).step;
      if (step != Step::kCreateTable && step != Step::kAttachPartition) continue;
      const TableObject* table = to_.TableNamed(to_.At(at).name);
      if (table == nullptr) continue;
      const bool makes = table == copied.after || IsPartitionOf(to_, *table, *copied.after);
      if (!makes) continue;
      std::erase_if(inserts_, [&](const auto& insert) { return insert.second == number; });
      inserts_[at] = number;
    }
  }
}

void ScriptWriter::InsertCopied(size_t at) {
  const auto insert = inserts_.find(at);
  if (insert == inserts_.end()) return;
  const auto copied =
      std::next(plan_.copied_tables().begin(), static_cast<std::ptrdiff_t>(insert->second) - 1);
  Add(InsertCopiedRows(copied->second, insert->second));
}

// What a statement changes: for a comment, an owner and privileges, not the object itself.
std::string ScriptWriter::ObjectOf(const DatabaseDefinitions& side, size_t at) {
  switch (side.At(at).step) {
    case Step::kComment:
      return "comment of " + side.LabelOf(at);
    case Step::kGrant:
      return "privileges on " + side.LabelOf(at);
    case Step::kAlterOwner:
      return "owner of " + side.LabelOf(at);
    case Step::kAttachPartition:
      return "attachment of partition " + QuotedName(side.At(at).name);
    default:
      return side.LabelOf(at);
  }
}

// A statement about what the definition makes or changes, without its text.
Statement ScriptWriter::About(const DatabaseDefinitions& side, size_t at) {
  const Definition& definition = side.At(at);
  Statement statement;
  statement.object = ObjectOf(side, at);
  statement.target = side.RefOf(at);
  if (IsSetting(definition) || definition.step == Step::kRowSecurity) {
    statement.purpose = StatementPurpose::kSetting;
  } else if (definition.step == Step::kAttachPartition) {
    statement.purpose = StatementPurpose::kAttachment;
  } else if (definition.step == Step::kAlterTable && statement.target.kind == "column") {
    statement.purpose = StatementPurpose::kColumnDefault;
  }
  return statement;
}

bool ScriptWriter::IsSetting(const Definition& definition) {
  return definition.step == Step::kComment || definition.step == Step::kGrant ||
         definition.step == Step::kAlterOwner;
}

void ScriptWriter::AddLabels() {
  for (const auto& [at, labels] : plan_.added_labels()) {
    if (plan_.PairOfFrom(at).action != ObjectAction::kAlter) continue;
    for (const auto& [label, text] : labels) {
      Statement statement = About(from_, at);
      statement.text = text;
      statement.added_label = label;
      Add(std::move(statement));
    }
  }
}

// While the roles that granted them can still use the schemas.
void ScriptWriter::RevokePrivileges() {
  const std::vector<size_t>& order = from_.order();
  std::set<size_t> done;
  for (auto at = order.rbegin(); at != order.rend(); ++at) {
    const std::optional<size_t> change = plan_.privileges().OfStepOfFrom(*at);
    if (change && done.insert(*change).second) RevokePrivileges(*change);
  }
  for (size_t change = 0; change < plan_.privileges().changes().size(); ++change)
    if (done.insert(change).second) RevokePrivileges(change);
}

void ScriptWriter::RevokePrivileges(size_t at) {
  const PrivilegeChange& change = plan_.privileges().changes()[at];
  AddPrivileges(change, change.revokes);
  if (!change.has_step) AddPrivileges(change, change.grants);
}

void ScriptWriter::GrantPrivileges(size_t at) {
  const PrivilegeChange& change = plan_.privileges().changes()[at];
  if (granted_.insert(at).second) AddPrivileges(change, change.grants);
}

void ScriptWriter::AddPrivileges(const PrivilegeChange& change, const std::string& text) {
  Statement statement;
  statement.text = text;
  statement.object = change.object;
  statement.target = change.target;
  statement.purpose = StatementPurpose::kSetting;
  Add(std::move(statement));
}

// A constraint that CheckChanges covers, or a comment on one that it drops or makes.
bool ScriptWriter::IsCheckOrComment(const DatabaseDefinitions& side, size_t at) const {
  const Definition& definition = side.At(at);
  if (definition.step == Step::kAlterTable) return plan_.checks().Covers(side, definition.id);
  if (definition.step != Step::kComment) return false;
  const std::set<ObjectId>& changed =
      &side == &from_ ? plan_.checks().dropped() : plan_.checks().made();
  return changed.contains(definition.needs.front());
}

// Whether the step concerns a relation that remains, and can have rows and readers.
bool ScriptWriter::IsAboutExisting(size_t at) const {
  const Definition& definition = to_.At(at);
  if (definition.step == Step::kAlterDomain) {
    const auto domain = to_.parts().makers.find(definition.needs.front());
    const bool is_new = domain != to_.parts().makers.end() &&
                        plan_.PairOfTo(domain->second).action == ObjectAction::kRecreate;
    return !is_new && from_.IsInTables(definition.name);
  }
  if (!IsSetting(definition)) return remaining_.contains(TableNameOf(definition, at));
  return std::any_of(to_.uses().begin(), to_.uses().end(), [&](const PartDependency& use) {
    return use.user.definition == at && remaining_.contains(to_.At(use.used.definition).name);
  });
}

// The check of a domain that no table has is compared with no rows.
LockMode ScriptWriter::LockOfChange(size_t at, const std::string& text) const {
  const Step step = to_.At(at).step;
  const bool of_domain = step == Step::kCreateDomain || step == Step::kAlterDomain;
  if (of_domain && !from_.IsInTables(to_.At(at).name)) return LockMode::kNone;
  return LockOf(text);
}

// An index that is made after partitions are attached, or a step about one.
bool ScriptWriter::IsOfLateIndex(size_t at) const {
  const Definition& definition = to_.At(at);
  const std::set<ObjectId>& late = plan_.late_indexes();
  if (definition.step == Step::kCreateIndex) return late.contains(definition.id);
  const bool about = definition.step == Step::kAttachIndex || definition.step == Step::kComment;
  return about && std::any_of(definition.needs.begin(), definition.needs.end(),
                              [&](const ObjectId& id) { return late.contains(id); });
}

// What is said about a trigger that a partition gets when it, or a partitioned table above it, is
// attached after everything else.
bool ScriptWriter::IsOfLateTrigger(size_t at) const {
  const catalog::TriggerCopy* copy = CopyThatConcerns(to_, at);
  const TableObject* table = copy == nullptr ? nullptr : to_.TableNamed(copy->table);
  for (; table != nullptr && !table->bound.empty(); table = to_.TableOf(table->parents.front())) {
    if (attached_.contains(QuotedName(table->table.name))) return true;
  }
  return false;
}

void ScriptWriter::Make() {
  for (const size_t at : to_.order()) {
    if (const std::optional<size_t> change = plan_.privileges().OfStepOfTo(at)) {
      GrantPrivileges(*change);
      continue;
    }
    if (IsCheckOrComment(to_, at)) {
      if (to_.At(at).step == Step::kComment) last_.push_back(at);
      continue;
    }
    if (IsOfLateIndex(at) || IsOfLateTrigger(at)) {
      last_.push_back(at);
      continue;
    }
    const ObjectPair& item = plan_.PairOfTo(at);
    const TableChanges* changes = item.from ? plan_.ChangesOf(*item.from) : nullptr;
    if (changes != nullptr && item.action == ObjectAction::kAlter) {
      for (Statement& statement : changes->Changes()) Add(std::move(statement));
    } else if (item.action == ObjectAction::kCreate || item.action == ObjectAction::kRecreate) {
      CreateOne(at);
    } else if (item.action == ObjectAction::kAlter && !item.alter.empty()) {
      Statement statement = About(to_, at);
      statement.text = item.alter;
      statement.lock = LockOfChange(at, item.alter);
      statement.rewrites = to_.At(at).step == Step::kRefreshMaterializedView;
      AddAlterEffects(from_, to_, at, statement);
      if (plan_.UsesChangedRoutine(at)) statement.offending_rows.clear();
      Add(std::move(statement));
    }
    InsertCopied(at);
    RepeatColumnSettings(to_, at);
  }
}

// A column that is dropped and added again has lost its settings; one that gets another type, some
// of them.
void ScriptWriter::RepeatColumnSettings(const DatabaseDefinitions& side, size_t at) {
  const Definition& definition = side.At(at);
  const ObjectPair& item = &side == &from_ ? plan_.PairOfFrom(at) : plan_.PairOfTo(at);
  const TableObject* table = from_.TableNamed(definition.name);
  const bool remains = item.action == ObjectAction::kKeep || item.action == ObjectAction::kAlter;
  if (definition.step != Step::kAlterTable || !remains || table == nullptr) return;
  const auto made = from_.parts().makers.find(table->id);
  const TableChanges* changes =
      made == from_.parts().makers.end() ? nullptr : plan_.ChangesOf(made->second);
  if (changes == nullptr) return;
  for (const ColumnChange& change : changes->columns()) {
    const bool is_retyped = change.action == ColumnAction::kRetype;
    if (change.action != ColumnAction::kReadd && !is_retyped) continue;
    for (const catalog::Setting& setting : definition.settings) {
      if (setting.column != change.name || (is_retyped && !setting.reset_by_type)) continue;
      Statement statement = About(side, at);
      statement.text = setting.set;
      statement.lock = LockOf(statement.text);
      Add(std::move(statement));
    }
  }
}

void ScriptWriter::CreateOne(size_t at) {
  const Definition& definition = to_.At(at);
  if (definition.step == Step::kAttachPartition && plan_.IsAttachedLast(at)) {
    attach_.push_back(at);
    attached_.insert(QuotedName(definition.name));
    return;
  }
  if (definition.step == Step::kAttachIndex && attached_.contains(QuotedName(TableOfIndex(at)))) {
    return;
  }
  Statement statement = About(to_, at);
  statement.text =
      OwnerOfSequence(at) + definition.statements + plan_.SettingsToKeep(plan_.PairOfTo(at));
  if (definition.step == Step::kSetSequence) {
    statement.text = AdvanceSequence(*to_.SequenceAt(at)) + ";\n";
  }
  statement.kind = CreationKind(definition, statement.target);
  AddCreationEffects(from_, to_, at, IsAboutExisting(at), statement);
  statement.stands_alone = !statement.online.empty() && StandsAlone(at);
  if (definition.step == Step::kAttachPartition) {
    AddAttachmentEffects(from_, to_, *to_.TableNamed(definition.name), statement);
  }
  if (plan_.UsesChangedRoutine(at)) statement.offending_rows.clear();
  Add(std::move(statement));
  for (Statement& position : SequencePositions(from_, to_, at, MakesOwned(definition))) {
    const bool filled = std::ranges::any_of(plan_.copied_tables(), [&](const auto& copied) {
      return QuotedName(copied.first) == position.table;
    });
    if (filled) {
      positions_.push_back(std::move(position));
    } else {
      Add(std::move(position));
    }
  }
}

// See Statement::stands_alone.
bool ScriptWriter::StandsAlone(size_t statement) const {
  std::set<size_t> seen = {statement};
  for (std::deque<size_t> open = {statement}; !open.empty(); open.pop_front()) {
    const auto used = used_by_.find(open.front());
    if (used == used_by_.end()) continue;
    for (const size_t at : used->second) {
      const Step step = to_.At(at).step;
      if (step == Step::kCreateTable || !seen.insert(at).second) continue;
      const bool code = step == Step::kCreateFunction || step == Step::kCreateProcedure ||
                        step == Step::kCreateAggregate;
      if (code || plan_.PairOfTo(at).action != ObjectAction::kKeep) return false;
      open.push_back(at);
    }
  }
  return true;
}

// Not the section's other steps, which are also those of identity columns.
bool ScriptWriter::MakesOwned(const Definition& definition) {
  return definition.step == Step::kOwnSequence && definition.id == OwnedByStep(definition.id);
}

// A sequence must have the owner of its table, which another role than this one can be.
std::string ScriptWriter::OwnerOfSequence(size_t own_sequence) const {
  if (!MakesOwned(to_.At(own_sequence))) return {};
  const catalog::Sequence* sequence = to_.SequenceAt(own_sequence);
  const TableObject* table = sequence ? to_.TableOf(sequence->column) : nullptr;
  const TableObject* before = table ? from_.TableNamed(table->table.name) : nullptr;
  if (before == nullptr) return {};
  for (size_t at = 0; at < from_.size(); ++at) {
    const Definition& owner = from_.At(at);
    const bool of_table = owner.step == Step::kAlterOwner && owner.needs.front() == before->id;
    if (!of_table || plan_.PairOfFrom(at).action != ObjectAction::kKeep) continue;
    return "ALTER SEQUENCE " + QuotedName(sequence->name) + " OWNER TO " +
           catalog::OwnerClause(from_.database(), *from_.AddressOf(before->id)) + ";\n";
  }
  return {};
}

catalog::Name ScriptWriter::TableNameOf(const Definition& definition, size_t at) const {
  const bool is_index =
      definition.step == Step::kCreateIndex || definition.step == Step::kCreateViewIndex;
  return is_index ? TableOfIndex(at) : definition.name;
}

// Additions that depend on an object that is created again.
void ScriptWriter::MakeAdditionsAgain() {
  for (const size_t at : from_.order()) {
    const ObjectPair& item = plan_.PairOfFrom(at);
    const bool refresh =
        item.action == ObjectAction::kAlter && from_.At(at).step == Step::kRefreshMaterializedView;
    if (!item.to) RepeatColumnSettings(from_, at);
    if (item.to || (item.action != ObjectAction::kRecreate && !refresh)) continue;
    Statement statement = About(from_, at);
    statement.text = from_.At(at).statements;
    statement.kind = CreationKind(from_.At(at), statement.target);
    Add(std::move(statement));
  }
}

// ATTACH PARTITION uses the partition's existing indexes for those of the partitioned table.
void ScriptWriter::AttachLast() {
  for (const size_t at : from_.order()) {
    const TableChanges* changes = plan_.ChangesOf(at);
    if (changes == nullptr || plan_.PairOfFrom(at).action != ObjectAction::kAlter) continue;
    for (Statement& statement : changes->NewParents()) Add(std::move(statement));
  }
  for (const size_t at : attach_) {
    Statement statement = About(to_, at);
    statement.text = to_.At(at).statements;
    statement.kind = ActionKind::kCreate;
    statement.lock = LockOfAttachment(to_.At(at).name);
    AddAttachmentEffects(from_, to_, *to_.TableNamed(to_.At(at).name), statement);
    Add(std::move(statement));
  }
}

// The partition and a default partition, whose rows are checked, are locked more than the table.
LockMode ScriptWriter::LockOfAttachment(const catalog::Name& partition) const {
  if (remaining_.contains(partition)) return LockMode::kAccessExclusive;
  const std::vector<ObjectId>& parents = to_.TableNamed(partition)->parents;
  if (!remaining_.contains(to_.TableOf(parents.front())->table.name)) return LockMode::kNone;
  const auto& tables = to_.database().tables;
  const bool has_default = std::any_of(tables.begin(), tables.end(), [&](const auto& table) {
    return table.bound == "DEFAULT" && table.parents == parents &&
           remaining_.contains(table.table.name);
  });
  return has_default ? LockMode::kAccessExclusive : LockMode::kShareUpdateExclusive;
}

catalog::Name ScriptWriter::TableOfIndex(size_t at) const {
  const catalog::IndexObject* index = to_.IndexAt(at);
  return index == nullptr ? to_.At(at).name : index->index.table;
}

}  // namespace ballast::difference
