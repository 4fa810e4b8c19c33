// SPDX-License-Identifier: Apache-2.0
// Which scripts can compute something from the order, the case or the class of characters, which
// the collation of the database determines.
#pragma once

#include <string_view>

namespace ballast::sql {

// False only if no statement of the script reads rows, calls a function with arguments, compares by
// order or pattern, or runs code, where that could change rows or objects. Definitions of views,
// functions, checks and indexes compute nothing; what they compute for rows of other statements is
// not judged here.
bool MayComputeFromTexts(std::string_view script);

// False only if all texts in the script are ASCII, whose case and classes are the same in every
// locale. Comments are not texts; a call that makes characters from numbers or bytes is.
bool MayHaveOtherThanAscii(std::string_view script);

}  // namespace ballast::sql
