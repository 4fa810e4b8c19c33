// A judge that knows no list of object kinds: every row and every column of every system catalog of
// a database, as text, with names in place of OIDs. It sees what a list of kinds forgets.
//
// The server itself says which columns hold OIDs of which catalog (pg_get_catalog_foreign_keys(),
// PostgreSQL 14 and later; for 13 the list of the newest server is taken). What is left out or
// rewritten, and why, stands in the tables at the top of whole_catalog.cc.
#pragma once

#include <string>
#include <vector>

#include "postgres/session.h"
#include "tests/support/test_server.h"

namespace ballast::testing {

// "pg_class: table public.t | relname=t; …": one line for each row, sorted; equal lines stay. The
// migrations table in `public` and the schema `ballast` are left out: they belong to the programs
// that deploy, not to the history. Sets the session's search_path. Fails the test where the server
// does not answer.
std::vector<std::string> ReadWholeCatalog(postgres::Session& session);
std::vector<std::string> ReadWholeCatalog(const TestDatabase& db);  // by a session of its own

// The lines that only one of the two has: "- …" of a, then "+ …" of b.
std::vector<std::string> CompareWholeCatalogs(const std::vector<std::string>& a,
                                              const std::vector<std::string>& b);

}  // namespace ballast::testing
