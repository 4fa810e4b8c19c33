// SPDX-License-Identifier: Apache-2.0
// Reads the catalog of a scratch database by OID, for lint.
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
  std::string name;  // raw
  char type = 'c';   // pg_constraint.contype
  bool validated = false;
};

struct DatabaseState {
  lint::CatalogPointer catalog;
  std::map<lint::Oid, ConstraintState> constraints;  // of tables
};

// The statements whose results ParseDatabaseState reads: kStateResults of them.
std::string DatabaseStateQuery();
inline constexpr size_t kStateResults = 4;
// `first`: index of the first statement's result among `results`.
DatabaseState ParseDatabaseState(const std::vector<postgres::Rows>& results, size_t first);

// Errors as Session::Query.
Result<DatabaseState> ReadDatabaseState(postgres::Session& session);

// Rows and sizes of the tables of a live database, partitions summed up. Read-only. Errors as
// Session::Query.
Result<lint::LiveTables> ReadLiveTables(postgres::Session& session);

// Parses an OID; 0 for NULL.
lint::Oid OidOf(const postgres::Value& value);

}  // namespace ballast::proof
