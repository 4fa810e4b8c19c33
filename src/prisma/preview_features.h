// SPDX-License-Identifier: Apache-2.0
// The preview features that Prisma 6.19 knows (prisma-engines
// psl/psl-core/src/common/preview_features.rs).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ballast::prisma {

struct PreviewFeature {
  std::string_view name;  // as Prisma spells it: "postgresqlExtensions"
  bool deprecated = false;
};

// The case of letters does not matter.
std::optional<PreviewFeature> FindPreviewFeature(std::string_view name);

// "metrics, views, …": those that messages offer; some only where the provider is PostgreSQL.
std::string ActivePreviewFeatures(bool postgres);

}  // namespace ballast::prisma
