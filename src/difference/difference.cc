// SPDX-License-Identifier: Apache-2.0
// Orders the statements: drops from the last object to the first, then creations and changes from
// the first to the last, then drops of types that columns no longer use.
#include "difference/difference.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "base/text.h"
#include "difference/alter.h"
#include "difference/database_definitions.h"
#include "difference/dependent_additions.h"
#include "difference/hazards.h"
#include "difference/planner.h"
#include "difference/range_types.h"
#include "difference/reverse_statements.h"
#include "difference/sequence_position.h"
#include "difference/statement_lock.h"
#include "difference/step_kinds.h"
#include "difference/type_uses.h"
#include "difference/unsupported.h"
#include "sql/quote.h"

namespace ballast::difference {
namespace {

using catalog::Definition;
using catalog::ObjectId;
using catalog::Step;
using catalog::TableObject;

class Writer {
 public:
  Writer(const DatabaseDefinitions& from, const DatabaseDefinitions& to, const Planner& plan,
         int server_major)
      : from_(from), to_(to), plan_(plan), server_major_(server_major) {
    for (size_t at = 0; at < to.size(); ++at) {
      const Step step = to.At(at).step;
      const bool relation = step == Step::kCreateTable || step == Step::kCreateView ||
                            step == Step::kCreateMaterializedView;
      if (relation || IsType(step)) names_.insert(to.At(at).name);
      const ObjectPair& item = plan.PairOfTo(at);
      if (IsRelation(step) && item.from && !Drops(item.action)) remaining_.insert(to.At(at).name);
      const ObjectAction action = item.action;
      makes_ranges_ |= IsRange(to.At(at)) &&
                       (action == ObjectAction::kCreate || action == ObjectAction::kRecreate);
    }
  }

  Script Write() {
    AddLabels();
    RevokePrivileges();
    Drop();
    MoveTypesAside();
    Make();
    MakeAdditionsAgain();
    for (const Statement& statement : plan_.checks().adds()) Add(statement);
    AttachLast();
    for (const Statement& statement : plan_.checks().finishes()) Add(statement);
    attached_.clear();
    for (const size_t at : last_) CreateOne(at);
    DropTypes();
    MarkLabelsInUse();
    return std::move(script_);
  }
  const std::vector<std::string>& refused() const { return refused_; }

 private:
  void Add(Statement statement) {
    if (!statement.text.empty()) script_.statements.push_back(std::move(statement));
  }

  // What a statement changes: for a comment, an owner and privileges, not the object itself.
  static std::string ObjectOf(const DatabaseDefinitions& side, size_t at) {
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

  static bool IsProperty(const Definition& definition) {
    return definition.step == Step::kComment || definition.step == Step::kGrant ||
           definition.step == Step::kAlterOwner;
  }

  void AddLabels() {
    for (const auto& [at, labels] : plan_.added_labels()) {
      if (plan_.PairOfFrom(at).action != ObjectAction::kAlter) continue;
      for (const auto& [label, text] : labels) {
        Statement statement;
        statement.text = text;
        statement.object = from_.LabelOf(at);
        labels_.emplace_back(script_.statements.size(), label);
        Add(std::move(statement));
      }
    }
  }

  // While the roles that granted them can still use the schemas.
  void RevokePrivileges() {
    const std::vector<size_t>& order = from_.order();
    std::set<size_t> done;
    for (auto at = order.rbegin(); at != order.rend(); ++at) {
      const std::optional<size_t> change = plan_.privileges().OfStepOfFrom(*at);
      if (change && done.insert(*change).second) RevokePrivileges(*change);
    }
    for (size_t change = 0; change < plan_.privileges().changes().size(); ++change)
      if (done.insert(change).second) RevokePrivileges(change);
  }

  void RevokePrivileges(size_t at) {
    const PrivilegeChange& change = plan_.privileges().changes()[at];
    AddPrivileges(change, change.revokes);
    if (!change.has_step) AddPrivileges(change, change.grants);
  }

  void GrantPrivileges(size_t at) {
    const PrivilegeChange& change = plan_.privileges().changes()[at];
    if (granted_.insert(at).second) AddPrivileges(change, change.grants);
  }

  void AddPrivileges(const PrivilegeChange& change, const std::string& text) {
    Statement statement;
    statement.text = text;
    statement.object = change.object;
    Add(std::move(statement));
  }

  // A new label can be used only after it was committed (55P04).
  void MarkLabelsInUse() {
    for (const auto& [index, label] : labels_) {
      const std::string literal = sql::QuoteLiteral(label);
      const bool used =
          std::any_of(script_.statements.begin() + static_cast<std::ptrdiff_t>(labels_.size()),
                      script_.statements.end(), [&](const Statement& statement) {
                        return statement.text.find(literal) != std::string::npos;
                      });
      if (used) script_.statements[index].placement = Placement::kCommitFirst;
    }
    std::stable_partition(
        script_.statements.begin(), script_.statements.end(),
        [](const Statement& statement) { return statement.placement == Placement::kCommitFirst; });
  }

  void Drop() {
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
      if (is_attachment(*at) || dropped_.contains(*at)) continue;
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
  void DropDefaultsOfSequences() {
    std::map<ObjectId, std::pair<const TableObject*, size_t>> defaults;
    for (const TableObject& table : from_.database().tables) {
      for (size_t at = 0; at < table.defaults.size(); ++at)
        defaults[table.defaults[at]] = {&table, at};
    }
    for (const catalog::Dependency& edge : from_.database().dependencies) {
      const catalog::Sequence* sequence = from_.SequenceOf(edge.to);
      const auto user = defaults.find(edge.from);
      if (sequence == nullptr || user == defaults.end()) continue;
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
      statement.lock = LockMode::kAccessExclusive;
      Add(std::move(statement));
    }
  }

  // A detached partition keeps the foreign keys that it has from the partitioned table.
  void Detach(size_t at) {
    const size_t before = script_.statements.size();
    DropOne(at);
    const Definition& definition = from_.At(at);
    const TableObject* table = from_.TableNamed(definition.name);
    if (script_.statements.size() == before || table == nullptr) return;
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
      statement.kind = ActionKind::kDrop;
      statement.lock = LockMode::kAccessExclusive;
      Add(std::move(statement));
    }
  }

  // A constraint that CheckChanges covers, or a comment on one that it drops or makes.
  bool IsCheckOrComment(const DatabaseDefinitions& side, size_t at) const {
    const Definition& definition = side.At(at);
    if (definition.step == Step::kAlterTable) return plan_.checks().Covers(side, definition.id);
    if (definition.step != Step::kComment) return false;
    const std::set<ObjectId>& changed =
        &side == &from_ ? plan_.checks().dropped() : plan_.checks().made();
    return changed.contains(definition.needs.front());
  }

  void DropOne(size_t at) {
    if (plan_.privileges().OfStepOfFrom(at) || IsCheckOrComment(from_, at)) return;
    if (plan_.IsDroppedWithOwner(at) && !plan_.UsesDropped(at)) return;
    const std::optional<std::string> text = ReverseOf(from_, at);
    if (!text) {
      refused_.push_back(from_.LabelOf(at));
      return;
    }
    Statement statement;
    statement.text = *text;
    if (IsNameTaken(from_.At(at).name))
      statement.text += plan_.SettingsToKeep(plan_.PairOfFrom(at));
    statement.object = ObjectOf(from_, at);
    AddDropEffects(from_, at, statement);
    if (HasOnlyPartitions(at)) {
      statement.loses.clear();
      statement.lost_table.clear();
    }
    Add(std::move(statement));
  }

  // A partitioned table has no rows itself, and its partitions have been detached.
  bool HasOnlyPartitions(size_t at) const {
    const TableObject* table = from_.TableAt(at);
    return table != nullptr && plan_.recreated_tables().contains(table->table.name) &&
           table->table.tail.find("PARTITION BY ") != std::string::npos;
  }

  bool IsNameTaken(const catalog::Name& name) const { return names_.contains(name); }

  void MoveTypesAside() {
    for (size_t at = 0; at < from_.size(); ++at) {
      const ObjectPair& item = plan_.PairOfFrom(at);
      const Definition& definition = from_.At(at);
      const bool has_type = IsType(definition.step) || definition.step == Step::kCreateTable;
      if (!item.drop_deferred || !has_type) continue;
      const catalog::Address* address = from_.AddressOf(definition.id);
      // A new range type can need the names of its parts.
      const bool is_in_the_way = makes_ranges_ && IsRange(definition);
      if (address == nullptr || !(is_in_the_way || IsNameTaken(definition.name))) continue;
      const catalog::Name aside{definition.name.schema,
                                "ballast_old_" + std::to_string(aside_.size() + 1)};
      aside_[at] = aside;
      Statement statement;
      statement.text = "ALTER " + address->kind + " " + address->text + " RENAME TO " +
                       sql::QuoteIdentifier(aside.name) + ";\n";
      if (IsRange(definition)) statement.text += RenamePartsOfRange(aside, server_major_);
      statement.object = "name of " + from_.LabelOf(at);
      Add(std::move(statement));
    }
  }

  void DropTypes() {
    const std::vector<size_t>& order = from_.order();
    for (auto at = order.rbegin(); at != order.rend(); ++at) {
      if (!plan_.PairOfFrom(*at).drop_deferred) continue;
      const auto aside = aside_.find(*at);
      if (aside == aside_.end()) {
        DropOne(*at);
        continue;
      }
      Statement statement;
      statement.text = "DROP " + from_.AddressOf(from_.At(*at).id)->kind + " " +
                       QuotedName(aside->second) + ";\n";
      statement.object = from_.LabelOf(*at);
      AddDropEffects(from_, *at, statement);
      if (!statement.lost_table.empty()) statement.lost_table = QuotedName(aside->second);
      if (statement.loses.empty()) statement.object = "previous " + statement.object;
      Add(std::move(statement));
    }
  }

  // Whether the step concerns a relation that remains, and can have rows and readers.
  bool IsAboutExisting(size_t at) const {
    const Definition& definition = to_.At(at);
    if (definition.step == Step::kAlterDomain) return from_.IsInTables(definition.name);
    // The model has the indexes of materialized views as definitions only.
    const bool of_view = definition.step == Step::kCreateIndex && to_.IndexAt(at) == nullptr;
    if (!of_view && !IsProperty(definition))
      return remaining_.contains(TableNameOf(definition, at));
    return std::any_of(to_.uses().begin(), to_.uses().end(), [&](const PartDependency& use) {
      return use.user.definition == at && remaining_.contains(to_.At(use.used.definition).name);
    });
  }

  // The check of a domain that no table has is compared with no rows.
  LockMode LockOfChange(size_t at, const std::string& text) const {
    const Step step = to_.At(at).step;
    const bool of_domain = step == Step::kCreateDomain || step == Step::kAlterDomain;
    if (of_domain && !from_.IsInTables(to_.At(at).name)) return LockMode::kNone;
    return LockOf(text);
  }

  // An index that is made after partitions are attached, or a step about one.
  bool IsOfLateIndex(size_t at) const {
    const Definition& definition = to_.At(at);
    const std::set<ObjectId>& late = plan_.late_indexes();
    if (definition.step == Step::kCreateIndex) return late.contains(definition.id);
    const bool about = definition.step == Step::kAttachIndex || definition.step == Step::kComment;
    return about && std::any_of(definition.needs.begin(), definition.needs.end(),
                                [&](const ObjectId& id) { return late.contains(id); });
  }

  void Make() {
    for (const size_t at : to_.order()) {
      if (const std::optional<size_t> change = plan_.privileges().OfStepOfTo(at)) {
        GrantPrivileges(*change);
        continue;
      }
      if (IsCheckOrComment(to_, at)) {
        if (to_.At(at).step == Step::kComment) last_.push_back(at);
        continue;
      }
      if (IsOfLateIndex(at)) {
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
        Statement statement;
        statement.text = item.alter;
        statement.object = ObjectOf(to_, at);
        statement.lock = LockOfChange(at, item.alter);
        statement.rewrites = to_.At(at).step == Step::kRefreshMaterializedView;
        Add(std::move(statement));
      }
      RepeatColumnSettings(at);
    }
  }

  // A column that is dropped and added again has lost its settings.
  void RepeatColumnSettings(size_t at) {
    const Definition& definition = to_.At(at);
    const ObjectPair& item = plan_.PairOfTo(at);
    const TableObject* table = from_.TableNamed(definition.name);
    const bool remains = item.action == ObjectAction::kKeep || item.action == ObjectAction::kAlter;
    if (definition.step != Step::kAlterTable || !remains || table == nullptr) return;
    const auto made = from_.parts().makers.find(table->id);
    const TableChanges* changes =
        made == from_.parts().makers.end() ? nullptr : plan_.ChangesOf(made->second);
    if (changes == nullptr) return;
    for (const ColumnChange& change : changes->columns()) {
      if (change.action != ColumnAction::kReadd) continue;
      const std::string of_column = " ALTER COLUMN " + sql::QuoteIdentifier(change.name) + " ";
      for (const std::string& line : LinesOf(definition.statements)) {
        if (line.find(of_column) == line.npos) continue;
        Statement statement;
        statement.text = line + "\n";
        statement.object = to_.LabelOf(at);
        statement.lock = LockOf(statement.text);
        Add(std::move(statement));
      }
    }
  }

  void CreateOne(size_t at) {
    const Definition& definition = to_.At(at);
    if (definition.step == Step::kAttachPartition && plan_.IsAttachedLast(at)) {
      attach_.push_back(at);
      attached_.insert(QuotedName(definition.name));
      return;
    }
    if (definition.step == Step::kAttachIndex && attached_.contains(QuotedName(TableOfIndex(at)))) {
      return;
    }
    Statement statement;
    statement.text =
        OwnerOfSequence(at) + definition.statements + plan_.SettingsToKeep(plan_.PairOfTo(at));
    statement.object = ObjectOf(to_, at);
    statement.kind = IsProperty(definition) ? ActionKind::kAlter : ActionKind::kCreate;
    AddCreationEffects(from_, to_, at, IsAboutExisting(at), statement);
    Add(std::move(statement));
    for (Statement& position : SequencePositions(from_, to_, at, MakesOwned(definition))) {
      Add(std::move(position));
    }
  }

  // Not the step's other statements, which are also those of identity columns.
  static bool MakesOwned(const Definition& definition) {
    return definition.step == Step::kOwnSequence &&
           definition.statements.find(" OWNED BY ") != std::string::npos;
  }

  // A sequence must have the owner of its table, which another role than this one can be.
  std::string OwnerOfSequence(size_t own_sequence) const {
    if (!MakesOwned(to_.At(own_sequence))) return {};
    const catalog::Sequence* sequence = to_.SequenceAt(own_sequence);
    const TableObject* table = sequence ? to_.TableOf(sequence->column) : nullptr;
    const TableObject* before = table ? from_.TableNamed(table->table.name) : nullptr;
    if (before == nullptr) return {};
    for (size_t at = 0; at < from_.size(); ++at) {
      const Definition& owner = from_.At(at);
      const bool of_table = owner.step == Step::kAlterOwner && owner.needs.front() == before->id;
      if (!of_table || plan_.PairOfFrom(at).action != ObjectAction::kKeep) continue;
      const size_t to = owner.statements.rfind(" OWNER TO ");
      if (to == std::string::npos) return {};
      return "ALTER SEQUENCE " + QuotedName(sequence->name) + owner.statements.substr(to);
    }
    return {};
  }

  catalog::Name TableNameOf(const Definition& definition, size_t at) const {
    return definition.step == Step::kCreateIndex ? TableOfIndex(at) : definition.name;
  }

  // Additions that depend on an object that is created again.
  void MakeAdditionsAgain() {
    for (const size_t at : from_.order()) {
      const ObjectPair& item = plan_.PairOfFrom(at);
      if (item.to || item.action != ObjectAction::kRecreate) continue;
      Statement statement;
      statement.text = from_.At(at).statements;
      statement.object = ObjectOf(from_, at);
      statement.kind = IsProperty(from_.At(at)) ? ActionKind::kAlter : ActionKind::kCreate;
      Add(std::move(statement));
    }
  }

  // ATTACH PARTITION uses the partition's existing indexes for those of the partitioned table.
  void AttachLast() {
    for (const size_t at : from_.order()) {
      const TableChanges* changes = plan_.ChangesOf(at);
      if (changes == nullptr || plan_.PairOfFrom(at).action != ObjectAction::kAlter) continue;
      for (Statement& statement : changes->NewParents()) Add(std::move(statement));
    }
    for (const size_t at : attach_) {
      Statement statement;
      statement.text = to_.At(at).statements;
      statement.object = ObjectOf(to_, at);
      statement.kind = ActionKind::kCreate;
      statement.lock = LockOfAttachment(to_.At(at).name);
      Add(std::move(statement));
    }
  }

  // The partition and a default partition, whose rows are checked, are locked more than the table.
  LockMode LockOfAttachment(const catalog::Name& partition) const {
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

  catalog::Name TableOfIndex(size_t at) const {
    const catalog::IndexObject* index = to_.IndexAt(at);
    return index == nullptr ? to_.At(at).name : index->index.table;
  }

  const DatabaseDefinitions& from_;
  const DatabaseDefinitions& to_;
  const Planner& plan_;
  int server_major_;
  Script script_;
  std::vector<std::pair<size_t, std::string>> labels_;
  std::map<size_t, catalog::Name> aside_;
  std::vector<size_t> attach_;
  std::set<size_t> dropped_;  // before the others
  std::set<size_t> granted_;
  std::set<catalog::Name> names_;      // of relations and types of `to`
  std::set<catalog::Name> remaining_;  // relations that are not dropped
  bool makes_ranges_ = false;
  std::vector<size_t> last_;        // made after partitions are attached
  std::set<std::string> attached_;  // tables, quoted
  std::vector<std::string> refused_;
};

Error Refuse(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return MakeError(ErrorCode::kNoDifferenceScript,
                   "these differences cannot be expressed as DDL: " + JoinSome(names),
                   "change them by hand, or with a migration of your own");
}

}  // namespace

Result<Script> Diff(const catalog::Database& from, const catalog::Database& to,
                    const Options& options) {
  std::set<catalog::Name> recreated = DomainsToRecreate(from, to);
  const DatabaseDefinitions before(from, SeparateParts(from, to, recreated));
  const DatabaseDefinitions after(to, SeparateParts(to, from, recreated));
  std::vector<std::string> refused = UnsupportedInOne(before, after, options.keep_additions);
  if (!refused.empty()) return Refuse(std::move(refused));
  std::optional<DatabaseDefinitions> managed;
  if (options.managed != nullptr)
    managed.emplace(*options.managed, SeparateParts(*options.managed, to, recreated));
  Planner plan(before, after, options, managed ? &*managed : nullptr, std::move(recreated));
  plan.Plan();
  refused = plan.refused();
  for (auto& names :
       {SwitchedConstraintsMadeAgain(before, plan), RewrittenRowTypes(before, plan)}) {
    refused.insert(refused.end(), names.begin(), names.end());
  }
  if (!refused.empty()) return Refuse(std::move(refused));
  if (!plan.in_the_way().empty()) return AdditionsInTheWay(plan.in_the_way());
  Writer writer(before, after, plan, options.server_major);
  Script script = writer.Write();
  if (!writer.refused().empty()) return Refuse(writer.refused());
  return script;
}

std::vector<std::string> TransactionsOf(const Script& script) {
  std::string first, rest;
  for (const Statement& statement : script.statements) {
    (statement.placement == Placement::kCommitFirst ? first : rest) += statement.text;
  }
  std::vector<std::string> texts;
  if (!first.empty()) texts.push_back(std::move(first));
  if (!rest.empty()) texts.push_back("SET LOCAL check_function_bodies = false;\n" + rest);
  return texts;
}

std::string RenderScript(const Script& script) {
  std::string text = "SET LOCAL check_function_bodies = false;\n";
  for (const Statement& statement : script.statements) text += statement.text;
  return text;
}

}  // namespace ballast::difference
