// SPDX-License-Identifier: Apache-2.0
// The statement that reads a database's snapshot (catalog/snapshot.h), and its variants that
// compute hashes in the server.
//
// All are read-only, need no special privileges, create nothing, and run on every supported version
// of PostgreSQL (base/server_versions.h).
// The session's current_schema() is the target schema, whose names are printed unqualified, so
// search_path must be exactly that schema. Other settings do not matter: those that affect output
// (time zone, date style …) are set for the rest of the transaction, like SET LOCAL. Only jit
// should be off, because it is slow for a statement of this size.
#pragma once

#include <string>
#include <vector>

#include "catalog/snapshot.h"

namespace ballast::introspect {

// Rows (line text, sensitive boolean, expression boolean), unordered, without duplicates. `line` is
// as from catalog::RenderProperty. `expression`: the server prints the value from a parse tree, and
// may print it differently after parsing it again (see sql::RereadText). `sensitive`: another
// server version may print it differently (sql::CanonicalText makes the texts equal). Without a
// semicolon.
std::string SnapshotQuery(int server_major, const catalog::Scope& scope);

// One row (catalog text, layout text, others boolean): SHA-256 hex of all objects in scope, without
// and with the order of columns. The hashes distinguish exactly what SnapshotQuery's properties
// distinguish, but are different values: here an object is one row, which the server computes in
// half the time. `others` is false. Without a semicolon, so that it can be a subquery.
std::string FingerprintQuery(int server_major, const catalog::Scope& scope);

// The same for a database whose optional kinds (OptionalKindsQuery) are only these. The other kinds
// are not read, which saves a quarter of the time. If the database has an object of another kind,
// in scope or not, `others` is true and the hashes are meaningless.
std::string FingerprintQuery(int server_major, const catalog::Scope& scope,
                             const std::vector<std::string>& optional_kinds);

// Wraps a query so that user objects cannot affect it: names and operators are resolved only in
// pg_catalog, while the output depends on the session's search_path. Its result is the last one
// that is not of a single `set_config` column. Send it inside a transaction or as one message of
// its own.
std::string IsolatedMessage(const std::string& query);

// Rows (kind text): the optional kinds of which the database has objects, in scope or not.
std::string OptionalKindsQuery(int server_major, const catalog::Scope& scope);

}  // namespace ballast::introspect
