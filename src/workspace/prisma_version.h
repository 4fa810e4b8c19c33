// SPDX-License-Identifier: Apache-2.0
// Which version of Prisma a project uses; that decides where Prisma looks for things.
#pragma once

#include <compare>
#include <filesystem>
#include <optional>
#include <string_view>

namespace ballast::workspace {

struct PrismaVersion {
  int major = 0;
  int minor = 0;

  auto operator<=>(const PrismaVersion&) const = default;
};

inline constexpr PrismaVersion kSchemaFolders = {5, 15};  // prisma/schema/ may be a schema
inline constexpr PrismaVersion kConfigFile = {6, 4};      // prisma.config.*
inline constexpr PrismaVersion kMigrationsInside = {6,
                                                    6};  // migrations beside the datasource's file
inline constexpr PrismaVersion kPrisma7 = {7, 0};
inline constexpr PrismaVersion kNewestPrisma = {7, 10};
// The newest that reads a `url` in the schema.
inline constexpr PrismaVersion kNewestWithUrl = {6, 19};

// "6.19.0", "^7.1", "~5.22.0-dev.3", ">=6.0.0 <7": the first version that is named. Nothing for
// "latest", "*" and addresses.
std::optional<PrismaVersion> ParsePrismaVersion(std::string_view text);

// From `folder` upward to `top`: the version that is installed in node_modules, else that of the
// lock file (npm, pnpm, yarn, bun), else the one that package.json asks for. Nothing when none of
// them tells.
std::optional<PrismaVersion> FindPrismaVersion(const std::filesystem::path& folder,
                                               const std::filesystem::path& top);

}  // namespace ballast::workspace
