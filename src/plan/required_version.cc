// SPDX-License-Identifier: Apache-2.0
#include "plan/required_version.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/server_versions.h"
#include "release/development_baseline.h"
#include "release/package.h"
#include "sql/features.h"

namespace ballast::plan {
namespace {

constexpr size_t kLines = 10;

// For each step, the version that its script was proven on: the following comparison covers
// what runs before it. 0: none follows.
std::vector<int> ProvenOn(const std::vector<const Step*>& steps) {
  std::vector<int> proven(steps.size());
  int major = 0;
  for (size_t i = steps.size(); i-- > 0;) {
    const auto* verify = std::get_if<VerifyCatalog>(&steps[i]->act);
    if (verify != nullptr) major = verify->expected().server_major;
    proven[i] = major;
  }
  return proven;
}

// The features that some server version lacks, each once, in order.
class RequiredFeatures {
 public:
  explicit RequiredFeatures(int major) : major_(major) {}

  void Add(const Requirement& needed) {
    if (needed.since > major_ && seen_.insert(needed).second) all_.push_back(needed);
  }
  std::vector<Requirement> Take() { return std::move(all_); }

 private:
  int major_;
  std::set<Requirement> seen_;
  std::vector<Requirement> all_;
};

// For a baseline, the snapshot's requirements are used instead of its text.
bool IsBaseline(const release::Migration& migration) {
  return migration.name == release::kBaselineName ||
         migration.name == release::kDevelopmentScriptPath;
}

std::vector<Requirement> NeedsOf(const Plan& plan, int major) {
  RequiredFeatures needs(major);
  const std::vector<const Step*> steps = StepsOf(plan);
  const std::vector<int> proven = ProvenOn(steps);
  bool runs = false;
  for (size_t i = 0; i < steps.size(); ++i) {
    const Act& act = steps[i]->act;
    if (const auto* run = std::get_if<RunScript>(&act)) {
      runs = true;
      if (IsBaseline(run->migration)) continue;
      if (proven[i] > 0 && proven[i] <= major) continue;
      for (const sql::Feature& feature : sql::FeaturesOf(run->Script())) {
        needs.Add({std::string(feature.name), "migration " + run->migration.name, feature.since});
      }
    } else if (const auto* verify = std::get_if<VerifyCatalog>(&act); verify != nullptr && runs) {
      for (const Requirement& needed : verify->expected().needs) needs.Add(needed);
    }
  }
  return needs.Take();
}

Refusal RefusalOf(const std::vector<Requirement>& needs, const ServerState& server) {
  int since = 0;
  for (const Requirement& needed : needs) since = std::max(since, needed.since);
  Refusal refusal{
      ErrorCode::kServerTooOld,
      fmt::format("PostgreSQL {} does not support this database, which needs {} or newer",
                  server.version, since),
      {},
      {fmt::format("deploy to PostgreSQL {} or newer", since),
       "or change the migrations so that they do not need it, and create the release again"}};
  for (size_t i = 0; i < needs.size() && i < kLines; ++i) {
    refusal.evidence.push_back(fmt::format("{}: {} (since PostgreSQL {})", needs[i].object,
                                           needs[i].feature, needs[i].since));
  }
  if (needs.size() > kLines) {
    refusal.evidence.push_back(fmt::format("… and {} more", needs.size() - kLines));
  }
  return refusal;
}

// The catalogs of servers before the oldest supported version cannot be read.
bool CannotCompare(const Plan& plan, const ServerState& server) {
  return server.major < kOldestServerMajor && HasStep<VerifyCatalog>(plan);
}

Refusal NotComparable(const ServerState& server) {
  return {
      ErrorCode::kServerTooOld,
      fmt::format("PostgreSQL {} is too old: its catalog cannot be compared with the proven one",
                  server.version),
      {},
      {fmt::format("deploy to PostgreSQL {} or newer", kOldestServerMajor)}};
}

}  // namespace

std::optional<Refusal> TooOldFor(const Plan& plan, const ServerState& server) {
  // No script needs more than the newest supported server.
  if (server.major == 0 || server.major >= kNewestServerMajor) return std::nullopt;
  if (CannotCompare(plan, server)) return NotComparable(server);
  const std::vector<Requirement> needs = NeedsOf(plan, server.major);
  if (needs.empty()) return std::nullopt;
  return RefusalOf(needs, server);
}

}  // namespace ballast::plan
