// SPDX-License-Identifier: Apache-2.0
// The names that keys and indexes get in the database (prisma-engines
// psl/psl-core/src/datamodel_connector/constraint_names.rs).
#pragma once

#include <string>
#include <string_view>

#include "prisma/datamodel.h"

namespace ballast::prisma {

// PostgreSQL cuts longer names (manual 4.1.1).
inline constexpr size_t kMaxNameBytes = 63;

// The text cut to at most that many bytes, between two characters.
std::string_view CutToBytes(std::string_view text, size_t bytes);

// Only where the model has a primary key.
std::string PrimaryKeyName(const Model& model);
std::string IndexName(const Model& model, const Index& index);
// Of a relation with a forward side or, in a broken schema, without.
std::string ForeignKeyName(const Datamodel& datamodel, const Relation& relation);

}  // namespace ballast::prisma
