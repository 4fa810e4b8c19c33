// SPDX-License-Identifier: Apache-2.0
// Names for what safe forms add.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "lint/measurement.h"

namespace ballast::lint {

// "first_second_label", or "first_label" without a second part, as PostgreSQL makes names
// (indexcmds.c, ChooseRelationName): the longer parts are shortened until it fits, and it gets a
// number if `taken` contains it.
std::string MadeUpName(std::string_view first, std::string_view second, const std::string& label,
                       const std::set<std::string>& taken);

// The name of a constraint of the table.
std::string ConstraintName(const Relation& table, std::string_view column,
                           const std::string& label);

// The check with which SET NOT NULL reads no rows: another name for each column of the table.
std::string NullCheckName(const Relation& table, const std::string& column);

// A column that takes the place of another one of the table.
std::string NewColumnName(const Relation& table, const std::string& column);

// The name of an index that is built for a constraint: that of the constraint, unless a relation of
// the schema has it.
std::string BuiltIndexName(const CatalogState& state, const std::string& schema,
                           const std::string& constraint);

}  // namespace ballast::lint
