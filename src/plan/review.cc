// SPDX-License-Identifier: Apache-2.0
#include "plan/review.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/shell_word.h"
#include "base/text.h"
#include "catalog/dated_partitions.h"
#include "plan/adoption.h"
#include "plan/other_project.h"
#include "plan/server_refusals.h"
#include "plan/unexpected_roles.h"
#include "sql/quote.h"

namespace ballast::plan {
namespace {

// The answer to one finding, if it refuses the plan.
using Answer = std::optional<Refusal>;

Answer RefuseFixedSchema(const PlanFindings& findings, const Observation& observation) {
  if (!findings.fixed_schema) return std::nullopt;
  const auto& [schema, migration] = *findings.fixed_schema;
  const std::string who = migration.empty() ? "a migration" : "migration " + migration;
  const std::string target = schema == "public" ? "deploy to the schema public"
                                                : fmt::format(
                                                      "deploy to it: add ?schema={} to the "
                                                      "database URL",
                                                      schema);
  return Refusal{ErrorCode::kUnsupportedObject,
                 fmt::format("{} names the schema {}, so the baseline, which creates everything in "
                             "schema {}, does not reproduce the migrated database",
                             who, schema, observation.schema),
                 {},
                 {target + ", or remove the name from the migrations"},
                 {migration, 0}};
}

Answer RefuseConflictingNames(const PlanFindings& findings, const Observation& observation,
                              const Policy& policy) {
  const std::vector<std::string>& names = findings.conflicting_names;
  if (names.empty()) return std::nullopt;
  if (policy.adopt) {
    // It was to be adopted, and fits no state.
    auto adopted = StateToAdopt(observation, policy);
    if (auto* unfit = std::get_if<Refusal>(&adopted)) return std::move(*unfit);
  }
  return Refusal{
      ErrorCode::kNotEmpty,
      fmt::format("the database has no rows and no tables, but {} {} that the deploy needs",
                  Counted(names.size(), "object"), names.size() == 1 ? "has a name" : "have names"),
      names,
      {fmt::format("if {} this project's: ballast deploy --adopt",
                   names.size() == 1 ? "it is" : "they are"),
       fmt::format("otherwise drop or rename {}, or deploy to an empty database",
                   names.size() == 1 ? "this object" : "these objects")}};
}

// Whether a part of the plan is committed before the comparison with the proven state.
bool CommitsBeforeComparison(const Decision& decision) {
  if (decision.plan() == nullptr || decision.plan()->empty()) return false;
  const std::vector<Transaction>& transactions = decision.plan()->transactions;
  return transactions.size() > 1 || transactions.front().mode != ScriptMode::kInTransaction;
}

std::vector<std::string> RemediesOfDrift(const StateComparison& comparison,
                                         const std::vector<std::string>& unknown) {
  const std::vector<catalog::Difference>& drift = comparison.objects.drift;
  const bool one = drift.size() == 1;
  const char* const it = one ? "it" : "them";
  const std::string accept = fmt::format("or accept {}: ballast deploy --allow-drift", it);
  if (comparison.lacks_all_tables) return RemediesIfAllIsMissing();
  if (!unknown.empty()) {
    return {fmt::format("the project does not know {}, which may have changed {}: if it is a "
                        "hotfix, copy it with ballast hotfix merge, then create the release again",
                        JoinSome(unknown), it),
            "if it is a migration of a newer version of the project, deploy that version", accept};
  }
  const std::string repair =
      fmt::format("show what would restore {}: ballast repair --dry-run; then: ballast repair", it);
  if (comparison.is_named_by_scripts) {
    return {fmt::format("if {} what the pending migrations create, and they allow for {}: ballast "
                        "deploy --allow-drift",
                        one ? "it is" : "they are", it),
            "otherwise " + repair};
  }
  if (const std::string line = catalog::IgnoreLineFor(drift); !line.empty()) {
    return {
        "what depends on the clock or on random values is different in each database: add this to "
        "ballast.toml: " +
            line,
        "or " + repair, accept};
  }
  return {repair, fmt::format("or name {} under `ignore` in ballast.toml", it), accept};
}

// What the deploy would make itself is no reason to refuse it, because the comparison at its end
// proves the result, unless a part is committed before that and nobody knows whether the scripts
// allow for what exists.
Answer RefuseAnticipated(const PlanFindings& findings, const Decision& decision,
                         const Policy& policy) {
  const StateComparison& comparison = *findings.comparison;
  const std::vector<catalog::Difference>& made = comparison.objects.anticipated;
  const bool certain = findings.scripts_were_read || !CommitsBeforeComparison(decision);
  if (made.empty() || (certain && !policy.strict)) return std::nullopt;
  const bool one = made.size() == 1;
  std::string message = fmt::format(
      "the database differs from {} in {} that {} already as the "
      "deploy makes {}",
      comparison.state, Counted(made.size(), "object"), one ? "is" : "are", one ? "it" : "them");
  if (policy.strict) {
    return Refusal{ErrorCode::kDrift,
                   message + ", and --strict refuses drift",
                   catalog::DescribeAll(made),
                   {"deploy without --strict to accept it: ballast deploy"}};
  }
  return Refusal{ErrorCode::kDrift,
                 message + "; a part of this deploy is committed before the catalog is compared",
                 catalog::DescribeAll(made),
                 {fmt::format("if the migrations allow for {} (IF NOT EXISTS): ballast deploy "
                              "--allow-drift",
                              one ? "it" : "them"),
                  fmt::format("otherwise show what would remove {}: ballast repair --dry-run; "
                              "then: ballast repair",
                              one ? "it" : "them")}};
}

Answer RefuseDrift(const StateComparison& comparison, const Decision& decision) {
  const std::vector<catalog::Difference>& drift = comparison.objects.drift;
  if (drift.empty()) return std::nullopt;
  std::vector<std::string> remedies = RemediesOfDrift(comparison, decision.unknown);
  if (std::string roles = RemedyOfUnexpectedRoles(drift); !roles.empty()) {
    remedies.insert(remedies.begin(), std::move(roles));
  }
  return Refusal{ErrorCode::kDrift,
                 fmt::format("the database differs from {} in {}", comparison.state,
                             Counted(drift.size(), "object")),
                 catalog::DescribeAll(drift), std::move(remedies)};
}

std::vector<std::string> NamesOf(const std::vector<catalog::Difference>& additions) {
  std::vector<std::string> names;
  names.reserve(additions.size());
  for (const catalog::Difference& addition : additions) {
    names.push_back(catalog::NameOfAddition(addition));
  }
  return names;
}

Answer RefuseAdditions(const StateComparison& comparison) {
  // Partitions that the migrations make on another date belong to the release.
  std::vector<catalog::Difference> additions = comparison.objects.additions;
  std::erase_if(additions, [](const catalog::Difference& addition) {
    return addition.depends_on == catalog::kTheDate;
  });
  if (additions.empty()) return std::nullopt;
  return Refusal{ErrorCode::kDrift,
                 fmt::format("the database has {} beyond {}, and --strict refuses additions",
                             Counted(additions.size(), "object"),
                             comparison.state.empty() ? "the proven state" : comparison.state),
                 NamesOf(additions),
                 {fmt::format("deploy without --strict to accept {}: ballast deploy",
                              additions.size() == 1 ? "it" : "them")}};
}

Answer RefuseUndetermined(const StateComparison& comparison, const Decision& decision,
                          const Policy& policy) {
  const bool apart = !policy.allow_drift && CommitsBeforeComparison(decision);
  if (comparison.undetermined.empty() || (!policy.strict && !apart)) return std::nullopt;
  Refusal refusal{ErrorCode::kCannotTell,
                  fmt::format("drift cannot be determined before the first step, because {}; {}",
                              comparison.undetermined,
                              apart ? "a part of this deploy is committed before the catalog is "
                                      "compared"
                                    : "--strict requires it"),
                  {},
                  {"show the differences, where ballast has a scratch server: ballast repair "
                   "--dry-run; if there are any: ballast repair"}};
  // Repair changes nothing about why they cannot be determined.
  refusal.remedies.push_back(
      policy.strict ? "then, or if there are none, deploy without this check: ballast deploy "
                      "--allow-drift, without --strict"
                    : "then, or if there are none, deploy without this check: ballast deploy "
                      "--allow-drift");
  return refusal;
}

Answer RefuseState(const PlanFindings& findings, const Decision& decision, const Policy& policy) {
  const StateComparison* comparison = findings.comparison;
  if (comparison == nullptr) return std::nullopt;
  // A database that needs nothing is reported with its drift; only --strict refuses it.
  const bool current = decision.kind() == DecisionKind::kNothing;
  if (current && !policy.strict) return std::nullopt;
  if (Answer unknown = RefuseUndetermined(*comparison, decision, policy)) return unknown;
  if (!policy.allow_drift) {
    if (Answer drift = RefuseDrift(*comparison, decision)) return drift;
    if (Answer made = RefuseAnticipated(findings, decision, policy)) return made;
  }
  return policy.strict ? RefuseAdditions(*comparison) : std::nullopt;
}

std::vector<std::string> TextsOf(const std::vector<Obstacle>& obstacles) {
  std::vector<std::string> texts;
  texts.reserve(obstacles.size());
  for (const Obstacle& obstacle : obstacles) texts.push_back(obstacle.text);
  return texts;
}

bool IsStateKnown(const PlanFindings& findings) {
  return findings.comparison != nullptr && !findings.comparison->state.empty();
}

// Where the state before is not known, a taken name can mean that the migration has been applied.
std::vector<std::string> RemediesOfNames(const PlanFindings& findings, const Decision& decision) {
  for (const Obstacle& name : findings.names_in_the_way) {
    if (name.made_by.empty()) continue;
    return {fmt::format("correct {}: it creates what {} has already created; then deploy again",
                        name.migration, name.made_by)};
  }
  const bool one = findings.names_in_the_way.size() == 1;
  std::vector<std::string> remedies = {
      fmt::format("rename or drop {}, then deploy again", one ? "it" : "them")};
  const std::string& migration = findings.names_in_the_way.front().migration;
  if (!decision.adopted.empty()) {
    return {fmt::format("if {} to the project, show what else it needs: ballast repair --dry-run; "
                        "then: ballast repair",
                        one ? "it belongs" : "they belong"),
            "otherwise " + remedies.front()};
  }
  if (std::ranges::any_of(findings.names_in_the_way, &Obstacle::is_replaced)) {
    remedies.push_back(fmt::format("or accept that {} replaced: ballast deploy --allow-drift",
                                   one ? "it is" : "they are"));
    return remedies;
  }
  if (IsStateKnown(findings) || migration.empty()) return remedies;
  for (const RenamedMigration& renamed : decision.renamed) {
    if (renamed.name == migration) return {RemedyOf(renamed)};
  }
  if (!findings.names_in_the_way.front().may_be_applied) return remedies;
  remedies.insert(remedies.begin(),
                  fmt::format("if the database has everything that the migration creates: ballast "
                              "resolve --applied {}",
                              ShellWord(migration)));
  remedies.back() = "otherwise " + remedies.back();
  return remedies;
}

Answer RefuseNamesInTheWay(const PlanFindings& findings, const Decision& decision) {
  const std::vector<Obstacle>& names = findings.names_in_the_way;
  if (names.empty()) return std::nullopt;
  const bool one = names.size() == 1;
  return Refusal{
      ErrorCode::kDrift,
      fmt::format("{} {} {} {} of {} that the deploy creates", Counted(names.size(), "object"),
                  IsStateKnown(findings) ? "that this release does not manage" : "of the database",
                  one ? "has" : "have", one ? "the name" : "the names",
                  one ? "an object" : "objects"),
      TextsOf(names), RemediesOfNames(findings, decision)};
}

std::vector<std::string> RemediesOfDependents(const std::vector<Obstacle>& dependents) {
  std::vector<std::string> remedies;
  const auto general = std::count_if(dependents.begin(), dependents.end(),
                                     [](const Obstacle& one) { return one.remedy.empty(); });
  const bool one = general == 1;
  if (general > 0) {
    remedies.push_back(
        fmt::format("drop {0}, deploy again, and create {0} again afterwards; if {1} to the "
                    "project, let the migration do that",
                    one ? "it" : "them", one ? "it belongs" : "they belong"));
  }
  for (const Obstacle& dependent : dependents) {
    if (!dependent.remedy.empty()) remedies.push_back(dependent.remedy);
  }
  return remedies;
}

Answer RefuseDependentsInTheWay(const PlanFindings& findings) {
  const std::vector<Obstacle>& dependents = findings.dependents_in_the_way;
  if (dependents.empty()) return std::nullopt;
  const bool one = dependents.size() == 1;
  return Refusal{
      ErrorCode::kDrift,
      fmt::format("{} {} on objects that the deploy drops or changes",
                  IsStateKnown(findings)
                      ? Counted(dependents.size(), "object") + " that this release does not manage"
                      : Counted(dependents.size(), "object") + " of the database",
                  one ? "depends" : "depend"),
      TextsOf(dependents), RemediesOfDependents(dependents)};
}

Answer RefusePartitionsInTheWay(const PlanFindings& findings) {
  const std::vector<Obstacle>& partitions = findings.partitions_in_the_way;
  if (partitions.empty()) return std::nullopt;
  const bool one = partitions.size() == 1;
  return Refusal{
      ErrorCode::kDrift,
      fmt::format(
          "{} {} with partitions that the deploy creates",
          IsStateKnown(findings)
              ? Counted(partitions.size(), "partition") + " that this release does not manage"
              : Counted(partitions.size(), "partition") + " of the database",
          one ? "conflicts" : "conflict"),
      TextsOf(partitions),
      {fmt::format(
          "detach {} (ALTER TABLE … DETACH PARTITION …), deploy again, and insert the rows "
          "through the partitioned table",
          one ? "it" : "them")}};
}

LackedPrivileges LackedForTables(const std::vector<UnownedTable>& tables,
                                 const ServerState& server) {
  std::vector<std::string> lines, grants;
  const std::string role = sql::QuoteIdentifier(server.role);
  for (const UnownedTable& table : tables) {
    lines.push_back(
        fmt::format("table {} of {}, which {} changes", table.table, table.owner, table.migration));
    AddOnce(table.is_owner_powerful
                ? fmt::format("ALTER TABLE {} OWNER TO {};", table.qualified, role)
                : fmt::format("GRANT {} TO {};", sql::QuoteIdentifier(table.owner), role),
            &grants);
  }
  LackedPrivileges lacked =
      Lacks(server,
            fmt::format("does not own {} that the deploy changes", Counted(tables.size(), "table")),
            std::move(grants));
  lacked.refusal.evidence = std::move(lines);
  lacked.refusal.remedies.front() =
      "deploy as the owner, or " + std::move(lacked.refusal.remedies.front());
  return lacked;
}

// All of it at once, so that an admin is asked only once.
Answer RefusePrivileges(const Decision& decision, const PlanFindings& findings,
                        const Observation& observation, const Policy& policy) {
  const Plan* plan = decision.plan();
  if (plan == nullptr || plan->empty() || policy.only_observes) return std::nullopt;
  std::vector<LackedPrivileges> lacked = PrivilegesLackedFor(*plan, observation);
  if (!findings.forbidden_extensions.empty()) {
    lacked.push_back(LackedForExtensions(findings.forbidden_extensions, observation.server));
  }
  if (!findings.unowned_tables.empty()) {
    lacked.push_back(LackedForTables(findings.unowned_tables, observation.server));
  }
  if (lacked.empty()) return std::nullopt;
  return RefuseForAll(lacked, observation.server);
}

Answer RefuseUnstoredRow(const PlanFindings& findings) {
  if (!findings.unstored_row) return std::nullopt;
  const auto& [guards, message] = *findings.unstored_row;
  return Refusal{ErrorCode::kNotRecorded,
                 message.empty()
                     ? "_prisma_migrations changes or discards rows that are written to it"
                     : "the server refuses a row of _prisma_migrations: " + message,
                 guards,
                 {"remove or fix the trigger, rule, constraint or policy on _prisma_migrations, "
                  "then deploy again"}};
}

}  // namespace

std::vector<std::string> NamesOfAdditions(const StateComparison& comparison) {
  return NamesOf(comparison.objects.additions);
}

std::vector<std::string> NamesOfRemainingAdditions(const StateComparison& comparison) {
  std::vector<std::string> names = NamesOfAdditions(comparison);
  std::erase_if(names, [&](const std::string& name) {
    const auto& dropped = comparison.dropped;
    return std::find(dropped.begin(), dropped.end(), name) != dropped.end();
  });
  return names;
}

bool UsesBaseline(const Intent& intent, const Decision& decision) {
  if (decision.plan() == nullptr || decision.plan()->empty()) return false;
  const auto* history = std::get_if<FollowHistory>(&intent);
  return history == nullptr || (history->baseline && decision.found == Found::kFresh);
}

Decision Review(Decision decision, const PlanFindings& findings, const Observation& observation,
                const Policy& policy) {
  if (decision.Refused()) return decision;
  Answer refusal = RefuseFixedSchema(findings, observation);
  if (!refusal) refusal = RefusePrivileges(decision, findings, observation, policy);
  if (!refusal) refusal = RefuseConflictingNames(findings, observation, policy);
  if (!refusal && !findings.other_objects.empty() && !policy.allow_drift) {
    refusal = RefuseOtherObjects(findings.other_objects);
  }
  if (!refusal) refusal = RefuseState(findings, decision, policy);
  if (!refusal) refusal = RefuseNamesInTheWay(findings, decision);
  if (!refusal) refusal = RefusePartitionsInTheWay(findings);
  if (!refusal) refusal = RefuseDependentsInTheWay(findings);
  if (!refusal) refusal = RefuseUnstoredRow(findings);
  if (refusal) {
    decision.answer = *std::move(refusal);
    return decision;
  }
  decision.notices.insert(decision.notices.end(), findings.notices.begin(), findings.notices.end());
  for (const OtherObject& other : findings.other_objects) {
    decision.notices.push_back({NoticeKind::kCondition, Describe(other)});
  }
  if (findings.comparison != nullptr) {
    for (const catalog::Difference& made : findings.comparison->objects.anticipated) {
      decision.notices.push_back(
          {NoticeKind::kCondition, made.object + " was already as the deploy creates it"});
    }
  }
  if (findings.comparison != nullptr && !findings.comparison->undetermined.empty()) {
    decision.notices.push_back(
        {NoticeKind::kPlan,
         "drift and additions could not be determined before this deploy, because " +
             findings.comparison->undetermined});
  }
  return decision;
}

}  // namespace ballast::plan
