// SPDX-License-Identifier: Apache-2.0
// A project as it is on disk: variables, package, strategy and intent. Each running observation has
// its own, because it loads more into it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "project/invocation.h"
#include "project/project_context.h"
#include "project/strategy_selection.h"
#include "serve/database_state.h"
#include "serve/known_releases.h"
#include "serve/settings.h"

namespace ballast::serve {

// With what the dashboard shows beyond it.
struct ServedProject : project::LoadedProject {
  project::StrategySelection chosen;
  std::vector<KnownRelease> known;  // of its repository
  std::optional<Error> error;       // why context or intent is missing
  // There is no project: `context` only connects, and `error` says what is not known.
  bool journal_only = false;
};

// The content of a project's package and its proven upgrade paths.
PackageState PackageStateOf(const ServedProject& loaded, const std::string& project);

// Projects by strategy and branch, read again when older than `age`.
class ProjectCache {
 public:
  ProjectCache(const project::Invocation& invocation, KnownReleases& releases,
               std::chrono::milliseconds age)
      : invocation_(invocation), releases_(releases), age_(age) {}

  // Everything is read again.
  void Forget() { kept_.clear(); }

  // Valid until the next call. `fresh` is set to whether this call has read it.
  ServedProject& Of(const TargetSpec& spec, bool* fresh);

 private:
  struct Kept {
    std::chrono::steady_clock::time_point read_at;
    ServedProject loaded;
  };

  const project::Invocation& invocation_;
  KnownReleases& releases_;
  std::chrono::milliseconds age_;
  std::map<std::string, Kept> kept_;
};

// As many caches as are in use at once. Thread-safe.
class ProjectCaches {
 public:
  ProjectCaches(const project::Invocation& invocation, KnownReleases& releases,
                std::chrono::milliseconds age)
      : invocation_(invocation), releases_(releases), age_(age) {}

  // Calls `use` with the target's project. `fresh` is as for ProjectCache::Of.
  void Lend(const TargetSpec& spec, const std::function<void(ServedProject&, bool fresh)>& use);
  // Everything is read again.
  void Forget();

 private:
  struct Cache {
    int changes;
    std::unique_ptr<ProjectCache> projects;
  };

  Cache Take();

  const project::Invocation& invocation_;
  KnownReleases& releases_;
  std::chrono::milliseconds age_;
  std::mutex mutex_;
  int changes_ = 0;
  std::vector<Cache> free_;
};

}  // namespace ballast::serve
