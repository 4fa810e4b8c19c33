// SPDX-License-Identifier: Apache-2.0
// Reads what a scratch database contains, by oid, as lint compares it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "lint/measurement.h"
#include "postgres/session.h"

namespace ballast::proof {

struct ConstraintState {
  lint::Oid table = 0;
  std::string name;
  char type = 'c';
  bool validated = false;
};

struct DatabaseState {
  lint::CatalogPointer catalog;
  std::map<lint::Oid, ConstraintState> constraints;
};

// The statements that ParseDatabaseState reads the results of: kStateResults of them.
std::string DatabaseStateQuery();
inline constexpr size_t kStateResults = 4;
// `first`: the result of the first statement among `results`.
DatabaseState ParseDatabaseState(const std::vector<postgres::Rows>& results, size_t first);
Result<DatabaseState> ReadDatabaseState(postgres::Session& session);

// Rows and sizes of the tables of a live database, partitions added up. Reads only; the errors of
// Session::Query.
Result<lint::LiveTables> ReadLiveTables(postgres::Session& session);

// "123" as an oid.
lint::Oid OidOf(const postgres::Value& value);

}  // namespace ballast::proof
