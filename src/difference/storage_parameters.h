// SPDX-License-Identifier: Apache-2.0
// Storage parameters of indexes, which can be changed without building the index again (PostgreSQL
// manual, ALTER INDEX).
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "difference/database_definitions.h"

namespace ballast::difference {

using StorageParameters = std::map<std::string, std::string>;  // "fillfactor" → "fillfactor='70'"

// None if the index is null.
StorageParameters StorageParametersOf(const catalog::IndexObject* index);

// ALTER INDEX … SET and RESET, which make the index `before` of `from` the one of `to`, if only
// storage parameters differ; empty text if nothing has to be changed. Parameters that `keeps` names
// are not reset. Empty optional: something else differs, or the table is partitioned, whose indexes
// the server does not let have other parameters.
std::optional<std::string> AlterIndexParameters(
    const DatabaseDefinitions& from, size_t before, const DatabaseDefinitions& to, size_t after,
    const std::function<bool(const std::string&)>& keeps);

}  // namespace ballast::difference
