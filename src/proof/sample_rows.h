// SPDX-License-Identifier: Apache-2.0
// Inserts rows into the tables of a scratch database, so that a script is proven on tables with
// rows, and computes digests that show whether a script has changed rows.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/database.h"
#include "postgres/session.h"

namespace ballast::proof {

// Names are quoted and qualified.
struct SampleRows {
  std::vector<std::string> filled;  // tables with a new row
  std::vector<std::string> empty;   // tables that accepted none of the tried rows
  // For a table with a new row: those whose new row refers to it.
  std::map<std::string, std::vector<std::string>> referring = {};
};

// Inserts a row into each empty ordinary table, if one that satisfies its constraints can be found.
// Triggers do not run if the role may disable them. Errors as Session::Query.
Result<SampleRows> AddSampleRows(postgres::Session& session);

// The name in `rows.filled` of a table that has such a row; empty for others, and for an empty
// name. `table` is quoted, and qualified if it is not in the search_path. Errors as Session::Query.
Result<std::string> SampledName(const std::string& table, const SampleRows& rows,
                                postgres::Session& session);

// These tables, and those whose rows refer to theirs, directly or not.
std::vector<std::string> WithReferring(std::vector<std::string> tables, const SampleRows& rows);

// Deletes the rows of AddSampleRows from those of these tables that still exist.
std::string RemoveSampleRowsSql(const std::vector<std::string>& tables);

// The same in a transaction of its own. The tables are `empty` then.
Status RemoveSampleRows(const std::vector<std::string>& tables, SampleRows& rows,
                        postgres::Session& session);

struct TableDigest {
  std::string table;   // quoted
  std::string count;   // of rows, as text
  std::string digest;  // independent of the order of rows

  bool operator==(const TableDigest&) const = default;
};

// Digests of the tables that both databases have by name, each without its partitions and children,
// which one of the databases may lack; with its partitions if only one of them has it partitioned.
// They cover the values of columns with the same type in both, and for other common columns whether
// they are NULL; generated columns are left out. `session` is connected to a database in one of the
// two states, with the target schema as search_path. Errors as Session::Query.
Result<std::vector<TableDigest>> DigestsOfCommonRows(const catalog::Database& one,
                                                     const catalog::Database& other,
                                                     postgres::Session& session);

// The tables of `after` that have other rows in `before`; tables that only one of them has are
// omitted.
std::vector<std::string> ChangedTables(const std::vector<TableDigest>& before,
                                       const std::vector<TableDigest>& after);

}  // namespace ballast::proof
