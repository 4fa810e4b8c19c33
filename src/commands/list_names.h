// SPDX-License-Identifier: Apache-2.0
// Names for shell completion: the project's releases and migrations.
#pragma once

#include <string>
#include <vector>

#include "project/invocation.h"

namespace ballast::commands {

enum class NameKind { kReleases, kMigrations };

struct ListNamesOptions {
  NameKind kind = NameKind::kReleases;
};

// Sorted and unique. Empty also on errors, which cannot be shown during completion.
std::vector<std::string> ListNames(const ListNamesOptions& options,
                                   const project::Invocation& invocation);

}  // namespace ballast::commands
