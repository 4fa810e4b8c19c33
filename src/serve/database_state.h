// SPDX-License-Identifier: Apache-2.0
// The result of an observation: a database, and the package of a project.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "assess/summary.h"
#include "base/error.h"
#include "catalog/snapshot.h"
#include "plan/plan.h"
#include "plan/strategy.h"

namespace ballast::serve {

using Clock = std::chrono::system_clock;

// An object that differs from the proven state.
struct ObjectDifference {
  std::string object;  // "index \"User_email_key\""
  std::string kind;
  catalog::ChangeKind change = catalog::ChangeKind::kChanged;
  std::string text;      // one sentence
  std::string expected;  // definition in the proven state; empty: it does not exist there
  std::string actual;    // definition in the database; empty: it does not exist there
};

// What kept an observation from its result.
enum class Obstacle {
  kNone,
  kServer,   // the database does not answer
  kLock,     // it answers, but another session holds a lock on what is observed
  kSettings  // the project, its package, or privileges
};

// `drift`, `additions` and the rest of the summary are empty until it was observed.
struct DatabaseState : assess::Summary {
  std::string name;
  std::string group;
  std::string project;
  std::string project_label;                   // as run reports name it; empty: not known
  std::optional<Clock::time_point> looked_at;  // empty: not observed yet
  std::chrono::milliseconds took{0};
  // Data of the server, as far as known.
  std::string host;
  std::string port;
  std::string database;
  std::string schema;
  std::string role;
  std::string server_version;

  std::optional<plan::Strategy> strategy;  // empty: not selected
  std::string release;                     // the version that the project deploys; empty: none
  std::string recorded;                    // the state that the rows describe: "release v1.0.0"
  std::string recorded_version;            // of that release; empty: it is none
  bool records_goal = false;               // nothing would run: it is the state after a deploy
  std::vector<ObjectDifference> drift_objects;     // one for each of `drift`
  std::vector<ObjectDifference> addition_objects;  // also those that a deploy would drop
  std::vector<std::string> notices;
  std::optional<Error> error;  // why the observation failed
  Obstacle obstacle = Obstacle::kNone;
  // A sentence: later observations wait for a lock, so everything else is as of `looked_at`. With
  // an error: this observation did.
  std::string lock_wait;
  std::optional<size_t> last_drift;  // objects, when the database was last compared
  // Tables, columns and keys as JSON; equal databases share one text. Null: not known.
  std::shared_ptr<const std::string> catalog;

  // Why the database is not ready, as sentences; empty: it is up to date, and so ready.
  std::vector<std::string> Reasons() const;
};

enum class PathNodeKind {
  kEmpty,     // the empty database
  kRelease,   // proven
  kUnproven,  // a hotfix that the manifest does not list, or migrations that no package covers
};

// A release or state from which or to which a deploy can lead.
struct PathNode {
  std::string name;  // "v1.0.0", "v1.0.0+hotfix.1", "empty database"
  PathNodeKind kind = PathNodeKind::kRelease;
  std::string fingerprint;
  int migrations = 0;
};

struct PathEdge {
  size_t from = 0;  // indexes of nodes
  size_t to = 0;
  bool proven = false;
  std::string why;  // a sentence
};

struct PackageState {
  std::string project;
  std::string project_label;    // as run reports name it; empty: not known
  std::string folder;           // relative to the project's root
  std::string absolute_folder;  // the same
  std::optional<Clock::time_point> looked_at;
  bool present = false;        // a package exists, intact or not
  std::optional<Error> error;  // why the package, or the project, cannot be used
  std::string version;
  std::string generated_at;
  std::string baseline_includes_up_to;
  std::string fingerprint;
  std::string tool;
  std::string commit;
  std::string sealed_by;
  int migration_count = 0;
  int baseline_lines = 0;
  size_t files = 0;
  std::vector<std::string> hotfixes;
  std::vector<std::string> unproven;          // hotfixes that the manifest does not list
  std::vector<std::string> proven_on;         // server versions
  std::vector<std::string> compared;          // "catalog", "layout", "rows"
  std::vector<std::string> newer_migrations;  // of the project, not in the package
  std::vector<PathNode> nodes;
  std::vector<PathEdge> edges;

  // Also true without a package, because a project needs no releases.
  bool Intact() const { return !error; }
};

}  // namespace ballast::serve
