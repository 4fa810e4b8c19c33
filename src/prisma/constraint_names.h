// SPDX-License-Identifier: Apache-2.0
// The default names of keys and indexes in the database (prisma-engines
// psl/psl-core/src/datamodel_connector/constraint_names.rs).
#pragma once

#include <string>
#include <string_view>

#include "prisma/datamodel.h"

namespace ballast::prisma {

// PostgreSQL truncates longer names (manual, "Identifiers and Key Words").
inline constexpr size_t kMaxNameBytes = 63;

// Requires a primary key.
std::string PrimaryKeyName(const Model& model);
std::string IndexName(const Model& model, const Index& index);
// For a relation with a forward side or, in an invalid schema, without.
std::string ForeignKeyName(const Datamodel& datamodel, const Relation& relation);

}  // namespace ballast::prisma
