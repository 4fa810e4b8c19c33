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

// Statements that reset settings with one line per column to their defaults.
std::string ResetSettings(const std::string& statements, const catalog::TableObject* table);

// The new statements that are not among the old ones, without reverting the others: for properties
// that operators can also set. Empty optional: not of that kind.
std::optional<std::string> AddedSettings(const catalog::Definition& from,
                                         const catalog::Definition& to);

// The lines of a definition, without empty ones.
std::vector<std::string> LinesOf(const std::string& text);

// The lines of `text` that `other` does not have.
std::string LinesNotIn(const std::string& text, const std::string& other);

// Name, type and collation of a domain, which ALTER DOMAIN cannot change, in the statement that the
// model writes for it.
std::string DomainHead(const std::string& create_domain);

// The labels of an enum, read from the statement that the model writes for it.
std::vector<std::string> LabelsOf(const std::string& create_enum);

// ALTER TYPE … ADD VALUE for each new label; empty optional if labels were removed or moved.
struct AddedLabel {
  std::string label;
  std::string statement;
};
std::optional<std::vector<AddedLabel>> AddedLabels(const DatabaseDefinitions& from, size_t before,
                                                   const DatabaseDefinitions& to, size_t after);

}  // namespace ballast::difference
