// SPDX-License-Identifier: Apache-2.0
// The preview features of Prisma 6.19 (prisma-engines psl/psl-core/src/common/preview_features.rs).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ballast::prisma {

struct PreviewFeature {
  std::string_view name;  // as Prisma spells it: "postgresqlExtensions"
  bool deprecated = false;
};

// Ignores case.
std::optional<PreviewFeature> FindPreviewFeature(std::string_view name);

// "metrics, views, …": those that messages list; some only if the provider is PostgreSQL.
std::string ActivePreviewFeatures(bool postgres);

}  // namespace ballast::prisma
