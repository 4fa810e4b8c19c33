// SPDX-License-Identifier: Apache-2.0
#include "difference/dependent_additions.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/text.h"
#include "difference/database_definitions.h"
#include "difference/retyped_objects.h"
#include "difference/statement_kind.h"
#include "difference/statement_target.h"

namespace ballast::difference {
namespace {

constexpr char kInTheWay[] = "objects_of_others";
constexpr char kPartitionOf[] = ", a partition of ";

// Who drops a partition loses its rows.
std::string RemedyFor(const std::vector<std::string>& dependents) {
  const bool has_partition = std::ranges::any_of(dependents, [](const std::string& one) {
    return one.find(kPartitionOf) != std::string::npos;
  });
  if (!has_partition) {
    return "drop or change what depends on it, run the command again, and create it again "
           "afterwards";
  }
  return "detach the partitions (ALTER TABLE … DETACH PARTITION …), which keeps their rows, drop "
         "or "
         "change what else depends on it, run the command again, and insert the rows afterwards";
}

// What a statement takes away from those that depend on a part.
enum class PartLoss { kNone, kComputed, kConverted, kDropped };

PartLoss LossBy(const Statement& statement) {
  if (statement.kind == ActionKind::kDrop) return PartLoss::kDropped;
  // Indexes have what the function has computed.
  if (KindOf(statement) == sql::StatementKind::kCreateRoutine) return PartLoss::kComputed;
  return SetsDataType(statement) ? PartLoss::kConverted : PartLoss::kNone;
}

class ScriptDependents {
 public:
  ScriptDependents(const catalog::Database& live, const std::vector<Statement>& script)
      : live_(live, {}), retyped_(live_), script_(script) {
    for (size_t at = 0; at < live_.size(); ++at) {
      labels_.emplace(live_.LabelOf(at), Part{at, 0});
      labels_.emplace(LabelOfNameOf(live_.LabelOf(at)), Part{at, 0});
      const catalog::TableObject* table = live_.TableAt(at);
      if (table == nullptr) continue;
      for (const int32_t number : table->numbers) {
        labels_.emplace(live_.LabelOf(Part{at, number}), Part{at, number});
      }
    }
    for (const Statement& statement : script) handled_.insert(statement.object);
  }

  std::vector<std::string> Find(const std::function<bool(const catalog::ObjectRef&)>& is_addition) {
    std::vector<std::string> found;
    for (const Statement& statement : script_) {
      const std::optional<Part> part = PartOf(statement);
      if (!part) continue;
      const PartLoss loss = LossBy(statement);
      for (const PartDependency& use : live_.uses()) {
        const bool of_part = use.used.definition == part->definition &&
                             (part->column == 0 || use.used.column == part->column) &&
                             use.user.definition != part->definition;
        const catalog::Step step = live_.At(use.user.definition).step;
        const bool survives =
            loss == PartLoss::kConverted && retyped_.Survives(use.user.definition);
        if (!of_part || survives) continue;
        if (loss == PartLoss::kComputed && step != catalog::Step::kCreateIndex) continue;
        const size_t user = use.user.definition;
        if (handled_.contains(live_.LabelOf(user)) || !is_addition(live_.RefOf(user))) continue;
        found.push_back(live_.LabelOf(use));
      }
    }
    return found;
  }

 private:
  // Packages have only the label of what a statement concerns. A type that is replaced is renamed
  // first.
  std::optional<Part> PartOf(const Statement& statement) const {
    const bool replaced = statement.purpose == StatementPurpose::kRenameAside;
    if (!replaced && LossBy(statement) == PartLoss::kNone) return std::nullopt;
    const auto found = labels_.find(statement.object);
    return found == labels_.end() ? std::nullopt : std::optional(found->second);
  }

  DatabaseDefinitions live_;
  RetypedObjects retyped_;
  const std::vector<Statement>& script_;
  std::map<std::string, Part> labels_;
  std::set<std::string> handled_;
};

}  // namespace

Error AdditionsInTheWay(std::vector<std::string> dependents) {
  std::sort(dependents.begin(), dependents.end());
  dependents.erase(std::unique(dependents.begin(), dependents.end()), dependents.end());
  Error error = MakeError(
      ErrorCode::kNoDifferenceScript,
      fmt::format(
          "{} that the release does not manage {} on what has to be dropped, replaced or converted",
          Counted(dependents.size(), "object"), dependents.size() == 1 ? "depends" : "depend"),
      RemedyFor(dependents));
  error.details.emplace_back(kInTheWay, std::to_string(dependents.size()));
  for (std::string& name : dependents) error.details.emplace_back("object", std::move(name));
  return error;
}

std::string PartitionInTheWay(const std::string& partition, const std::string& table) {
  return partition + kPartitionOf + table;
}

bool AreAdditionsInTheWay(const Error& error) {
  return !error.Detail(kInTheWay).empty();
}

std::vector<std::string> DependentsThatScriptLacks(
    const catalog::Database& live, const std::vector<Statement>& script,
    const std::function<bool(const catalog::ObjectRef& object)>& is_addition) {
  return ScriptDependents(live, script).Find(is_addition);
}

}  // namespace ballast::difference
