// SPDX-License-Identifier: Apache-2.0
// The baseline: a live database as one readable SQL script that gives the same database. Prisma's
// own steps come first and in Prisma's layout, then what Prisma cannot say; where one object needs
// another, that one is drawn forward.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "catalog/database.h"
#include "catalog/dependency_order.h"

namespace ballast::catalog {

struct BaselineScript {
  std::string text;
  std::vector<UnsupportedObject>
      uncarried;  // sorted; the database's own and circles that stay closed
};

// `rows`: by table, the statements that bring its rows. The same database gives the same bytes,
// whatever its object identities are.
BaselineScript RenderBaseline(const Database& database,
                              const std::map<ObjectId, std::string>& rows = {});

// The baseline before it is put in order: its definitions, and what ties them together.
struct BaselineParts {
  std::vector<Definition> definitions;
  Makers makers;                              // which of them makes an object
  std::vector<std::vector<size_t>> needs;     // for each: those that must come before it
  std::vector<Dependency> edges;              // of the server, without those that steps replace
  std::map<ObjectId, std::string> columns;    // of tables: as in CREATE TABLE, by their identities
  std::map<ObjectId, std::string> reversals;  // of GRANT steps: what takes them back, by step
  std::vector<UnsupportedObject> uncarried;   // circles that stay closed
};

struct PartsOptions {
  // Defaults, constraints and checks of domains that get a definition of their own.
  std::set<ObjectId> apart;
  std::set<ObjectId> own_sequences;  // never written as SERIAL
};
BaselineParts PartsOf(const Database& database, const PartsOptions& options);

// ALTER SEQUENCE with every option of the sequence; its position stays.
std::string AlterSequenceStatement(const Sequence& sequence);

}  // namespace ballast::catalog
