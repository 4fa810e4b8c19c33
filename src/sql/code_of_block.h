// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ballast::sql {

// The code of a DO statement, which can name its language before and after it; by PostgreSQL's
// grammar. nullopt if the statement is none.
std::optional<std::string> CodeOfBlock(std::string_view statement);

}  // namespace ballast::sql
