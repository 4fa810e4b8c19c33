// SPDX-License-Identifier: Apache-2.0
// What a look found, as values: a database, and the package of a project.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "catalog/snapshot.h"

namespace ballast::serve {

using Clock = std::chrono::system_clock;

// An object that differs from the proven state.
struct ObjectDifference {
  std::string object;  // "index \"User_email_key\""
  std::string kind;
  std::string change;    // "missing", "extra", "changed"
  std::string words;     // one sentence
  std::string expected;  // the definition in the proven state; empty: it is not there
  std::string actual;    // in the database; empty: it is not there
};

struct DatabaseState {
  std::string name;
  std::string group;
  std::string project;
  std::optional<Clock::time_point> looked_at;  // empty: not yet
  std::chrono::milliseconds took{0};
  // Of the server, as far as the connection came.
  std::string host;
  std::string port;
  std::string database;
  std::string schema;
  std::string role;
  std::string server_version;

  std::string strategy;  // "release"; empty: the choice was not reached
  std::string found;     // "current", "behind" …; empty: the database was not reached
  std::string release;   // the version that the project deploys; empty: none
  std::string recorded;  // the state that the rows in the database are of: "release v1.0.0"
  std::vector<std::string> pending;
  std::vector<std::string> failed;
  std::vector<std::string> unknown;
  std::vector<ObjectDifference> drift;
  std::vector<ObjectDifference> additions;
  std::vector<std::string> notices;
  std::string fingerprint_expected;
  std::string fingerprint_actual;
  std::optional<Error> refusal;  // why a deploy would refuse
  std::vector<std::string> remedies;
  std::optional<Error> error;  // why the look failed
  // Tables, columns and keys as JSON; databases that are alike share one text. Null: not known.
  std::shared_ptr<const std::string> catalog;

  // Why the database is not ready: sentences, none when it is.
  std::vector<std::string> Reasons() const;
};

// A release or a state that a deploy can start from or lead to.
struct PathNode {
  std::string name;  // "v1.0.0", "v1.0.0+hotfix.1", "empty database"
  std::string kind;  // "empty", "release", "unproven"
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
  std::string folder;
  std::optional<Clock::time_point> looked_at;
  bool present = false;        // a package, intact or not
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
  std::vector<std::string> unproven;          // hotfixes that the manifest does not name
  std::vector<std::string> proven_on;         // server versions
  std::vector<std::string> compared;          // "catalog", "layout", "rows"
  std::vector<std::string> newer_migrations;  // of the project, not in the package
  std::vector<PathNode> nodes;
  std::vector<PathEdge> edges;

  // Intact, or not there at all: a project without releases needs none.
  bool Intact() const { return !error; }
};

}  // namespace ballast::serve
