// SPDX-License-Identifier: Apache-2.0
// The Prisma version of a project, which determines where Prisma looks for files.
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

inline constexpr PrismaVersion kSchemaFolders = {5, 15};  // prisma/schema/ can be a schema
inline constexpr PrismaVersion kConfigFile = {6, 4};      // prisma.config.*
inline constexpr PrismaVersion kMigrationsInside = {6,
                                                    6};  // migrations next to the datasource's file
// Prisma loads its configuration with the package c12.
inline constexpr PrismaVersion kConfigLoader = {6, 13};
inline constexpr PrismaVersion kViewsWithoutKeys = {6, 13};  // no @id and @@id in views
inline constexpr PrismaVersion kConfigEngine = {6, 18};      // prisma.config.* has `engine`
inline constexpr PrismaVersion kPrisma7 = {7, 0};
inline constexpr PrismaVersion kPrisma7Config = {7, 10};  // prisma7.config.*
inline constexpr PrismaVersion kNewestPrisma = {7, 10};
// The newest version that reads a `url` in the schema.
inline constexpr PrismaVersion kNewestWithUrl = {6, 19};

// The version installed in node_modules, else in the lock file (npm, pnpm, yarn, bun), else in
// package.json or the catalog that it names (pnpm, yarn, bun); from `folder` upward to `top`. No
// value if none of them specifies it.
std::optional<PrismaVersion> FindPrismaVersion(const std::filesystem::path& folder,
                                               const std::filesystem::path& top);

}  // namespace ballast::workspace
