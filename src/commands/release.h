// SPDX-License-Identifier: Apache-2.0
// `ballast release create`, `verify`, `show` and `list`, and `ballast baseline create`.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "project/invocation.h"
#include "proof/package_inputs.h"
#include "proof/upgrade_paths.h"
#include "release/manifest.h"
#include "report/run_report.h"

namespace ballast::commands {

struct CreateReport {
  std::string version;
  std::string folder;    // where it lies
  bool changed = false;  // false: the same bytes existed already
  bool checked = false;  // --check: nothing was written
  int migration_count = 0;
  std::string baseline_includes_up_to;
  int baseline_lines = 0;
  size_t baseline_bytes = 0;
  std::string fingerprint;
  bool proven = false;
  bool proven_now = false;  // by this run; false: nothing that the proof is about has changed
  std::vector<std::string> servers;
  std::map<std::string, double> stages;  // "replay_ms" …
  double duration_ms = 0;
  std::string sealed_by;                        // the id of the key
  std::vector<std::string> notices;             // where somebody should do something
  std::vector<std::string> remarks;             // where nobody has to
  std::vector<std::string> differences;         // when the proof failed
  std::vector<std::string> schema_differences;  // schema.prisma against the history, in words
  std::vector<proof::UpgradePathLine> ways;     // from earlier releases
  std::vector<release::Rollback> rollbacks;     // to them
  report::RunReport run;
  std::optional<Error> error;
};

// Replays the history in a scratch database, writes the baseline from the catalog and the rows
// found there, applies it in a second one and compares; only equal databases make a package. With
// `from_schema` the baseline is what SchemaSql prints instead, and is judged the same way: B303
// names what it gets wrong, and nothing is written.
CreateReport CreateRelease(const proof::CreateOptions& options,
                           const project::Invocation& invocation);
CreateReport CreateDevelopmentBaseline(const proof::CreateOptions& options,
                                       const project::Invocation& invocation);

struct VerifyOptions {
  bool deep = false;
  std::vector<std::string> trusted_keys;  // public keys, or files of them
};

struct VerifyReport {
  std::string version;
  std::string folder;
  int files = 0;
  bool deep = false;
  std::vector<std::string> unproven;  // hotfixes that the manifest does not name
  std::vector<std::string> findings;  // what is wrong, a line each
  std::string fingerprint;
  std::string seal_key;      // the key that the seal names; empty: there is no seal
  std::string seal_comment;  // what was signed with it
  bool sealed = false;       // by a key that is trusted
  std::optional<Error> error;
};

VerifyReport VerifyRelease(const VerifyOptions& options, const project::Invocation& invocation);

struct ShowReport {
  std::optional<release::Manifest> manifest;
  std::string folder;
  std::vector<std::string> hotfixes;
  std::map<std::string, size_t> file_sizes;
  std::optional<Error> error;
};

ShowReport ShowRelease(const project::Invocation& invocation);

struct PackOptions {
  std::string file;  // from the directory; empty: VERSION.tar.zst
};

struct PackReport {
  std::string version;
  std::string file;
  size_t bytes = 0;
  size_t unpacked_bytes = 0;
  std::string checksum;  // SHA-256 of the file
  bool sealed = false;   // a seal goes along
  std::optional<Error> error;
};

// `ballast release pack`: the package of the project, verified, as one file that --package takes.
PackReport PackRelease(const PackOptions& options, const project::Invocation& invocation);

}  // namespace ballast::commands
