// What a package or a development baseline is made from, read before anything is started: with it
// goes the digest by which one that lies there already is known to come from the very same.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "commands/earlier_releases.h"
#include "commands/release.h"
#include "commands/surroundings.h"
#include "commands/world.h"
#include "postgres/scratch_server.h"
#include "release/migration.h"

namespace ballast::commands {

struct MadeFrom {
  Site site;
  std::vector<release::Migration> migrations;
  std::vector<std::string> moved_in_byte_order;  // by Prisma before 6.6
  std::string setup_script;
  std::map<std::string, std::string> schema;  // the snapshot: path in the package → bytes
  postgres::ScratchOptions scratch;
  postgres::ScratchKind server;  // that would replay
  EarlierReleases earlier;       // of a release; empty for a development baseline
};

// B102 when there are no migrations; what reading them, the setup script and --from-release may
// say; B600 when no server can be had.
Result<MadeFrom> Gather(const CreateOptions& options, const World& world);

// Everything that decides what the package will be, in one text: tool, server major, options, setup
// script, schema, migrations in their order, earlier releases. Those that have `baseline_checksum`
// themselves are no start of a way and left out. Time and commit are not inputs.
std::string InputsOf(const MadeFrom& from, const CreateOptions& options,
                     const std::string& baseline_checksum);

}  // namespace ballast::commands
