#include "plan/older_server.h"

#include <fmt/format.h>

#include <algorithm>

#include "release/development_baseline.h"
#include "release/package.h"
#include "sql/features.h"

namespace ballast::plan {
namespace {

// No script needs more than the newest server has that the table of features knows.
constexpr int kNewestMajor = 18;
constexpr size_t kLines = 10;

// The highest version that a script before the step `at` was proven on: a comparison that follows
// speaks for what runs before it. 0: nothing does.
int ProvenOn(const Plan& plan, size_t at) {
  for (size_t i = at; i < plan.steps.size(); ++i) {
    const auto* verify = std::get_if<VerifyCatalog>(&plan.steps[i].act);
    if (verify != nullptr) return verify->expected.server_major;
  }
  return 0;
}

void Add(Requirement needed, std::vector<Requirement>& list) {
  if (std::find(list.begin(), list.end(), needed) == list.end()) list.push_back(std::move(needed));
}

// Of a baseline the facts speak, better than its words.
bool IsBaseline(const release::Migration& migration) {
  return migration.name == release::kBaselineName ||
         migration.name == release::kDevelopmentScriptPath;
}

std::vector<Requirement> NeedsOf(const Plan& plan, int major) {
  std::vector<Requirement> needs;
  bool runs = false;
  for (size_t i = 0; i < plan.steps.size(); ++i) {
    const Act& act = plan.steps[i].act;
    if (const auto* run = std::get_if<RunScript>(&act)) {
      runs = true;
      if (IsBaseline(run->migration)) continue;
      const int proven = ProvenOn(plan, i);
      if (proven > 0 && proven <= major) continue;
      for (const sql::Feature& feature : sql::FeaturesOf(run->Script())) {
        Add({std::string(feature.name), "migration " + run->migration.name, feature.since}, needs);
      }
    } else if (const auto* verify = std::get_if<VerifyCatalog>(&act); verify != nullptr && runs) {
      for (const Requirement& needed : verify->expected.needs) Add(needed, needs);
    }
  }
  std::erase_if(needs, [&](const Requirement& needed) { return needed.since <= major; });
  return needs;
}

Refusal RefusalOf(const std::vector<Requirement>& needs, const ServerState& server) {
  int since = 0;
  for (const Requirement& needed : needs) since = std::max(since, needed.since);
  Refusal refusal{ErrorCode::kServerTooOld,
                  fmt::format("PostgreSQL {} cannot hold this database, which needs {} or newer",
                              server.version, since),
                  {},
                  {fmt::format("deploy to PostgreSQL {} or newer", since),
                   "or let the history do without, and make the release anew"}};
  for (size_t i = 0; i < needs.size() && i < kLines; ++i) {
    refusal.evidence.push_back(fmt::format("{}: {} (since PostgreSQL {})", needs[i].object,
                                           needs[i].feature, needs[i].since));
  }
  if (needs.size() > kLines) {
    refusal.evidence.push_back(fmt::format("… and {} more", needs.size() - kLines));
  }
  return refusal;
}

}  // namespace

std::optional<Refusal> TooOldFor(const Plan& plan, const ServerState& server) {
  if (server.major == 0 || server.major >= kNewestMajor) return std::nullopt;
  const std::vector<Requirement> needs = NeedsOf(plan, server.major);
  if (needs.empty()) return std::nullopt;
  return RefusalOf(needs, server);
}

}  // namespace ballast::plan
