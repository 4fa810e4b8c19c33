// SPDX-License-Identifier: Apache-2.0
// Safe alternatives to a statement for a running application and large tables, as SQL for the same
// objects.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lint/measurement.h"

namespace ballast::lint {

// The same index, built concurrently; for partitioned tables, partition by partition. `constraint`:
// the constraint that uses the index, or null; `built`: the name of the index until the constraint
// takes it over.
std::string SafeIndexBuild(const Relation& table, const BuiltIndex& index,
                           const AddedConstraint* constraint, const std::string& built);
std::string SafeIndexDrop(const Relation& index);
// The same REINDEX, concurrently.
std::string SafeReindex(std::string_view statement);
// Clauses of ALTER TABLE. The column, as a statement adds it together with an index or a
// constraint: the server reads no rows. `built`: the name of the constraint's index.
std::string AddColumnClause(const Column& column);
std::string ConstraintUsingIndex(const AddedConstraint& constraint, const std::string& built);
// CREATE INDEX CONCURRENTLY, in a migration of its own.
std::string BuildConcurrently(const Relation& table, const BuiltIndex& index,
                              const std::string& built);
// The index of a partitioned table, or the constraint that has it, without those of its partitions.
std::string PartitionedIndexAlone(const Relation& table, const BuiltIndex& index,
                                  const AddedConstraint* constraint);
// NOT VALID first, then VALIDATE CONSTRAINT.
std::string SafeConstraint(const Relation& table, const AddedConstraint& constraint);
// The same for ALTER DOMAIN … ADD CONSTRAINT and SET NOT NULL, without a semicolon; other changes
// of a domain have no safer form.
std::string SafeDomainCheck(std::string_view statement);
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
// For an enum without some of its values: the column must not contain them.
std::string SafeRemovalOfValues(const Relation& table, const Column& column,
                                const std::vector<std::string>& values);
std::string SafeColumnRename(const Column& from, const Column& to);
std::string SafeTableRename(const Relation& from, const Relation& to);
// For ALTER TABLE … SET SCHEMA.
std::string SafeTableMove(const Relation& from);
// In batches; `deletes`: a DELETE, else an UPDATE. `has_children`: tables inherit from it, whose
// rows have the same ctid.
std::string SafeBulkWrite(const Relation& table, bool deletes, bool has_children);
std::string SafeRefresh(const Relation& view, bool has_unique_index);
// `has_default`: the table has a default partition.
std::string SafeDetach(const Relation& table, const Relation& partition, bool has_default);
// ATTACH PARTITION in place of PARTITION OF.
std::string SafeNewPartition(const Relation& table, const Relation& partition);
// With a check first, so that ATTACH PARTITION does not read the rows.
std::string SafeAttach(const Relation& partition);
// The same for the default partition, which a new partition takes rows from.
std::string SafeDefaultPartition(const Relation& partition);

}  // namespace ballast::lint
