// SPDX-License-Identifier: Apache-2.0
// Reads the rows of a migrated database, as statements and as digests.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/database.h"
#include "introspect/catalog_reader.h"
#include "postgres/session.h"
#include "release/manifest.h"

namespace ballast::introspect {

// A volatile column whose values the baseline fixes, so that they are equal in every database
// deployed from it.
struct FrozenColumn {
  std::string table;  // as in TableRows
  std::string column;
  bool looks_secret = false;  // probably a token, a key or an installation id

  bool operator==(const FrozenColumn&) const = default;
};

// A table whose rows ReadRowsWithinLimit omits.
struct OmittedRows {
  std::string table;  // as in TableRows
  size_t count = 0;
  size_t bytes = 0;
};

struct RowsDraft {
  std::map<catalog::ObjectId, std::string> statements;  // by table
  std::vector<release::TableRows> digests;
  std::vector<FrozenColumn> frozen;
  std::vector<OmittedRows> omitted;  // by ReadRowsWithinLimit, the largest first
};

// A sentence for each column.
std::vector<std::string> DescribeFrozen(const std::vector<FrozenColumn>& frozen);

// Runs within the caller's transaction, which must use TextSettings. B305 names the tables if their
// rows exceed the limit.
Result<RowsDraft> ReadRows(postgres::Session& session, const catalog::Database& database,
                           const RowsOptions& options);

// As ReadRows without options; where the rows exceed the limit, the largest tables are omitted.
Result<RowsDraft> ReadRowsWithinLimit(postgres::Session& session,
                                      const catalog::Database& database);

// Count and digest of each table that has rows, sorted by name; two queries. The digest is the
// SHA-256 of the sorted SHA-256 of the rows, with columns sorted by name, so it does not depend on
// the order of rows or columns; the server computes it. Names are as in snapshots: quoted only if
// necessary, qualified unless in the target schema (the session's current_schema()). Omitted:
// tables of extensions, `_prisma_migrations`, the schema `ballast`, partitioned tables (their
// partitions are listed). Generated columns are included; volatile ones are excluded and named.
Result<std::vector<release::TableRows>> ReadRowDigests(postgres::Session& session,
                                                       const VolatileRows& volatile_rows = {});

// The same for populated materialized views: the rows stored by the last refresh.
Result<std::vector<release::TableRows>> ReadStoredViews(postgres::Session& session);

}  // namespace ballast::introspect
