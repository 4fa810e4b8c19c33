// SPDX-License-Identifier: Apache-2.0
// Values that a conversion changes. Only for this folder.
#pragma once

#include <string>

#include "difference/type_families.h"

namespace ballast::difference {

// A condition on values that are others when they are converted back: rounded, cut, or written in
// another way. Empty: there are none. `column` is quoted, or an expression of the type.
std::string ChangedValues(const std::string& column, const ConvertedType& from,
                          const ConvertedType& to);

}  // namespace ballast::difference
