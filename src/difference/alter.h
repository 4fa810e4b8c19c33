// SPDX-License-Identifier: Apache-2.0
// Statements that change one definition into another in place, where PostgreSQL supports that.
// Definitions of tables: table_changes.h. Only for this folder.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "difference/database_definitions.h"

namespace ballast::difference {

// Statements, each ended by ";
// ". Empty optional: the object must be dropped and created again.
std::optional<std::string> AlterOf(const DatabaseDefinitions& from, size_t before,
                                   const DatabaseDefinitions& to, size_t after);

// The new statements that are not among the old ones, without reverting the others: for properties
// that operators can also set. Empty optional: not of that kind.
std::optional<std::string> AddedSettings(const catalog::Definition& from,
                                         const catalog::Definition& to);

// Whether two domains of the same name differ only in what ALTER DOMAIN can change.
bool CanAlterDomain(const catalog::Definition& from, const catalog::Definition& to);

// ALTER TYPE … ADD VALUE for each new label; empty optional if labels were removed or moved.
struct AddedLabel {
  std::string label;
  std::string statement;
};
std::optional<std::vector<AddedLabel>> AddedLabels(const DatabaseDefinitions& from, size_t before,
                                                   const DatabaseDefinitions& to, size_t after);

}  // namespace ballast::difference
