// SPDX-License-Identifier: Apache-2.0
// Reads what rows a history leaves, as statements and as digests.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/database.h"
#include "introspect/catalog_reader.h"
#include "postgres/session.h"
#include "release/manifest.h"

namespace ballast::introspect {

// A volatile column with values that the baseline keeps as this replay made them, the same in every
// database that is deployed from it.
struct FrozenColumn {
  std::string table;  // as digests name it
  std::string column;
  bool looks_secret = false;  // a token, a key, an id of the installation

  bool operator==(const FrozenColumn&) const = default;
};

struct RowsDraft {
  std::map<catalog::ObjectId, std::string> statements;  // by table
  std::vector<release::TableRows> digests;
  std::vector<FrozenColumn> frozen;
};

// A sentence for each of them.
std::vector<std::string> DescribeFrozen(const std::vector<FrozenColumn>& frozen);

// Within the caller's transaction, whose settings make texts that are read back exactly. B305 names
// the tables when their rows are larger than the limit.
Result<RowsDraft> ReadRows(postgres::Session& session, const catalog::Database& database,
                           const BaselineOptions& options);

// Count and digest of each table that has rows, sorted by name; two queries. The digest is SHA-256
// over the sorted SHA-256 of the rows, columns in the order of their names, so neither the order of
// rows nor that of columns matters; the server computes it. Names are as in facts: quoted where
// PostgreSQL must quote them, qualified outside of the target schema (the session's
// current_schema()). Left out: extensions' tables, `_prisma_migrations`, the schema `ballast`,
// partitioned parents (their partitions are listed). Generated columns are counted in, volatile
// ones are left out and named.
Result<std::vector<release::TableRows>> ReadRowDigests(postgres::Session& session,
                                                       const VolatileRows& volatile_rows = {});

// The same of materialized views that are populated: what was stored when they were last refreshed.
Result<std::vector<release::TableRows>> ReadStoredViews(postgres::Session& session);

}  // namespace ballast::introspect
