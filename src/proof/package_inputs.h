// SPDX-License-Identifier: Apache-2.0
// What a package or a development baseline is made from, read before anything is started: with it
// goes the digest by which one that lies there already is known to come from the very same.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "project/invocation.h"
#include "project/project_context.h"
#include "proof/earlier_releases.h"
#include "proof/rollback_proof.h"
#include "release/migration.h"
#include "scratch/scratch_server.h"

namespace ballast::proof {

// What `release create` and `baseline create` were asked for.
struct CreateOptions {
  std::string version;  // of a release; empty for a development baseline
  bool replace = false;
  bool check = false;                      // compare with what exists, and write nothing
  bool force = false;                      // prove again what was made from the very same
  std::string sign_key;                    // a file; empty: no seal
  std::vector<std::string> from_releases;  // package folders of earlier releases
  bool allow_unproven = false;             // leave out ways that are not proven
  std::string replay_mode = "auto";        // release/replay_mode.h
  bool from_schema = false;                // the baseline is Prisma's script of schema.prisma
  int64_t max_rows_bytes = int64_t{10} << 20;
};

struct PackageInputs {
  project::ProjectContext context;
  std::vector<release::Migration> migrations;
  std::vector<std::string> moved_in_byte_order;  // by Prisma before 6.6
  std::string first_migration;  // written now from the schema, since there was none; a path
  std::string setup_script;
  std::map<std::string, std::string> schema;  // the snapshot: path in the package → bytes
  scratch::ScratchOptions scratch;
  scratch::ScratchKind server;  // that would replay
  EarlierReleases earlier;      // of a release; empty for a development baseline
  RollbackScripts rollbacks;    // the same
};

// A project without migrations gets its first one from the schema, unless it is only a check. B102
// where that has no models either; what reading them, the setup script and --from-release may
// say; B600 when no server can be had.
Result<PackageInputs> CollectInputs(const CreateOptions& options,
                                    const project::Invocation& invocation);

// What people have written in rollback/ of the package folder, and next to migrations. B104.
Result<RollbackScripts> ReadRollbackScripts(const workspace::Project& project);

// Everything that decides what the package will be, in one text: tool, server major, options, setup
// script, schema, migrations in their order, earlier releases. Those that have `baseline_checksum`
// themselves are no start of a way and left out. Time and commit are not inputs.
std::string InputsDigestText(const PackageInputs& from, const CreateOptions& options,
                             const std::string& baseline_checksum);

}  // namespace ballast::proof
