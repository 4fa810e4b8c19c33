// SPDX-License-Identifier: Apache-2.0
// Safe alternatives to a statement for a running application and large tables, as SQL for the same
// objects.
#pragma once

#include <string>
#include <string_view>

#include "lint/measurement.h"

namespace ballast::lint {

// The same index, built concurrently; for partitioned tables, partition by partition. `constraint`:
// the constraint that uses the index, or null. `name_is_taken`: an index of that name exists before
// the statement.
std::string SafeIndexBuild(const Relation& table, const BuiltIndex& index,
                           const AddedConstraint* constraint, bool name_is_taken);
// NOT VALID first, then VALIDATE CONSTRAINT.
std::string SafeConstraint(const Relation& table, const AddedConstraint& constraint);
std::string SafeNotNull(const Relation& table, const std::string& column);
// A new column of the target type, filled in small batches. `statement` may have a USING expression
// for the column.
std::string SafeTypeChange(const Relation& table, const Column& from, const Column& to,
                           std::string_view statement);
// Between timestamp and timestamptz: one column, and all of them with their setting.
std::string SafeTimeZoneChange(const Relation& table, const Column& to);
std::string SafeInUtc(const std::string& changes);
std::string SafeNewColumn(const Relation& table, const Column& column);
// Change the application first, then run the statement.
std::string SafeDrop(const std::string& what, const std::string& sql, const std::string& rule);
std::string SafeColumnRename(const Column& from, const Column& to);
std::string SafeTableRename(const Relation& from, const Relation& to);
std::string SafeBulkWrite(const Relation& table);
std::string SafeRefresh(const Relation& view, bool has_unique_index);
std::string SafeDetach(const Relation& table, const Relation& partition);
// ATTACH PARTITION in place of PARTITION OF.
std::string SafeNewPartition(const Relation& table, const Relation& partition);
// With a check first, so that ATTACH PARTITION does not read the rows.
std::string SafeAttach(const Relation& partition);

}  // namespace ballast::lint
