// SPDX-License-Identifier: Apache-2.0
// Names that a shell can complete: the project's releases and its migrations.
#pragma once

#include <string>
#include <vector>

#include "project/invocation.h"

namespace ballast::commands {

enum class NameKind { kReleases, kMigrations };

struct ListNamesOptions {
  NameKind kind = NameKind::kReleases;
};

// Sorted, each once. Empty where the project has none or cannot be read: while somebody types,
// there is nobody to read an error.
std::vector<std::string> ListNames(const ListNamesOptions& options,
                                   const project::Invocation& invocation);

}  // namespace ballast::commands
