// SPDX-License-Identifier: Apache-2.0
#include "serve/state_registry.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/sha256.h"

namespace ballast::serve {
namespace {

constexpr std::chrono::seconds kStaleAfter{4};
constexpr std::chrono::minutes kKeptDuringLock{5};

// What remains known after an observation without result.
DatabaseState AfterObstacle(const DatabaseState& last, std::chrono::nanoseconds age,
                            DatabaseState now) {
  now.last_drift = last.last_drift;
  if (now.project_label.empty()) now.project_label = last.project_label;
  const bool keeps = now.obstacle == Obstacle::kLock && last.found && !last.error &&
                     last.looked_at && age < kKeptDuringLock;
  if (!keeps) return now;
  DatabaseState kept = last;
  kept.lock_wait = std::move(now.lock_wait);
  return kept;
}

// Whether the dashboard would change: everything except times and durations.
bool LooksTheSame(const DatabaseState& a, const DatabaseState& b) {
  const auto names = [](const std::vector<ObjectDifference>& list) {
    std::vector<std::string> texts;
    for (const ObjectDifference& difference : list) texts.push_back(difference.text);
    return texts;
  };
  return a.looked_at.has_value() == b.looked_at.has_value() && a.found == b.found &&
         a.release == b.release && a.recorded == b.recorded && a.pending == b.pending &&
         a.failed == b.failed && a.unknown == b.unknown && a.catalog == b.catalog &&
         a.lock_wait == b.lock_wait && a.obstacle == b.obstacle &&
         a.fingerprint_actual == b.fingerprint_actual && a.drift == b.drift &&
         names(a.addition_objects) == names(b.addition_objects) && a.Reasons() == b.Reasons();
}

bool LooksTheSame(const PackageState& a, const PackageState& b) {
  return a.version == b.version && a.fingerprint == b.fingerprint &&
         a.generated_at == b.generated_at && a.hotfixes == b.hotfixes &&
         a.newer_migrations == b.newer_migrations && a.nodes.size() == b.nodes.size() &&
         a.error.has_value() == b.error.has_value() &&
         (!a.error || a.error->message == b.error->message);
}

}  // namespace

StateRegistry::StateRegistry(const Settings& settings) {
  const auto now = Steady::now();
  for (const TargetSpec& spec : settings.targets) {
    auto state = std::make_shared<DatabaseState>();
    state->name = spec.name;
    state->group = spec.group;
    state->project = spec.project;
    slots_.push_back({std::move(state), {}, now, false});
  }
}

void StateRegistry::Begin(size_t index) {
  const std::scoped_lock lock(mutex_);
  slots_[index].begun = Steady::now();
}

void StateRegistry::Suspend(size_t index) {
  const std::scoped_lock lock(mutex_);
  slots_[index].begun.reset();
}

bool StateRegistry::Put(size_t index, DatabaseState state, Steady::time_point now) {
  const std::scoped_lock lock(mutex_);
  Slot& slot = slots_[index];
  slot.begun.reset();
  if (!state.error) slot.known = now;
  if (state.error && state.looked_at) {
    state = AfterObstacle(*slot.state, now - slot.known, std::move(state));
  }
  const bool was_stale = std::exchange(slot.was_stale, false);
  // For a database that does not answer, the last known state remains visible.
  state.catalog = state.catalog == nullptr ? slot.state->catalog : Shared(state.catalog);
  const bool changed = was_stale || !LooksTheSame(*slot.state, state);
  slot.state = std::make_shared<const DatabaseState>(std::move(state));
  if (changed) Changed();
  return changed;
}

bool StateRegistry::Put(PackageState state, const std::string& goal) {
  const std::scoped_lock lock(mutex_);
  PackagePtr& kept = packages_[state.project][goal];
  const bool known = kept != nullptr;
  if (known && state.project_label.empty()) state.project_label = kept->project_label;
  const bool changed = !known || !LooksTheSame(*kept, state);
  kept = std::make_shared<const PackageState>(std::move(state));
  if (changed) Changed();
  return changed && known;
}

void StateRegistry::NotifyRuns() {
  const std::scoped_lock lock(mutex_);
  ++runs_version_;
  Changed();
}

void StateRegistry::NotifyRunsRead() {
  const std::scoped_lock lock(mutex_);
  Changed();
}

void StateRegistry::NoteStaleness() {
  const std::scoped_lock lock(mutex_);
  const auto now = Steady::now();
  bool changed = false;
  for (Slot& slot : slots_) {
    const bool stale = StalenessOf(slot, now).stale;
    changed = std::exchange(slot.was_stale, stale) != stale || changed;
  }
  if (changed) Changed();
}

// One text for all equal databases: a thousand tenants have one catalog.
std::shared_ptr<const std::string> StateRegistry::Shared(
    const std::shared_ptr<const std::string>& text) {
  std::weak_ptr<const std::string>& kept = catalogs_[Sha256Hex(*text)];
  if (auto same = kept.lock()) return same;
  kept = text;
  std::erase_if(catalogs_, [](const auto& entry) { return entry.second.expired(); });
  return text;
}

void StateRegistry::Changed() {
  ++version_;
  changed_.notify_all();
}

Staleness StateRegistry::StalenessOf(const Slot& slot, Steady::time_point now) const {
  const auto since = slot.begun.value_or(now);
  const auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(now - since);
  return {waited, slot.state->looked_at.has_value() && waited > kStaleAfter};
}

StateView StateRegistry::View() const {
  const std::scoped_lock lock(mutex_);
  StateView view;
  view.version = version_;
  view.runs_version = runs_version_;
  const auto now = Steady::now();
  for (const Slot& slot : slots_) {
    view.databases.push_back(slot.state);
    view.staleness.push_back(StalenessOf(slot, now));
  }
  for (const auto& [project, goals] : packages_) {
    const auto broken =
        std::ranges::find_if(goals, [](const auto& goal) { return !goal.second->Intact(); });
    view.packages.push_back((broken == goals.end() ? goals.begin() : broken)->second);
  }
  return view;
}

DatabasePtr StateRegistry::At(size_t index) const {
  const std::scoped_lock lock(mutex_);
  return slots_[index].state;
}

uint64_t StateRegistry::version() const {
  const std::scoped_lock lock(mutex_);
  return version_;
}

uint64_t StateRegistry::runs_version() const {
  const std::scoped_lock lock(mutex_);
  return runs_version_;
}

uint64_t StateRegistry::Await(uint64_t seen, std::chrono::milliseconds time) const {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, time, [&] { return version_ != seen; });
  return version_;
}

bool StateView::ReadyAt(size_t index) const {
  return !staleness[index].stale && databases[index]->Reasons().empty();
}

bool StateView::KnownAt(size_t index) const {
  const DatabaseState& state = *databases[index];
  return !staleness[index].stale && state.looked_at && !state.error && state.found;
}

bool StateView::ReachableAt(size_t index) const {
  return !staleness[index].stale && databases[index]->obstacle != Obstacle::kServer;
}

std::vector<std::string> StateView::Reasons() const {
  std::vector<std::string> reasons;
  for (size_t i = 0; i < databases.size(); ++i) {
    if (staleness[i].stale) {
      reasons.push_back(fmt::format("{}: no answer for {} s", databases[i]->name,
                                    staleness[i].age.count() / 1000));
      continue;
    }
    for (const std::string& reason : databases[i]->Reasons()) {
      reasons.push_back(databases[i]->name + ": " + reason);
    }
  }
  for (const PackagePtr& package : packages) {
    if (package->Intact()) continue;
    const std::string name = package->project.empty() ? "package" : package->project;
    reasons.push_back(name + ": " + package->error->message);
  }
  return reasons;
}

}  // namespace ballast::serve
