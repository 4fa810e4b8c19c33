// SPDX-License-Identifier: Apache-2.0
// Parts of statements, as text for the safe forms of findings.
#pragma once

#include <string>
#include <string_view>

namespace ballast::lint {

// The expression of: ALTER TABLE … ALTER COLUMN column TYPE … USING expression. Empty without one.
std::string UsingExpression(std::string_view statement, std::string_view column);

}  // namespace ballast::lint
