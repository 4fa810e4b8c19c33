// SPDX-License-Identifier: Apache-2.0
// The development baseline: baseline.sql, one script that replaces the first migrations of a
// branch, and baseline.json, which lists them (docs/release-format.md).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "release/manifest.h"
#include "release/migration.h"

namespace ballast::release {

inline constexpr int kDevelopmentBaselineFormat = 1;
inline constexpr char kDevelopmentScriptPath[] = "baseline.sql";
inline constexpr char kDevelopmentCoveragePath[] = "baseline.json";
// The snapshot of its catalog, used only to name differences; the file may be missing.
inline constexpr char kDevelopmentSnapshotPath[] = "baseline.facts";

struct DevelopmentBaseline {
  int format = kDevelopmentBaselineFormat;
  std::string generated_at;  // RFC 3339, UTC
  Coverage coverage;
  FingerprintRecord fingerprint;
  std::vector<TableRows> rows;
  std::string baseline_checksum;  // ChecksumOf of baseline.sql, including its header
  Source source;
  Proof proof;
  std::string inputs_digest;                   // as in a manifest
  std::optional<ProjectIdentity> project;      // not set by early versions, and in a squash
  std::optional<std::string> database_schema;  // as in a manifest
  std::vector<OutsideObject> outside_objects;  // likewise

  bool operator==(const DevelopmentBaseline&) const = default;
};

// SHA-256 hex over "name, tab, checksum, newline" of each migration, in order.
std::string CoverageChecksum(const Coverage& coverage);

// `body` below comment lines that name the coverage file and the coverage's checksum.
std::string RenderDevelopmentScript(const Coverage& coverage, std::string_view body);

// The body of such a script, without those lines.
std::string BodyOfDevelopmentScript(std::string_view script);

// As for a manifest; the script is represented by its checksum.
std::string BindInputs(std::string_view inputs, DevelopmentBaseline baseline);

// JSON as RenderManifest writes it.
std::string RenderDevelopmentBaseline(const DevelopmentBaseline& baseline);
// B407 names the missing or wrong key; B406 for a newer format.
Result<DevelopmentBaseline> ParseDevelopmentBaseline(std::string_view json,
                                                     const std::string& file);

// Checks that script and coverage belong together and that every covered migration exists unedited
// on disk (ignoring line endings). B407 names the first failure; "migration" details list all.
// `folder`: the migrations folder, as messages name it.
Status VerifyDevelopmentBaseline(const DevelopmentBaseline& baseline, std::string_view script,
                                 const std::vector<Migration>& on_disk, const std::string& folder);

}  // namespace ballast::release
