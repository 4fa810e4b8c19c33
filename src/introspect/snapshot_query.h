// SPDX-License-Identifier: Apache-2.0
// The one statement that reads a database as facts (catalog/snapshot.h), and its siblings that hash
// what there is in the server.
//
// All are read-only, need no rights beyond those of any role, make nothing, and run on PostgreSQL
// 13 to 18. They look at the session: its current_schema() is the target schema, whose names are
// printed bare, so search_path must be exactly that schema. Other settings do not matter: those
// that the server prints by (time zone, styles of dates …) are set for the rest of the transaction,
// as SET LOCAL would. Only jit should be off, which takes long for a statement of this size.
#pragma once

#include <string>
#include <vector>

#include "catalog/snapshot.h"

namespace ballast::introspect {

inline constexpr int kOldestMajor = 13;
inline constexpr int kNewestMajor = 18;

// Rows (line text, sensitive boolean, expression boolean), in no order, without duplicates. `line`
// is what catalog::RenderProperty gives. A property is an expression when the server prints it from
// a parsed tree: it may be printed differently once it was read again; sql::RereadText makes those
// equal. It is sensitive when another server version may print it in other words;
// sql::CanonicalText makes those equal. Without a semicolon.
std::string SnapshotQuery(int server_major, const catalog::Scope& scope);

// One row (catalog text, layout text, others boolean): SHA-256 hex of all objects in scope, without
// and with the order of columns. Both tell apart what SnapshotQuery's facts tell apart and nothing
// else, but are not the hashes of these: an object is one row here, which the server makes and
// hashes in half the time. `others` is false. Without a semicolon, so that it can stand in
// parentheses in a larger statement.
std::string FingerprintQuery(int server_major, const catalog::Scope& scope);

// The same for a database that has objects of these optional kinds only (OptionalKindsQuery). The
// other kinds are not read, which saves a quarter of the time. If the database has an object of
// another kind, in scope or elsewhere, `others` is true and the hashes mean nothing.
std::string FingerprintQuery(int server_major, const catalog::Scope& scope,
                             const std::vector<std::string>& optional_kinds);

// A query as a message that no object of the user's can take part in: its names and operators are
// looked up in pg_catalog alone, and it is carried out, and prints, with the search_path that the
// session has. It gives one result with columns that is not of a single `set_config`: the last one.
// Belongs into a transaction, or is one by itself.
std::string IsolatedMessage(const std::string& query);

// Rows (kind text): the optional kinds that the database has objects of, in scope or elsewhere.
std::string OptionalKindsQuery(int server_major, const catalog::Scope& scope);

}  // namespace ballast::introspect
