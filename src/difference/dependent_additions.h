// SPDX-License-Identifier: Apache-2.0
// Additions that depend on what a script drops, replaces or converts.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/error.h"
#include "catalog/database.h"
#include "difference/difference.h"

namespace ballast::difference {

// B511, which names them: "view \"v\", which depends on table \"T\"". And whether it is that error.
Error AdditionsInTheWay(std::vector<std::string> dependents);
bool AreAdditionsInTheWay(const Error& error);
// The description of a partition that would be lost.
std::string PartitionInTheWay(const std::string& partition, const std::string& table);

// For a script that was proven without the additions: those that make it fail, as
// above. `live` is the database with the names that the statements use.
std::vector<std::string> DependentsThatScriptLacks(
    const catalog::Database& live, const std::vector<Statement>& script,
    const std::function<bool(const catalog::ObjectRef& object)>& is_addition);

}  // namespace ballast::difference
