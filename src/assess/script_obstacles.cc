// SPDX-License-Identifier: Apache-2.0
#include "assess/script_obstacles.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "catalog/object_identity.h"
#include "catalog/property_name.h"
#include "introspect/partition_overlaps.h"
#include "introspect/script_conflicts.h"
#include "sql/classify.h"
#include "sql/quote.h"
#include "sql/script_needs.h"

namespace ballast::assess {
namespace {

using introspect::ScriptConflict;
using sql::ScriptNeed;

struct PendingScripts {
  std::vector<std::string> names;
  std::vector<std::string_view> scripts;
  bool complete = true;
};

// Those before the first of which a part is applied.
PendingScripts PendingScriptsOf(const plan::Plan& plan) {
  PendingScripts pending;
  for (const plan::Step* step : plan::StepsOf(plan)) {
    const auto* run = std::get_if<plan::RunScript>(&step->act);
    if (run == nullptr) continue;
    if (run->applied_statements || run->settings != plan::ScriptSettings::kSession) {
      pending.complete = false;
      break;
    }
    pending.names.push_back(run->migration.name);
    pending.scripts.push_back(run->Script());
  }
  return pending;
}

std::optional<sql::ObjectKind> KindOf(sql::NameSpace space) {
  switch (space) {
    case sql::NameSpace::kRelation:
      return sql::ObjectKind::kRelation;
    case sql::NameSpace::kType:
      return sql::ObjectKind::kType;
    case sql::NameSpace::kRoutine:
      return sql::ObjectKind::kFunction;
    case sql::NameSpace::kColumn:
      return sql::ObjectKind::kColumn;
    case sql::NameSpace::kConstraint:
      return sql::ObjectKind::kConstraint;
    case sql::NameSpace::kTrigger:
      return sql::ObjectKind::kTrigger;
    case sql::NameSpace::kEnumValue:
      return sql::ObjectKind::kEnumValue;
    case sql::NameSpace::kSchema:
      return sql::ObjectKind::kSchema;
    case sql::NameSpace::kExtension:
      return sql::ObjectKind::kExtension;
    default:
      return std::nullopt;
  }
}

bool RunsCode(const sql::Statement& statement) {
  return statement.kind == sql::StatementKind::kDo || statement.kind == sql::StatementKind::kCall ||
         statement.kind == sql::StatementKind::kQuery;
}

// Whether a property for which `is_one` is true differs.
template <class IsOne>
bool Differs(const catalog::NameConflict& conflict, IsOne is_one) {
  return std::ranges::any_of(conflict.differences, [&](const catalog::Difference& difference) {
    return std::ranges::any_of(difference.properties, is_one, &catalog::PropertyChange::property);
  });
}

// Whether NeedsOf follows the names of such objects.
bool IsFollowed(const catalog::NameConflict& conflict) {
  static constexpr std::string_view kFollowed[] = {
      "table",      "view",     "materialized view", "foreign table", "composite type",
      "index",      "enum",     "sequence",          "domain",        "range type",
      "constraint", "function", "procedure",         "aggregate",     "statistics"};
  return std::ranges::find(kFollowed, conflict.live.first) != std::end(kFollowed);
}

// An index that a failed build has left is built again.
bool IsUnfinished(const catalog::NameConflict& conflict) {
  return Differs(conflict, catalog::IsInvalidIndex);
}

bool HasOtherSource(const catalog::NameConflict& conflict) {
  return Differs(conflict, [](std::string_view property) { return property == "source"; });
}

// The words of a statement that is about the object.
std::vector<std::string> NamesOf(const ScriptConflict& conflict) {
  const std::string& kind = conflict.object_kind;
  if (kind == "cast" || kind == "transform") return {kind};
  if (kind == "operator") {
    const size_t end = conflict.identity.find('(');
    const size_t dot = conflict.identity.rfind('.', end);
    const size_t begin = dot == std::string::npos ? 0 : dot + 1;
    return {conflict.identity.substr(begin, end - begin)};
  }
  std::vector<std::string> names = catalog::PartsOf(conflict.identity);
  std::erase(names, "");
  if (names.size() > 2) names.erase(names.begin(), names.end() - 2);
  if (catalog::IsRelationKind(kind) && names.size() > 1) names.erase(names.begin());
  return names;
}

class ObstacleSearch {
 public:
  ObstacleSearch(const PendingScripts& pending, const KnownObjects& known)
      : pending_(pending),
        known_(known),
        needs_(sql::NeedsOf(pending.scripts)),
        certain_needs_(needs_.needs.size()),
        knows_managed_(known.managed) {
    if (!knows_managed_) return;
    if (!needs_.complete) AddLaterDrops();
    for (const catalog::ObjectProperty& item : *known.managed) managed_.insert(item.object);
  }

  const sql::ScriptNeeds& needs() const { return needs_; }

  // A name that no statement contains is one that the server would choose: it chooses another one,
  // and the comparison at the end fails. An object of the same kind can serve as the expected one
  // (IF NOT EXISTS) if it has nothing else; a script must not replace it (OR REPLACE).
  void AddConflicts(const std::vector<catalog::NameConflict>& conflicts) {
    std::set<catalog::ObjectKey> serving;
    for (const catalog::NameConflict& conflict : conflicts) {
      if (conflict.IsSameObject()) serving.insert(conflict.live);
    }
    for (const catalog::NameConflict& conflict : conflicts) {
      const bool follows = conflict.IsSameObject() && serving.contains({"table", conflict.parent});
      if (follows) continue;
      if (AddDiffering(conflict)) continue;
      const bool chosen = needs_.complete && !sql::IsNamed(needs_, conflict.name);
      const bool certain = conflict.IsSameObject() ? chosen : !MayBeRemoved(conflict);
      if (certain) {
        Add({fmt::format("{}: {} needs the name", catalog::DescriptionOf(conflict.live),
                         catalog::DescriptionOf(conflict.expected))},
            conflict.name, found_.names);
      } else {
        possible_.push_back(conflict);
      }
    }
  }

  void AddScriptConflicts(const std::vector<ScriptConflict>& conflicts) {
    for (const ScriptConflict& conflict : conflicts) {
      if (conflict.kind == ScriptConflict::Kind::kTaken) taken_needs_.insert(conflict.need);
    }
    for (const ScriptConflict& conflict : conflicts) AddConflict(conflict);
  }

  std::vector<sql::NewPartition> NewPartitions() const {
    std::vector<sql::NewPartition> partitions;
    for (const sql::PartitionNeed& need : needs_.partitions) partitions.push_back(need.partition);
    return partitions;
  }

  // A script that names a partition may remove it first.
  bool MayBlock(const std::string& identity, const std::string& name) const {
    return !managed_.contains(identity) && !sql::IsNamed(needs_, name);
  }

  void AddOverlap(const introspect::PartitionOverlap& overlap) {
    const sql::PartitionNeed& need = needs_.partitions[overlap.requested];
    const std::string& migration = pending_.names[need.script];
    const sql::ObjectName& table = need.partition.table;
    const std::string made =
        fmt::format("the partition {} {}, which {} creates",
                    sql::QualifiedName(table.schema, table.name), need.partition.bound, migration);
    if (overlap.kind == introspect::PartitionOverlap::Kind::kBounds) {
      found_.partitions.push_back(
          {fmt::format("partition {} {} conflicts with {}", overlap.existing, overlap.bound, made),
           migration});
      return;
    }
    found_.notices.push_back(
        {plan::NoticeKind::kRisk,
         fmt::format(
             "rows of the default partition {} belong to {}: if the deploy fails, move them "
             "elsewhere, deploy again, and insert them again",
             overlap.existing, made)});
  }

  ScriptObstacles Take() {
    for (auto& [name, obstacle] : differing_) Add(std::move(obstacle), name, found_.names);
    found_.complete = needs_.complete && pending_.complete;
    for (const catalog::NameConflict& conflict : possible_) {
      if (taken_.contains(conflict.name) || IsHarmless(conflict)) continue;
      found_.notices.push_back(
          {plan::NoticeKind::kRisk,
           catalog::DescriptionOf(conflict.live) +
               " already exists, and the deploy creates an object of that name: if it fails, drop "
               "or rename the existing one, then deploy again"});
    }
    return std::move(found_);
  }

 private:
  // What follows code that makes statements is read one by one, for what it drops by name.
  void AddLaterDrops() {
    size_t number = 0;
    for (size_t script = 0; script < pending_.scripts.size(); ++script) {
      for (const sql::Statement& statement : sql::ReadScript(pending_.scripts[script])) {
        if (number++ < needs_.statements.size()) continue;
        sql::ScriptNeeds one = sql::NeedsOf({statement.text});
        if (!one.complete && !RunsCode(statement)) return;
        std::erase_if(one.needs,
                      [](const ScriptNeed& need) { return need.kind != ScriptNeed::Kind::kDrop; });
        for (ScriptNeed& need : one.needs) {
          need.script = script;
          need.statement = number;
          needs_.needs.push_back(std::move(need));
        }
      }
    }
  }

  // Whether the statements show that none fails because of the object: it serves as the one that
  // they create (IF NOT EXISTS), or they free its name before. Otherwise it is a taken name.
  bool IsHarmless(const catalog::NameConflict& conflict) const {
    if (!found_.complete || !IsFollowed(conflict) || !sql::IsNamed(needs_, conflict.name)) {
      return false;
    }
    if (conflict.IsSameObject()) return conflict.as_expected;
    return std::ranges::any_of(needs_.needs, [&](const ScriptNeed& need) {
      const bool frees = need.kind == ScriptNeed::Kind::kDrop ||
                         need.kind == ScriptNeed::Kind::kRename ||
                         need.kind == ScriptNeed::Kind::kMove;
      return frees && need.parent.empty() && need.name == conflict.name;
    });
  }

  // An object that a script would leave as it is (IF NOT EXISTS), or replace although others own it
  // (OR REPLACE), while the state after has another one. Only if no statement can change or remove
  // it.
  bool AddDiffering(const catalog::NameConflict& conflict) {
    if (!conflict.IsSameObject() || !needs_.complete) return false;
    const std::optional<size_t> maker = StatementWith({conflict.name});
    if (!maker || MayBeChanged(conflict)) return false;
    if (conflict.differences.empty() || IsUnfinished(conflict)) return false;
    std::vector<std::string> texts = catalog::DescribeAll(conflict.differences);
    const std::string live = catalog::DescriptionOf(conflict.live);
    for (std::string& text : texts) {
      if (text.starts_with(live + ": ")) text.erase(0, live.size() + 2);
    }
    const std::string& migration = pending_.names[needs_.scripts_of_statements[*maker]];
    differing_.emplace_back(
        conflict.name, plan::Obstacle{fmt::format("{}: {} needs the name, and this one differs: {}",
                                                  live, migration, JoinSome(texts)),
                                      migration});
    return true;
  }

  // The first statement that contains all of these names.
  std::optional<size_t> StatementWith(const std::vector<std::string>& names) const {
    for (size_t count = 1; count <= needs_.statements.size(); ++count) {
      if (sql::NamedTogether(needs_, count, names)) return count - 1;
    }
    return std::nullopt;
  }

  // Types, columns and signatures follow what is renamed or gets another type; the source of a
  // function does not.
  bool MayBeChanged(const catalog::NameConflict& conflict) const {
    const bool renames = StatementWith({"rename"}) || StatementWith({"set", "schema"});
    if (renames && !HasOtherSource(conflict)) return true;
    if (!conflict.parent.empty() &&
        StatementWith({"alter", "type", catalog::LastNameOf(conflict.parent)})) {
      return true;
    }
    static constexpr const char* kChanges[] = {"alter",  "drop",  "comment",
                                               "revoke", "grant", "execute"};
    return std::any_of(std::begin(kChanges), std::end(kChanges), [&](const char* word) {
      return StatementWith({word, conflict.name}).has_value();
    });
  }

  void AddConflict(const ScriptConflict& conflict) {
    const ScriptNeed& need = needs_.needs[conflict.need];
    const std::string& migration = pending_.names[need.script];
    if (conflict.kind == ScriptConflict::Kind::kGoes) return AddGone(conflict, migration);
    if (managed_.contains(conflict.identity)) return;
    if (conflict.need >= certain_needs_) return AddUncertainDrop(conflict, migration);
    if (conflict.kind == ScriptConflict::Kind::kTaken) {
      Add(Taken(conflict, need), catalog::LastNameOf(conflict.identity), found_.names);
    } else if (conflict.kind == ScriptConflict::Kind::kDropped) {
      if (knows_managed_) AddDropped(conflict, migration + " (CASCADE)");
    } else if (conflict.kind == ScriptConflict::Kind::kRemoved) {
      if (knows_managed_) AddDropped(conflict, migration);
    } else if (conflict.kind == ScriptConflict::Kind::kReplaced) {
      AddReplaced(conflict, need, migration);
    } else {
      const bool retyped = need.kind == ScriptNeed::Kind::kRetype;
      const bool of_row_type = retyped && conflict.object_kind == "column";
      AddDependent(
          conflict, need,
          of_row_type
              ? fmt::format("{} has the row type of a table in which {} gives {} another type",
                            conflict.object, migration, conflict.target)
              : fmt::format("{} depends on {}, which {} {}", conflict.object, conflict.target,
                            migration, retyped ? "gives another type" : "drops"),
          migration);
    }
  }

  // A table that leaves a publication does not drop it.
  void AddGone(const ScriptConflict& conflict, const std::string& migration) {
    if (conflict.need >= certain_needs_ || conflict.object_kind == "publication") return;
    found_.gone.emplace(catalog::ObjectKey{conflict.object_kind, conflict.identity}, migration);
  }

  // OR REPLACE over an object that the project has not made.
  void AddReplaced(const ScriptConflict& conflict, const ScriptNeed& need,
                   const std::string& migration) {
    if (!known_.may_be_ours || (!knows_managed_ && known_.may_be_ours(need.name))) return;
    plan::Obstacle obstacle{
        fmt::format("{}: {} replaces it (OR REPLACE), and no migration created it", conflict.object,
                    migration),
        migration};
    obstacle.is_replaced = true;
    Add(std::move(obstacle), catalog::LastNameOf(conflict.identity), found_.names);
  }

  plan::Obstacle Taken(const ScriptConflict& conflict, const ScriptNeed& need) {
    const std::string& migration = pending_.names[need.script];
    std::string made_by = MigrationThatMade(need);
    if (made_by.empty()) {
      return {conflict.object + ": " + migration + " needs the name", migration,
              MayBeApplied(need.script)};
    }
    return {fmt::format("{}: {} creates it, but {} has already created it", conflict.object,
                        migration, made_by),
            migration, false, std::move(made_by)};
  }

  // The applied migration that has made the object of that name; empty if none has.
  std::string MigrationThatMade(const ScriptNeed& need) {
    const std::optional<sql::ObjectKind> kind = KindOf(need.space);
    if (!kind || !known_.applied) return {};
    if (!applied_) applied_ = known_.applied();
    sql::Effect effect;
    effect.kind = *kind;
    effect.schema = need.schema;
    effect.parent = need.parent;
    effect.name = need.name;
    return applied_->MigrationThatMade(effect);
  }

  // Whether the script only creates, and everything that it creates has its name already.
  bool MayBeApplied(size_t script) const {
    if (!needs_.complete) return false;
    for (size_t i = 0; i < needs_.needs.size(); ++i) {
      const ScriptNeed& need = needs_.needs[i];
      if (need.script == script && !taken_needs_.contains(i)) return false;
    }
    return true;
  }

  void Add(plan::Obstacle obstacle, const std::string& name, std::vector<plan::Obstacle>& to) {
    if (taken_.insert(name).second) to.push_back(std::move(obstacle));
  }

  void AddDropped(const ScriptConflict& conflict, const std::string& by) {
    catalog::ObjectKey object{conflict.object_kind, conflict.identity};
    const auto& dropped = found_.dropped;
    if (std::find(dropped.begin(), dropped.end(), object) != dropped.end()) return;
    found_.dropped.push_back(object);
    found_.handled.push_back(std::move(object));
    found_.notices.push_back({plan::NoticeKind::kLoss, "by " + by, conflict.object});
  }

  void AddUncertainDrop(const ScriptConflict& conflict, const std::string& migration) {
    const bool drops = conflict.kind == ScriptConflict::Kind::kDropped ||
                       conflict.kind == ScriptConflict::Kind::kRemoved;
    catalog::ObjectKey object{conflict.object_kind, conflict.identity};
    const auto& dropped = found_.dropped;
    if (!drops || std::ranges::find(dropped, object) != dropped.end()) return;
    found_.dropped.push_back(object);
    found_.handled.push_back(std::move(object));
    found_.notices.push_back(
        {plan::NoticeKind::kRisk, conflict.object + ": " + migration + " drops it"});
  }

  bool MayBeRemoved(const catalog::NameConflict& conflict) const {
    std::vector<std::string> names = {conflict.name};
    if (!conflict.parent.empty()) names.push_back(catalog::LastNameOf(conflict.parent));
    const size_t all = needs_.statements.size();
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
      return sql::NamedTogether(needs_, all, {"drop", name}) ||
             sql::NamedTogether(needs_, all, {"rename", name}) ||
             sql::NamedTogether(needs_, all, {"set", "schema", name});
    });
  }

  // A statement that names the dependent object may have changed it before.
  void AddDependent(const ScriptConflict& conflict, const ScriptNeed& need, std::string text,
                    const std::string& migration) {
    const std::vector<std::string> names = NamesOf(conflict);
    found_.handled.push_back({conflict.object_kind, conflict.identity});
    if (sql::NamedTogether(needs_, need.statement + 1, names)) {
      if (knows_managed_) {
        found_.notices.push_back(
            {plan::NoticeKind::kRisk, text + ": if the deploy fails, drop " + conflict.object +
                                          ", deploy again, and create it again afterwards"});
      }
      return;
    }
    if (!dependents_.insert(conflict.object).second) return;
    found_.dependents.push_back({std::move(text), migration});
    if (conflict.object_kind != "column") return;
    found_.dependents.back().remedy =
        need.kind == ScriptNeed::Kind::kRetype
            ? fmt::format("give {} another type, for example jsonb, then deploy again",
                          conflict.object)
            : fmt::format("give {} another type or default, then deploy again", conflict.object);
  }

  const PendingScripts& pending_;
  const KnownObjects& known_;
  std::optional<MadeObjects> applied_;
  sql::ScriptNeeds needs_;
  size_t certain_needs_;  // those before it were read in order
  bool knows_managed_;
  std::set<std::string> managed_;  // identities
  std::set<std::string> taken_;    // names
  std::set<size_t> taken_needs_;   // places among the needs
  std::set<std::string> dependents_;
  std::vector<catalog::NameConflict> possible_;
  std::vector<std::pair<std::string, plan::Obstacle>> differing_;  // by name
  ScriptObstacles found_;
};

}  // namespace

Result<ScriptObstacles> FindScriptObstacles(const plan::Plan& plan, const std::string& schema,
                                            const KnownObjects& known, bool tries,
                                            postgres::Session& session) {
  const PendingScripts pending = PendingScriptsOf(plan);
  ObstacleSearch search(pending, known);
  search.AddConflicts(known.conflicts);
  TRY_ASSIGN(const auto found, introspect::ReadScriptConflicts(session, schema, search.needs()));
  search.AddScriptConflicts(found);
  if (!tries) return search.Take();
  TRY_ASSIGN(const auto overlaps,
             introspect::FindPartitionOverlaps(session, schema, search.NewPartitions(),
                                               [&](const auto& identity, const auto& name) {
                                                 return search.MayBlock(identity, name);
                                               }));
  for (const introspect::PartitionOverlap& overlap : overlaps) search.AddOverlap(overlap);
  return search.Take();
}

}  // namespace ballast::assess
