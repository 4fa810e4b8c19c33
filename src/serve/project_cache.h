// SPDX-License-Identifier: Apache-2.0
// A project as it is on disk: variables, package, strategy and intent. Each worker has its own,
// because an observation loads more into it.
#pragma once

#include <map>
#include <optional>
#include <string>

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

}  // namespace ballast::serve
