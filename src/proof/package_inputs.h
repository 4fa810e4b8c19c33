// SPDX-License-Identifier: Apache-2.0
// The inputs of a package or a development baseline, read before anything is started, and their
// digest, by which an existing result of the same inputs is recognized.
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
#include "release/replay_mode.h"
#include "scratch/scratch_server.h"

namespace ballast::proof {

// The options of `release create` and `baseline create`.
struct CreateOptions {
  std::string version;  // of a release; empty for a development baseline
  bool replace = false;
  bool check = false;                      // compare with what exists; write nothing
  bool force = false;                      // prove again even if the inputs are unchanged
  std::string sign_key;                    // a file; empty: no seal
  std::vector<std::string> from_releases;  // package folders of earlier releases
  bool allow_unproven = false;             // omit upgrade paths that are not proven
  release::ReplayMode replay_mode = release::ReplayMode::kAuto;
  bool from_schema = false;  // the baseline is Prisma's script of schema.prisma
  int64_t max_rows_bytes = int64_t{10} << 20;
};

struct PackageInputs {
  project::ProjectContext context;
  std::vector<release::Migration> migrations;
  std::vector<std::string> moved_in_byte_order;  // by Prisma before 6.6
  std::string first_migration;  // path of the migration that was just written from the schema
                                // because there was none
  std::string setup_script;
  std::map<std::string, std::string> schema;  // the snapshot: path in the package → bytes
  scratch::ScratchOptions scratch;
  scratch::ScratchKind server;  // the server that would replay
  EarlierReleases earlier;      // of a release; empty for a development baseline
  RollbackScripts rollbacks;    // the same
};

// For a project without migrations, writes the first one from the schema, except for a check. B102
// if the schema has no models either; errors of the schema, the setup script and --from-release;
// B600 if no server is available.
Result<PackageInputs> CollectInputs(const CreateOptions& options,
                                    const project::Invocation& invocation);

// The scripts that people have written, in rollback/ of the package folder and next to migrations.
// B104.
Result<RollbackScripts> ReadRollbackScripts(const workspace::Project& project);

// All inputs that determine the package, as one text: program, server major version, options, setup
// script, schema, migrations in order, earlier releases. Releases with the baseline
// `baseline_checksum` itself are excluded, because no upgrade starts there. Time and commit are not
// inputs.
std::string InputsDigestText(const PackageInputs& from, const CreateOptions& options,
                             const std::string& baseline_checksum);

}  // namespace ballast::proof
