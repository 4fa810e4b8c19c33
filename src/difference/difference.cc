// SPDX-License-Identifier: Apache-2.0
#include "difference/difference.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "difference/alter.h"
#include "difference/database_definitions.h"
#include "difference/dependent_additions.h"
#include "difference/planner.h"
#include "difference/script_writer.h"
#include "difference/type_uses.h"
#include "difference/unsupported.h"

namespace ballast::difference {
namespace {

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
  ScriptWriter writer(before, after, plan, options.server_major);
  Script script = writer.Write();
  if (!writer.refused().empty()) return Refuse(writer.refused());
  script.dropped_additions = plan.dropped_additions();
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
