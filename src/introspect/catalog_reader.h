// SPDX-License-Identifier: Apache-2.0
// Reads a live database into the model (catalog/database.h): one message with a query per object
// kind, in one snapshot. catalog/baseline.h renders the model.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/database.h"
#include "catalog/snapshot.h"
#include "introspect/volatile_rows.h"
#include "postgres/session.h"
#include "release/manifest.h"

namespace ballast::introspect {

// What the catalog means.
struct CatalogOptions {
  std::string target_schema = "public";
  std::vector<std::string> roles;  // created by the migrations; the script creates them
  // Whether the schemas of catalog/own_schemas.h are those of a deployed database; otherwise they
  // are unsupported.
  bool has_journal = false;
};

// How rows are read (rows_reader.h).
struct RowsOptions {
  size_t rows_limit = size_t{10} * 1000 * 1000;  // size of rows as text, in bytes
  // Raw "schema.table" or, in the target schema, "table": their rows are omitted.
  std::set<std::string> without_rows;
  VolatileRows volatile_rows;
};

struct BaselineOptions : CatalogOptions, RowsOptions {
  bool with_rows = true;
  // Properties as IsConditionOn accepts them (catalog/property_name.h): the script fulfills them.
  catalog::Snapshot conditions = {};
};

struct BaselineDraft {
  std::string script;
  std::vector<release::TableRows> rows;  // tables with rows, by name
  // By kind and name; empty: everything is supported.
  std::vector<catalog::UnsupportedObject> unsupported;
  std::vector<std::string> roles;    // roles that the script creates
  std::vector<std::string> schemas;  // further schemas that the script creates
  std::vector<std::string> notices;  // sentences for the reader: omitted passwords …
  // A sentence for each column whose values differ in every replay and are fixed in the script.
  std::vector<std::string> frozen_values;
};

// The baseline of the session's database. The session must be idle, because the function uses its
// own transaction (REPEATABLE READ, READ ONLY). Omitted on purpose: members of extensions,
// `_prisma_migrations`, the schema `ballast`. B305 if the rows exceed the limit.
Result<BaselineDraft> ReadBaseline(postgres::Session& session, const BaselineOptions& options = {});

// Only the catalog, within the caller's transaction.
Result<catalog::Database> ReadCatalog(postgres::Session& session,
                                      const CatalogOptions& options = {});

}  // namespace ballast::introspect
