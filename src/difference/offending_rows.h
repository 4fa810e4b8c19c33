// SPDX-License-Identifier: Apache-2.0
// Queries of the rows that make a statement fail, beyond duplicates (sql/duplicate_rows.h). Names
// are quoted. Empty: there is no such query, or none is known. Only for this folder.
#pragma once

#include <string>
#include <vector>

#include "difference/database_definitions.h"

namespace ballast::difference {

// Rows that a key WITHOUT OVERLAPS refuses: with equal values and a period that overlaps that of
// another row, or an empty one. `columns` are names; the last one is the period.
std::string OverlappingRows(const std::string& table, const std::vector<std::string>& columns,
                            bool refuses_nulls);

// Rows that conflict with another one. `definition`: "EXCLUDE USING gist (room WITH =, …) …".
std::string ExcludedRows(const std::string& table, const std::string& definition);

// The condition on a row that belongs to a partition with this bound. Empty for hash partitions,
// default partitions and bounds with MINVALUE or MAXVALUE among several columns.
std::string BoundCondition(const catalog::TableObject& parent, const std::string& bound);

// For an ALTER DOMAIN … ADD CONSTRAINT: the values that break it, of columns that have the domain
// as their type.
std::string RowsThatBreakDomain(const DatabaseDefinitions& from,
                                const catalog::Definition& add_constraint);

// The condition of a domain's constraint (" CONSTRAINT c CHECK (VALUE > 0)") on `value`, an
// expression.
std::string DomainConditionOn(const std::string& value, const std::string& constraint);

}  // namespace ballast::difference
