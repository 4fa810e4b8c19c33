// SPDX-License-Identifier: Apache-2.0
// What is wanted, and what is allowed.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "release/manifest.h"
#include "release/migration.h"
#include "release/replay_mode.h"
#include "release/squash.h"

namespace ballast::plan {

// The database shall be where this release package says.
struct ApplyRelease {
  std::string version;
  release::Migration baseline;               // 0_baseline
  std::vector<release::Migration> hotfixes;  // in Prisma's order
  release::Coverage coverage;
  release::FingerprintRecord fingerprint;  // after the baseline
  // After all of the hotfixes; empty when they are not all proven.
  release::FingerprintRecord with_hotfixes;
  std::vector<release::TableRows> rows;
  std::vector<release::PreviousRelease> previous;
  std::vector<std::string> split;  // scripts that run statement by statement
  // The covered migrations, needed only to move an earlier release forward (NeedsHistory).
  std::vector<release::Migration> history;
};

// A baseline that stands for the start of the history.
struct DevelopmentBaseline {
  std::string script;
  release::Coverage coverage;
  release::FingerprintRecord fingerprint;
  std::vector<release::TableRows> rows;
};

// A migration that replaces others (release/squash.h), with what it replaces.
struct SquashedHistory {
  release::Squash record;
  std::vector<release::Migration> history;  // what it replaces, in order
};

// The database shall have every migration of the project, from the baseline where there is one.
struct FollowHistory {
  std::vector<release::Migration> migrations;  // in Prisma's order
  std::optional<DevelopmentBaseline> baseline;
  // The release that a database with the rows of that strategy may have been deployed from.
  std::optional<ApplyRelease> release;
  // One of the migrations is a squash.
  std::optional<SquashedHistory> squash = {};
  // The last migration that is wanted (`deploy --to`); empty: all are.
  std::string last = {};
};

// Its migrations up to `last`, in order.
std::span<const release::Migration> WantedOf(const FollowHistory& history);

using Intent = std::variant<ApplyRelease, FollowHistory>;

// The catalog that a database has once all of the intent is applied, or null where none is proven.
// It lives as long as the intent does.
const release::FingerprintRecord* ProvenEnd(const ApplyRelease& release);
const release::FingerprintRecord* ProvenEnd(const FollowHistory& history);
const release::FingerprintRecord* ProvenEnd(const Intent& intent);

struct Policy {
  bool adopt = false;   // --adopt: record a database that already holds everything
  bool strict = false;  // --strict: a database that is ahead is refused
  // For scripts that no package records a mode of.
  release::ReplayMode replay = release::ReplayMode::kAuto;
  // Scripts that the server has refused as one transaction.
  std::set<std::string> split = {};
};

}  // namespace ballast::plan
