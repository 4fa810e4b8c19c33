// SPDX-License-Identifier: Apache-2.0
// A migration that `ballast squash` made from others. Besides migration.sql, its folder has
// squash.json (this record), history.tar.zst (the replaced scripts), catalog.facts (the proven
// snapshot) and states.facts. Prisma reads only migration.sql (docs/squash.md).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "release/development_baseline.h"
#include "release/manifest.h"
#include "release/migration.h"

namespace ballast::release {

inline constexpr int kSquashFormat = 1;
inline constexpr char kSquashRecord[] = "squash.json";
inline constexpr char kSquashHistory[] = "history.tar.zst";
inline constexpr char kSquashSnapshot[] = "catalog.facts";
inline constexpr char kSquashStates[] = "states.facts";

// An earlier squash that this one replaces.
struct EarlierSquash {
  std::string name;
  std::string checksum;             // of its migration.sql
  std::vector<std::string> covers;  // names of the migrations that it replaced

  bool operator==(const EarlierSquash&) const = default;
};

struct Squash {
  std::string name;            // of the folder
  std::string history_sha256;  // of history.tar.zst, in hex
  std::vector<EarlierSquash> earlier;
  // The coverage lists the replaced migrations, in history order; the checksum is that of
  // migration.sql.
  DevelopmentBaseline baseline;
  // The catalog after each later migration that existed when the squash was made; its coverage
  // lists the later migrations up to that point.
  std::vector<DevelopmentBaseline> states;

  bool operator==(const Squash&) const = default;
};

std::string RenderSquash(const Squash& squash);
// B513 with the missing or wrong key, B406 for a newer format.
Result<Squash> ParseSquash(std::string_view json, const std::string& file);

// The names of migrations in the folder that the squash or an earlier one replaces. A merge can
// bring them back; a database would then run them a second time.
std::vector<std::string> ReturnedMigrations(const Squash& squash,
                                            const std::vector<Migration>& migrations);
// B513 if there are any. `folder`: the migrations folder, as messages name it.
Status CheckReturnedMigrations(const Squash& squash, const std::vector<Migration>& migrations,
                               const std::string& folder);

// The name of a squash that ends with migration `last`: the timestamp of `last` and "_squashed" if
// that sorts before `next` (empty: there is no next one), else `last` and "_squashed"; followed by
// a number if an earlier squash (`taken`) has that name. Empty if no such name sorts before `next`.
std::string SquashName(const std::string& last, const std::string& next,
                       const std::vector<std::string>& taken);

}  // namespace ballast::release
