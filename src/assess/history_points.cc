// SPDX-License-Identifier: Apache-2.0
#include "assess/history_points.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "apply/named_schema.h"
#include "apply/replay.h"
#include "assess/known_state_comparison.h"
#include "assess/live_state.h"
#include "assess/schema_state.h"
#include "base/sha256.h"
#include "base/text.h"
#include "base/version.h"
#include "introspect/live_snapshot.h"
#include "introspect/snapshot_reader.h"
#include "project/scratch_options.h"
#include "scratch/cache_folder.h"
#include "workspace/files.h"

namespace ballast::assess {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "history-states-";
constexpr size_t kKept = 16;

// The name depends on everything that determines the content: also on the server, because versions
// print definitions differently, and locales sort differently.
std::string CacheName(const HistoryQuestion& question, const scratch::ScratchKind& server) {
  Sha256 hash;
  hash.Update(fmt::format("{}\n{}\n{}\n{} {} {}\n", kVersion, catalog::kVocabulary,
                          Sha256Hex(question.setup_script), server.major, server.embedded,
                          question.scratch.url));
  for (const release::Migration& migration : question.migrations) {
    hash.Update(fmt::format("{} {}\n", migration.name, migration.checksum));
  }
  constexpr size_t kDigits = 32;
  return std::string(kPrefix) + hash.FinishHex().substr(0, kDigits);
}

std::optional<catalog::StateHistory> FromCache(const fs::path& file, size_t migrations) {
  const auto text = workspace::ReadFileIfExists(file);
  if (!text || !*text) return std::nullopt;
  auto history = catalog::StateHistory::Parse(**text, file.string());
  if (!history || history->size() != migrations) return std::nullopt;
  scratch::MarkUsed(file);
  return *std::move(history);
}

// A cache that cannot be written is not an error.
void ToCache(const fs::path& file, const catalog::StateHistory& history) {
  if (!workspace::ReplaceFile(file, history.Render(), 0600)) return;
  scratch::PruneCache(kPrefix, {.entries = kKept});
}

Result<catalog::StateHistory> ByReplay(const HistoryQuestion& question, Progress& progress) {
  progress.Stage("preparing a comparison with each point of the history (once)", 0);
  TRY_ASSIGN(scratch::ScratchServer server,
             scratch::ScratchServer::Start(question.scratch, progress));
  TRY_ASSIGN(const scratch::ScratchDatabase database, server.CreateDatabase("points"));
  TRY_ASSIGN(postgres::Session session, database.Connect());
  TRY_ASSIGN(postgres::Session reader, database.Connect());
  const auto named = apply::NamedSchemaOf(question.migrations, question.setup_script);
  const std::string set_search_path = introspect::SetSearchPathSql(named.value_or("public"), {});
  catalog::StateHistory history;
  apply::ReplayOptions replay;
  replay.setup = question.setup_script;
  replay.after = [&](const release::Migration& migration) -> Status {
    TRY_ASSIGN(auto read, introspect::ReadSnapshot(reader, {}, set_search_path));
    history.Add(migration.name, read.snapshot);
    return {};
  };
  TRY(apply::Replay(session, question.migrations, replay, progress));
  return history;
}

// A state without tables is contained in every database, so it proves nothing.
bool HasTable(const catalog::Snapshot& snapshot) {
  return std::any_of(snapshot.begin(), snapshot.end(),
                     [](const catalog::ObjectProperty& it) { return it.kind == "table"; });
}

}  // namespace

Result<catalog::StateHistory> HistoryStates(const HistoryQuestion& question, Progress& progress) {
  const std::string folder = scratch::CacheFolder();
  TRY_ASSIGN(const scratch::ScratchKind server, scratch::ScratchServer::KindOf(question.scratch));
  const fs::path file = fs::path(folder) / CacheName(question, server);
  if (!folder.empty()) {
    if (auto history = FromCache(file, question.migrations.size())) return *std::move(history);
  }
  TRY_ASSIGN(catalog::StateHistory history, ByReplay(question, progress));
  if (!folder.empty()) ToCache(file, history);
  return history;
}

Result<std::vector<HistoryPoint>> NearestPoints(const catalog::StateHistory& history,
                                                postgres::Session& session,
                                                const std::string& target_schema,
                                                const catalog::ComparisonRules& rules,
                                                const catalog::DatedPartitions& dated,
                                                size_t count) {
  std::vector<HistoryPoint> nearest;
  if (history.size() == 0) return nearest;
  const catalog::Snapshot all = history.Union();
  TRY_ASSIGN(const catalog::Snapshot live,
             introspect::ReadLiveSnapshot(session, target_schema, introspect::LivingScope({&all}),
                                          introspect::MovableExtensions(all)));
  std::vector<catalog::PointDistance> distances = history.DistancesTo(live);
  // If the database is at a point, few properties of the point can be missing: open ones of
  // additions.
  std::stable_sort(distances.begin(), distances.end(), [](const auto& a, const auto& b) {
    const size_t x = a.missing + a.extra;
    const size_t y = b.missing + b.extra;
    return x != y ? x < y : a.point > b.point;
  });
  constexpr size_t kLookedAt = 8;
  distances.resize(std::min(distances.size(), std::max(count, kLookedAt)));
  std::vector<std::pair<size_t, HistoryPoint>> found;  // drift → point
  for (const catalog::PointDistance& distance : distances) {
    HistoryPoint point;
    point.migrations = distance.point + 1;
    point.state.name = history.name(distance.point);
    point.state.snapshot = history.At(distance.point);
    catalog::MarkDated(dated, point.state.snapshot);
    if (!HasTable(point.state.snapshot)) continue;
    point.state.fingerprint = catalog::Fingerprint(point.state.snapshot);
    const size_t drift = catalog::CompareManaged(point.state.snapshot, live, rules).drift.size();
    found.emplace_back(drift, std::move(point));
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (auto& [drift, point] : found) {
    if (nearest.size() == count) break;
    point.shown = history.FirstLike(point.migrations - 1) + 1;
    nearest.push_back(std::move(point));
  }
  return nearest;
}

namespace {

constexpr size_t kNearest = 3;

// The scripts after each of which a database may be.
struct Scripts {
  std::vector<release::Migration> migrations;  // of the history, then the hotfixes of the release
  size_t hotfixes = 0;
};

Result<Scripts> ScriptsOf(const plan::Intent& intent, const project::Artifacts& artifacts) {
  if (const auto* history = std::get_if<plan::FollowHistory>(&intent)) {
    const std::span<const release::Migration> requested = plan::RequestedOf(*history);
    return Scripts{{requested.begin(), requested.end()}};
  }
  Scripts scripts;
  TRY_ASSIGN(scripts.migrations, project::CoveredMigrations(artifacts));
  if (scripts.migrations.empty()) return scripts;  // a package of an early version
  const auto& hotfixes = std::get<plan::ApplyRelease>(intent).hotfixes;
  scripts.hotfixes = hotfixes.size();
  scripts.migrations.insert(scripts.migrations.end(), hotfixes.begin(), hotfixes.end());
  return scripts;
}

project::HistoryPoint PointOf(HistoryPoint point, const Scripts& scripts) {
  const release::Coverage all = release::CoverageOf(scripts.migrations);
  const auto end = all.begin() + static_cast<std::ptrdiff_t>(point.migrations);
  const auto first_hotfix = all.end() - static_cast<std::ptrdiff_t>(scripts.hotfixes);
  const auto covered = std::min(end, first_hotfix);
  return {release::Coverage(all.begin(), covered),
          release::Coverage(covered, end),
          point.shown,
          std::move(point.state.name),
          std::move(point.state.fingerprint),
          std::make_shared<const catalog::Snapshot>(std::move(point.state.snapshot))};
}

}  // namespace

Status CompareWithPoints(const project::ProjectContext& context, const plan::Intent& intent,
                         project::Artifacts& artifacts, postgres::Session& session,
                         plan::Observation& observation, Progress& progress) {
  observation.compared_with = plan::Compared::kAllStates;
  TRY_ASSIGN(const Scripts scripts, ScriptsOf(intent, artifacts));
  if (scripts.migrations.empty()) return {};
  const auto setup = project::SetupScriptOf(context);
  const HistoryQuestion question{
      scripts.migrations, setup ? *setup : std::string(),
      project::ScratchOptionsOf(context, project::ScriptSourceOf(intent))};
  const auto history = HistoryStates(question, progress);
  if (!history) {
    observation.replay_error =
        "the points of the history were not compared: " + history.error().message;
    observation.replay_remedy = history.error().hint;
    progress.Notice(observation.replay_error);
    return {};
  }
  const catalog::ComparisonRules rules = RulesOf(context, artifacts);
  TRY_ASSIGN(const catalog::DatedPartitions dated, project::DatedPartitionsIn(artifacts));
  TRY_ASSIGN(std::vector<HistoryPoint> nearest,
             NearestPoints(*history, session, observation.schema, rules, dated, kNearest));
  for (HistoryPoint& point : nearest) artifacts.points->Add(PointOf(std::move(point), scripts));
  TRY(CompareWithAll(intent, artifacts, session, rules, observation));
  if (plan::EqualsKnownState(observation)) return {};
  TRY_ASSIGN(auto of_schema,
             SchemaStates(context.project, question.setup_script, question.scratch, progress));
  for (project::HistoryPoint& state : of_schema) artifacts.points->Add(std::move(state));
  return CompareWithAll(intent, artifacts, session, rules, observation);
}

}  // namespace ballast::assess
