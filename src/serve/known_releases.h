// SPDX-License-Identifier: Apache-2.0
// The releases that a project's repository has at tags and branches. Reading them takes longer than
// one observation of a database, so all workers share what is read, at most once a minute.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "project/project_context.h"
#include "serve/database_state.h"

namespace ballast::serve {

struct KnownRelease {
  std::string version;
  std::string place;  // "tag v1.0.0"
  std::string fingerprint;
  int migrations = 0;
  std::vector<std::string> upgrades_from;  // versions, proven by the package
};

class KnownReleases {
 public:
  // Of the context's project; `name` is the target's project. Empty where git cannot be read.
  std::vector<KnownRelease> Of(const project::ProjectContext& context, const std::string& name);

 private:
  struct Kept {
    std::chrono::steady_clock::time_point read_at;
    std::vector<KnownRelease> releases;
  };

  std::mutex mutex_;
  std::map<std::string, Kept> kept_;  // by project
};

// Adds those that the graph lacks, with the upgrades that their packages prove. An upgrade to or
// from a release of the graph that was not proven is an unproven edge.
void AddKnownReleases(const std::vector<KnownRelease>& known, PackageState& state);

}  // namespace ballast::serve
