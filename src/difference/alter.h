// SPDX-License-Identifier: Apache-2.0
// One definition that has become another: the statements that change it in place, where PostgreSQL
// has some. Tables' own definitions are left to table_changes. Inside of difference only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "difference/side.h"

namespace ballast::difference {

// Statements, each ended by ";\n". Nothing: the object has to be dropped and made again.
std::optional<std::string> AlterOf(const Side& from, size_t before, const Side& to, size_t after);

// What takes back statements with a line for each setting of a column: their usual values.
std::string ResetSettings(const std::string& statements, const catalog::TableObject* table);

// What of the new statements is not among the old ones, and nothing that takes back the others: for
// properties that operators may set, too. Nothing: not of that kind.
std::optional<std::string> AddedSettings(const catalog::Definition& from,
                                         const catalog::Definition& to);

// The lines of `text` that `other` does not have.
std::string LinesNotIn(const std::string& text, const std::string& other);

// The labels of an enum, read from the statement that the model writes for it.
std::vector<std::string> LabelsOf(const std::string& create_enum);

// ALTER TYPE … ADD VALUE for each label that is new; nothing where labels went or moved.
struct AddedLabel {
  std::string label;
  std::string statement;
};
std::optional<std::vector<AddedLabel>> AddedLabels(const Side& from, size_t before, const Side& to,
                                                   size_t after);

}  // namespace ballast::difference
