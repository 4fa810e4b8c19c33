// SPDX-License-Identifier: Apache-2.0
// What a script does with whole objects, where only its statements are known.
#pragma once

#include <string>
#include <vector>

#include "difference/difference.h"

namespace ballast::difference {

// The text of the renames and conversions that a script begins with, up to the first statement
// that has another purpose. Packages of earlier versions do not record which ones are renames; then
// the grammar decides.
std::string LeadingRenames(const std::vector<Statement>& script);

// Whether the statement creates an object, not a part or a property of one, and does not replace
// one.
bool CreatesObject(const Statement& statement);

}  // namespace ballast::difference
