// SPDX-License-Identifier: Apache-2.0
// The storage parameters in a definition that pg_get_indexdef or pg_get_constraintdef prints:
// "USING btree (a) WITH (fillfactor='70') WHERE (b > 0)".
#pragma once

#include <optional>
#include <string>

namespace ballast::catalog {

struct StorageParameterClause {
  std::string list;  // within WITH ( ): "fillfactor='70', fastupdate=off"
  std::string rest;  // the definition without the clause
};

// Empty if the definition has none. WITH inside strings and expressions is not one.
std::optional<StorageParameterClause> StorageParametersIn(const std::string& definition);

}  // namespace ballast::catalog
