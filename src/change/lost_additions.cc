// SPDX-License-Identifier: Apache-2.0
#include "change/lost_additions.h"

#include <algorithm>
#include <set>

#include "catalog/managed_comparison.h"
#include "catalog/object_ref.h"
#include "difference/script_renames.h"

namespace ballast::change {
namespace {

// As catalog::OwnersOfAddition names it.
std::string OwnerNameOf(const catalog::Name& name) {
  return catalog::WithoutQuotes(name.schema.empty() ? name.name : name.schema + "." + name.name);
}

}  // namespace

std::vector<catalog::Difference> LostAdditions(const std::vector<difference::Statement>& script,
                                               const std::vector<catalog::Difference>& additions) {
  std::set<std::string> created;
  for (const difference::Statement& statement : script) {
    const catalog::Name& name = statement.target.name;
    if (!name.name.empty() && difference::CreatesObject(statement))
      created.insert(OwnerNameOf(name));
  }
  std::vector<catalog::Difference> lost;
  for (const catalog::Difference& one : additions) {
    const bool is_lost =
        std::ranges::any_of(catalog::OwnersOfAddition(one),
                            [&](const std::string& owner) { return created.contains(owner); });
    if (is_lost) lost.push_back(one);
  }
  return lost;
}

std::vector<std::string> DroppedAdditions(const std::vector<difference::Statement>& script,
                                          const std::vector<catalog::Difference>& additions) {
  std::set<catalog::ObjectRef> dropped;
  for (const difference::Statement& statement : script) {
    if (statement.target.kind.empty()) continue;
    if (statement.kind == difference::ActionKind::kDrop) dropped.insert(statement.target);
    if (difference::CreatesObject(statement)) dropped.erase(statement.target);
    const bool is_key = statement.makes_a_key && statement.target.kind == "constraint";
    if (is_key) dropped.insert({"index", statement.target.name, {}, {}, {}});
  }
  std::vector<std::string> names;
  for (const catalog::Difference& one : additions) {
    const bool is_object = one.change == catalog::ChangeKind::kExtra;
    if (is_object && dropped.contains(catalog::RefOf(one)))
      names.push_back(catalog::NameOfAddition(one));
  }
  return names;
}

}  // namespace ballast::change
