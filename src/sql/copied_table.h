// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string_view>

#include "sql/object_name.h"

namespace ballast::sql {

// The table of which an INSERT … SELECT writes every row once: it reads this table alone, and has
// nothing that can choose, group or multiply rows. By PostgreSQL's grammar; nullopt if that is not
// certain.
std::optional<ObjectName> CopiedTable(std::string_view statement);

}  // namespace ballast::sql
