// SPDX-License-Identifier: Apache-2.0
#include "plan/change_refusals.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "base/shell_word.h"
#include "base/text.h"

namespace ballast::plan {
namespace {

// The branch of an older release refuses the package of another one with the strategy that it
// chooses.
constexpr std::string_view kWithPackage =
    "ballast rollback --to VERSION --package PATH --strategy release";

// A repair would undo migrations that the project does not know.
Refusal UndoesUnknown(const std::vector<std::string>& unknown) {
  return {ErrorCode::kAhead,
          fmt::format("the database has {} that the project does not know, and a repair would "
                      "undo {}",
                      Counted(unknown.size(), "migration"), unknown.size() == 1 ? "it" : "them"),
          unknown,
          {"if it is a hotfix, copy it into the migrations: ballast hotfix merge; then create the "
           "release again",
           "otherwise use the version of the project that has it"}};
}

// An older project does not know what a newer database should be.
Refusal UndoesNewer(const std::vector<std::string>& unknown, const Observation& observation) {
  const auto& deployed = observation.journal_release;
  Refusal refusal;
  refusal.code = ErrorCode::kAhead;
  if (deployed && unknown == std::vector{deployed->version}) {
    refusal.message = fmt::format(
        "the database is ahead of this project: it is at release {}, and a repair would undo it",
        deployed->version);
    refusal.remedies = {
        fmt::format("to repair it, use the package of {}: ballast repair --package PATH --strategy "
                    "release",
                    deployed->version),
        fmt::format("to go back, use the package of {}: {}", deployed->version, kWithPackage)};
    return refusal;
  }
  refusal.message =
      fmt::format("the database is ahead of this project: it has {} that the project does not know",
                  Counted(unknown.size(), "migration"));
  refusal.evidence = unknown;
  refusal.remedies = {"to repair it, use the newer version of the project",
                      "to go back, use the newer version, too: ballast rollback --to NAME"};
  return refusal;
}

// Only the package of the newer release has its rollback.
Refusal StartsNewer(const Observation& observation) {
  const auto& deployed = observation.journal_release;
  const std::string release = deployed ? deployed->version : "a newer release";
  return {ErrorCode::kAhead,
          fmt::format("the database is ahead of this project: it is at {}{}, and only the package "
                      "of that release can roll it back",
                      deployed ? "release " : "", release),
          {},
          {fmt::format("use the package of {}: {}", release, kWithPackage)}};
}

// A change would remove or complete what the script has done so far, without its rows, and a deploy
// would then continue in the middle of it.
Refusal Interrupted(const MigrationRow& row) {
  return {
      ErrorCode::kFailedMigration,
      fmt::format("{} was interrupted: it has run in part, and a deploy continues it", row.name),
      {},
      {"continue it first: ballast deploy; it accepts what differs with --allow-drift",
       fmt::format("or, if a deploy cannot continue it: undo what was applied, then: ballast "
                   "resolve --rolled-back {}",
                   ShellWord(row.name))}};
}

// The database is in no known state.
std::optional<Refusal> RefuseFailed(const Decision& decision, const Observation& observation) {
  const Refusal* refusal = decision.refusal();
  if (refusal != nullptr && refusal->code == ErrorCode::kFailedMigration) return *refusal;
  if (!FailedRows(observation).empty()) return Interrupted(FailedRows(observation).front());
  return std::nullopt;
}

bool IsOtherProject(const Decision& decision) {
  return decision.Refused() && decision.refusal()->is_other_project;
}

}  // namespace

std::optional<Refusal> RefuseRepair(const Decision& decision, const Observation& observation) {
  if (auto failed = RefuseFailed(decision, observation)) return failed;
  if (IsOtherProject(decision)) return *decision.refusal();
  if (decision.found == Found::kAhead) return UndoesNewer(decision.unknown, observation);
  if (decision.found == Found::kBehind && !decision.unknown.empty()) {
    return UndoesUnknown(decision.unknown);
  }
  if (decision.found != Found::kFresh) return std::nullopt;
  return Refusal{ErrorCode::kCannotTell,
                 "the database is empty: there is nothing to repair",
                 {},
                 {"ballast deploy"}};
}

std::optional<Refusal> RefuseUnrecorded(const std::vector<std::string>& unrecorded,
                                        const std::vector<std::string>& applied) {
  std::vector<std::string> open;
  for (const std::string& name : unrecorded) {
    const bool named = std::ranges::any_of(
        applied, [&](const std::string& glob) { return MatchesGlob(glob, name); });
    if (!named) open.push_back(name);
  }
  if (open.empty()) return std::nullopt;
  const bool one = open.size() == 1;
  Refusal refusal{
      ErrorCode::kAdoptRefused,
      fmt::format("the migrations table does not show whether {} that may change what the catalog "
                  "does not show, such as rows or roles, {} run, and a repair would record {}",
                  Counted(open.size(), "migration"), one ? "has" : "have", one ? "it" : "them"),
      open,
      {}};
  const std::string record =
      fmt::format("ballast repair --applied {}", one ? ShellWord(open.front()) : "'*'");
  refusal.remedies = {
      fmt::format("if {} run, or {} only objects such as policies, which the repair creates: {}",
                  one ? "it has" : "they have", one ? "changes" : "change", record),
      fmt::format("otherwise run {} first (psql -f), then: {}",
                  one ? "its script" : "their scripts", record)};
  return refusal;
}

std::optional<Refusal> RefuseRollback(const Decision& decision, const Observation& observation,
                                      bool knows_release) {
  if (auto failed = RefuseFailed(decision, observation)) return failed;
  if (!HasLiveRows(observation)) {
    return Refusal{ErrorCode::kNoRollback,
                   "the migrations table has no rows, so it is not known where a rollback would "
                   "start",
                   {},
                   {"record it first: ballast deploy --adopt, or ballast repair"}};
  }
  if (IsOtherProject(decision)) return *decision.refusal();
  if (knows_release) return std::nullopt;
  if (decision.found == Found::kAhead) return StartsNewer(observation);
  if (decision.Refused()) {
    Refusal refusal = *decision.refusal();
    // Its remedies are those of a deploy.
    refusal.remedies = {"use the package of its release: " + std::string(kWithPackage)};
    return refusal;
  }
  return Refusal{
      ErrorCode::kNoRollback,
      "the database was deployed from a release that the project does not know, so it is not known "
      "where a rollback would start",
      {},
      {"use the package of its release: " + std::string(kWithPackage)}};
}

std::optional<Refusal> RefuseDriftFrom(const std::string& state,
                                       const std::vector<std::string>& drift) {
  if (drift.empty()) return std::nullopt;
  return Refusal{
      ErrorCode::kDrift,
      fmt::format("the database differs from {} in {}", state, Counted(drift.size(), "object")),
      drift,
      {fmt::format("show what would restore {}: ballast repair --dry-run; then: ballast repair",
                   drift.size() == 1 ? "it" : "them")}};
}

}  // namespace ballast::plan
