// SPDX-License-Identifier: Apache-2.0
// Turns datasource and generator blocks into settings (prisma-engines
// psl/psl-core/src/validate/datasource_loader.rs and generator_loader.rs).
#pragma once

#include <optional>
#include <vector>

#include "prisma/datasource.h"
#include "prisma/diagnostic.h"

namespace ballast::prisma {

// Whether a datasource may omit its url, as in Prisma 7.
enum class UrlNeed { kRequired, kOptional };

std::vector<Datasource> LoadDatasources(const std::vector<ConfigBlock>& blocks, UrlNeed need,
                                        Diagnostics& diagnostics);

// How preview features are validated.
struct FeatureRules {
  bool postgres = false;        // the datasource is known to be one
  bool accept_unknown = false;  // Prisma versions after 6 may have more of them
};

std::vector<Generator> LoadGenerators(const std::vector<ConfigBlock>& blocks, FeatureRules rules,
                                      Diagnostics& diagnostics);

}  // namespace ballast::prisma
