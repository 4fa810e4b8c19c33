// `ballast resolve`: tells the migrations table what happened, running no script of the user's.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "commands/world.h"

namespace ballast::commands {

struct ResolveOptions {
  std::vector<std::string> applied;      // names, or patterns with * and ?
  std::vector<std::string> rolled_back;  // likewise
  bool all_covered = false;              // --applied --all-covered
};

struct ResolveReport {
  std::vector<std::string> applied;
  std::vector<std::string> rolled_back;
  std::optional<Error> error;
};

// One transaction for all names; P3008, P3011, P3012, P3017 and P3019 as Prisma says them.
ResolveReport Resolve(const ResolveOptions& options, const World& world);

}  // namespace ballast::commands
