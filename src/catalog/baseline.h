// SPDX-License-Identifier: Apache-2.0
// The baseline: a database rendered as one readable SQL script that recreates it. Statements that
// Prisma also writes come first and in Prisma's layout, then everything else; dependencies move a
// statement forward where necessary.
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
  // Sorted; those of the database, and dependency cycles that cannot be broken.
  std::vector<UnsupportedObject> unsupported;
};

// `rows`: the INSERT statements of each table. The output depends only on the content of the
// database, not on OIDs.
BaselineScript RenderBaseline(const Database& database,
                              const std::map<ObjectId, std::string>& rows = {});

// The baseline before ordering: its definitions and their dependencies.
struct BaselineParts {
  std::vector<Definition> definitions;
  Makers makers;  // the definition that creates each object
  // Per definition: the indexes of those that must precede it.
  std::vector<std::vector<size_t>> needs;
  std::vector<Dependency> edges;  // from pg_depend, without those that definitions replace
  // Column definitions as in CREATE TABLE, by the column's identity.
  std::map<ObjectId, std::string> columns;
  std::vector<UnsupportedObject> unsupported;  // cycles that cannot be broken
};

struct PartsOptions {
  // Defaults, constraints and domain checks that get a definition of their own.
  std::set<ObjectId> apart;
  std::set<ObjectId> own_sequences;  // never rendered as SERIAL
};
BaselineParts PartsOf(const Database& database, const PartsOptions& options);

// What OWNER TO names: CURRENT_USER for what the role that read the database owns.
std::string OwnerClause(const Database& database, const Address& address);

// ALTER SEQUENCE with every option of the sequence except its current value.
std::string AlterSequenceStatement(const Sequence& sequence);

}  // namespace ballast::catalog
