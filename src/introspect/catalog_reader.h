// SPDX-License-Identifier: Apache-2.0
// Reads a live database into values: one message of queries, one for each kind of object, in one
// snapshot. The other half of the baseline is catalog/baseline.h.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/database.h"
#include "introspect/volatile_rows.h"
#include "postgres/session.h"
#include "release/manifest.h"

namespace ballast::introspect {

struct BaselineOptions {
  std::string target_schema = "public";
  std::vector<std::string> roles;                // made by the history: carried with the script
  size_t rows_limit = size_t{10} * 1000 * 1000;  // bytes of rows, as text
  bool with_rows = true;
  // Raw "schema.table" or, in the target schema, "table": their rows are left out.
  std::set<std::string> without_rows;
  VolatileRows volatile_rows;
};

struct BaselineDraft {
  std::string script;
  std::vector<release::TableRows> rows;               // tables with rows, by name
  std::vector<catalog::UnsupportedObject> uncarried;  // by kind and name; empty: all is carried
  std::vector<std::string> roles;                     // carried ones
  std::vector<std::string> schemas;                   // further schemas that the script makes
  std::vector<std::string> notices;  // what a reader should know: passwords left out …
  // A sentence for each column whose values differ in every replay and are fixed in the script.
  std::vector<std::string> frozen_values;
};

// The baseline of what the session's database holds now. The session must be idle: the reading has
// its own transaction (REPEATABLE READ, READ ONLY). Left out on purpose: members of extensions,
// `_prisma_migrations`, the schema `ballast`. B305 where the rows are more than the limit.
Result<BaselineDraft> ReadBaseline(postgres::Session& session, const BaselineOptions& options = {});

// The catalog alone; within the caller's transaction.
Result<catalog::Database> ReadCatalog(postgres::Session& session, const BaselineOptions& options);

}  // namespace ballast::introspect
