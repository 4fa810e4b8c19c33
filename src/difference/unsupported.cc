// SPDX-License-Identifier: Apache-2.0
#include "difference/unsupported.h"

#include <algorithm>
#include <iterator>
#include <memory>

#include "difference/type_uses.h"
#include "sql/quote.h"

namespace ballast::difference {
namespace {

std::vector<std::string> UnsupportedIn(const DatabaseDefinitions& side) {
  std::vector<std::string> names;
  for (const auto& left : side.database().unsupported) names.push_back(left.kind + " " + left.name);
  for (const auto& left : side.parts().unsupported) names.push_back(left.kind + " " + left.name);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

std::vector<std::string> UnsupportedInOne(const DatabaseDefinitions& from,
                                          const DatabaseDefinitions& to, bool keep_additions) {
  const std::vector<std::string> before = UnsupportedIn(from), after = UnsupportedIn(to);
  std::vector<std::string> names;
  if (keep_additions) {
    std::set_difference(after.begin(), after.end(), before.begin(), before.end(),
                        std::back_inserter(names));
  } else {
    std::set_symmetric_difference(before.begin(), before.end(), after.begin(), after.end(),
                                  std::back_inserter(names));
  }
  return names;
}

std::vector<std::string> SwitchedConstraintsMadeAgain(const DatabaseDefinitions& from,
                                                      const Planner& plan) {
  std::vector<std::string> names;
  for (const catalog::ObjectId id : from.database().switched_constraints) {
    const auto maker = from.parts().makers.find(id);
    if (maker == from.parts().makers.end()) continue;
    if (plan.RestoresEnforcement(maker->second)) continue;
    if (plan.PairOfFrom(maker->second).action == ObjectAction::kRecreate) {
      names.push_back(from.LabelOf(maker->second) + ", whose triggers are disabled");
    }
  }
  return names;
}

std::vector<std::string> RewrittenRowTypes(const DatabaseDefinitions& from, const Planner& plan) {
  std::vector<std::string> names;
  std::unique_ptr<TypeUses> uses;
  for (size_t at = 0; at < from.size(); ++at) {
    const TableChanges* changes = plan.ChangesOf(at);
    if (changes == nullptr || plan.PairOfFrom(at).action != ObjectAction::kAlter) continue;
    if (!changes->RewritesRows()) continue;
    if (!uses) uses = std::make_unique<TypeUses>(from.database());
    for (const ColumnKey& column : uses->ColumnsOfRowType(changes->before().id)) {
      const catalog::TableObject* user = from.TableNamed(column.first);
      const auto maker = from.parts().makers.find(user->id);
      const auto number = ColumnNamed(*user, column.second);
      if (maker == from.parts().makers.end() || !number) continue;
      if (plan.IsDropped({maker->second, user->numbers[*number]})) continue;
      names.push_back(from.LabelOf(at) + ", whose row type column " + QuotedName(column.first) +
                      "." + sql::QuoteIdentifier(column.second) + " contains");
    }
  }
  return names;
}

}  // namespace ballast::difference
