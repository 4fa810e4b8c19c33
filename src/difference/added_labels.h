// SPDX-License-Identifier: Apache-2.0
// Labels that a script adds to enums. The server accepts a new label only after it was committed
// (55P04).
#pragma once

#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "difference/difference.h"

namespace ballast::difference {

// Whether a string of the SQL contains the label: 'sad', '{sad,ok}', '(1,sad)'.
bool ContainsLabel(const std::string& text, const std::string& label);

// Whether the SQL, as the server prints it, has the label as a constant of the enum or of an array
// of it: 'sad'::mood, '{sad,ok}'::s.mood[].
bool HasLiteral(const std::string& text, const std::string& label, const catalog::Name& type);

// Moves statements that add a label to the beginning, to be committed first, if another statement
// or `further`, SQL that runs after them, contains the label.
void CommitLabelsInUse(const std::string& further, std::vector<Statement>& statements);

}  // namespace ballast::difference
