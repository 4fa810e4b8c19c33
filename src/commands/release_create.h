// SPDX-License-Identifier: Apache-2.0
// `ballast release create` and `ballast baseline create`.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "project/invocation.h"
#include "proof/package_inputs.h"
#include "proof/upgrade_paths.h"
#include "release/manifest.h"
#include "release/staleness.h"
#include "report/run_report.h"

namespace ballast::commands {

struct CreateReport {
  std::string version;
  std::string folder;    // path of the package
  bool changed = false;  // false: an identical package existed
  bool checked = false;  // --check: nothing was written
  int migration_count = 0;
  std::string baseline_includes_up_to;
  int baseline_lines = 0;
  size_t baseline_bytes = 0;
  std::string fingerprint;
  bool proven = false;
  bool proven_now = false;  // by this run; false: the inputs of the proof were unchanged
  std::vector<std::string> servers;
  std::map<std::string, double> stages;  // "replay_ms" …
  std::string sealed_by;                 // id of the key
  std::vector<std::string> notices;      // that require action
  std::vector<std::string> remarks;      // for information only
  std::vector<std::string> differences;  // if the proof failed
  // Descriptions: schema.prisma compared with the migrations.
  std::vector<std::string> schema_differences;
  std::vector<proof::UpgradePathLine> upgrade_paths;  // from earlier releases
  std::vector<release::Rollback> rollbacks;           // to earlier releases
  std::optional<release::Staleness> staleness;        // if --check found it stale
  report::RunReport run;
  std::optional<Error> error;

  bool HasChanged() const { return changed && !checked; }
};

// Replays the migrations in a scratch database, writes a baseline from its catalog and rows,
// applies that in a second database, and compares. Only equal databases result in a package. With
// `from_schema` the baseline is the output of SchemaSql and is verified in the same way: B303 lists
// the differences, and nothing is written.
CreateReport CreateRelease(const proof::CreateOptions& options,
                           const project::Invocation& invocation);
// The same for the baseline of the migrations folder, which has no version.
CreateReport CreateDevelopmentBaseline(const proof::CreateOptions& options,
                                       const project::Invocation& invocation);

}  // namespace ballast::commands
