// SPDX-License-Identifier: Apache-2.0
// The goal of a deploy, and the policy for reaching it.
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

// A squash (release/squash.h) and the migrations that it replaces.
struct SquashedHistory {
  release::Squash record;
  std::vector<release::Migration> history;  // what it replaces, in order
};

// Bring the database to the state of this release package.
struct ApplyRelease {
  std::string version;
  release::Migration baseline;               // 0_baseline
  std::vector<release::Migration> hotfixes;  // in Prisma's order
  release::Coverage coverage;
  release::FingerprintRecord fingerprint;  // after the baseline
  // After all hotfixes; empty if they are not all proven.
  release::FingerprintRecord with_hotfixes;
  std::vector<release::TableRows> rows;
  std::vector<release::PreviousRelease> previous;
  std::vector<std::string> split;  // scripts that run statement by statement
  // The covered migrations, in order. Not set: they were not read, because most decisions do not
  // need them (Need::kHistory). Packages of early versions have none.
  std::optional<std::vector<release::Migration>> history;
  // The squash among them, read with them if the project has its archive.
  std::optional<SquashedHistory> squash = {};

  // Empty if it was not read.
  const std::vector<release::Migration>& History() const;
};

// A baseline that replaces the first migrations of the history.
struct DevelopmentBaseline {
  std::string script;
  release::Coverage coverage;
  release::FingerprintRecord fingerprint;
  std::vector<release::TableRows> rows;
};

// Apply every migration of the project, starting with the baseline if there is one.
struct FollowHistory {
  std::vector<release::Migration> migrations;  // in Prisma's order
  std::optional<DevelopmentBaseline> baseline;
  // The release that a database with rows of the release strategy may have been deployed from.
  std::optional<ApplyRelease> release;
  // Set if one of the migrations is a squash.
  std::optional<SquashedHistory> squash = {};
  // The last migration that is requested (`deploy --to`); empty: all are.
  std::string last = {};
};

// Its migrations up to `last`, in order.
std::span<const release::Migration> RequestedOf(const FollowHistory& history);

using Intent = std::variant<ApplyRelease, FollowHistory>;

// The proven catalog after all of the intent is applied, or null if none is proven. Valid as long
// as the intent.
const release::FingerprintRecord* ProvenEnd(const ApplyRelease& release);
const release::FingerprintRecord* ProvenEnd(const FollowHistory& history);
const release::FingerprintRecord* ProvenEnd(const Intent& intent);

// Scripts that the server has refused as they were sent, and how they are sent instead.
struct RefusedScripts {
  // In one transaction: statement by statement, or a single statement outside of a block.
  std::set<std::string> split = {};
  // In one transaction with the scripts before them: at the beginning of the next one.
  std::set<std::string> apart = {};
};

struct Policy {
  bool adopt = false;   // --adopt: record a database that already contains everything
  bool strict = false;  // --strict: refuse a database that is ahead, and additions
  // For scripts whose mode no package records.
  release::ReplayMode replay = release::ReplayMode::kAuto;
  RefusedScripts refused = {};
  bool allow_drift = false;  // --allow-drift: accept managed objects that are missing or changed
  // The run never deploys, so it is not refused if the role or the session may not write.
  bool only_observes = false;
  // Scripts of the history that use an enum value which they add run statement by statement from
  // the start. A deploy tries them in one transaction first; a run that changes nothing cannot.
  bool foresees_split = false;
  // --adopt with --to: the user says that all migrations up to the named one have run.
  bool adopts_named = false;
  // The run changes the catalog (repair, rollback), so it is also asked whose database it is if no
  // row says so. Drift is allowed then, but says nothing about that.
  bool asks_owner = false;
};

}  // namespace ballast::plan
