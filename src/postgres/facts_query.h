// The one statement that reads a database as facts (catalog/facts.h), and its sibling that only
// hashes them in the server.
//
// Both are read-only, need no rights beyond those of any role, make nothing, and run on PostgreSQL
// 13 to 18. They look at the session: its current_schema() is the target schema, whose names are
// printed bare, so search_path must be exactly that schema. Other settings do not matter: those that
// the server prints by (time zone, styles of dates …) are set for the rest of the transaction, as
// SET LOCAL would. Only jit should be off, which takes long for a statement of this size.
#pragma once

#include <string>

#include "catalog/facts.h"

namespace ballast::postgres {

inline constexpr int kOldestMajor = 13;
inline constexpr int kNewestMajor = 18;

// Rows (line text, version_sensitive boolean), in no order, without duplicates. `line` is what
// catalog::RenderFact gives. A fact is sensitive when another server version may print the same
// meaning in other words; sql::CanonicalText makes those equal. Without a semicolon.
std::string FactsQuery(int server_major, const catalog::Scope& scope);

// One row (catalog text, layout text, sensitive bigint, facts bigint): the SHA-256 hex of the
// lines without and with the facts of layout, as catalog::Fingerprint and LayoutFingerprint would
// give them for the lines before they are made canonical; how many of them are sensitive; how many
// there are. Without a semicolon, so that it can stand in parentheses in a larger statement.
std::string FingerprintQuery(int server_major, const catalog::Scope& scope);

}  // namespace ballast::postgres
