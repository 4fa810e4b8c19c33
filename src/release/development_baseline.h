// SPDX-License-Identifier: Apache-2.0
// The development baseline: baseline.sql, one script that stands for the migrations of a branch,
// and baseline.json, which says for which (docs/release-format.md).
#pragma once

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
// The facts of its catalog, to name what differs; needed for nothing else, and may be missing.
inline constexpr char kDevelopmentSnapshotPath[] = "baseline.facts";

struct DevelopmentBaseline {
  int format = kDevelopmentBaselineFormat;
  std::string generated_at;  // RFC 3339, UTC
  Coverage coverage;
  FingerprintRecord fingerprint;
  std::vector<TableRows> rows;
  std::string baseline_checksum;  // ChecksumOf the whole baseline.sql, head included
  Source source;
  Proof proof;
  std::string inputs_digest;  // as in a manifest

  bool operator==(const DevelopmentBaseline&) const = default;
};

// SHA-256 hex over "name, tab, checksum, newline" of each migration, in order.
std::string CoverageChecksum(const Coverage& coverage);

// `body` under the comment lines that name the coverage file and the coverage's checksum.
std::string RenderDevelopmentScript(const Coverage& coverage, std::string_view body);

// The body of such a script, without the lines that it begins with.
std::string BodyOfDevelopmentScript(std::string_view script);

// As for a manifest; the script is named by its checksum.
std::string BindInputs(std::string_view inputs, DevelopmentBaseline baseline);

// JSON as RenderManifest writes it.
std::string RenderDevelopmentBaseline(const DevelopmentBaseline& baseline);
// B407 names the key that is missing or wrong; B406 for a newer format.
Result<DevelopmentBaseline> ParseDevelopmentBaseline(std::string_view json,
                                                     const std::string& file);

// Whether script and coverage belong together, and every covered migration is on disk unedited
// (line endings aside). B407 says which is not; "migration" details name all of them.
Status VerifyDevelopmentBaseline(const DevelopmentBaseline& baseline, std::string_view script,
                                 const std::vector<Migration>& on_disk);

}  // namespace ballast::release
