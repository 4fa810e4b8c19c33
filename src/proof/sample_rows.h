// SPDX-License-Identifier: Apache-2.0
// Rows for the tables of a scratch database, so that a script is proven on tables that are not
// empty, and digests that tell whether a script has changed rows.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/database.h"
#include "postgres/session.h"

namespace ballast::proof {

struct SampleRows {
  std::vector<std::string> filled;  // tables that got a row, quoted and qualified
  std::vector<std::string> empty;   // that have none still: no row that was tried fits
};

// Gives each empty ordinary table a row, as far as its constraints let one be found. Triggers do
// not run where the role may turn them off. The errors of Session::Query.
Result<SampleRows> AddSampleRows(postgres::Session& session);

// Removes what AddSampleRows added, of the tables that still exist.
Status RemoveSampleRows(const SampleRows& rows, postgres::Session& session);

struct TableDigest {
  std::string table;  // quoted
  std::string count;
  std::string digest;  // order of rows left out

  bool operator==(const TableDigest&) const = default;
};

// Of the tables that both databases have: the values of the columns that both have with the same
// type, and for other columns that both have, whether they are NULL. `session` is in the state of
// one of the two, and its search_path has the target schema.
Result<std::vector<TableDigest>> DigestsOfCommonRows(const catalog::Database& one,
                                                     const catalog::Database& other,
                                                     postgres::Session& session);

}  // namespace ballast::proof
