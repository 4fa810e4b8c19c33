// SPDX-License-Identifier: Apache-2.0
// Every relation of pg_catalog, and what becomes of its rows: the base of the promise that nothing
// of the user's is left out in silence (PostgreSQL manual, chapter "System Catalogs").
#pragma once

#include <span>
#include <string_view>

namespace ballast::introspect {

enum class CatalogUse {
  kListed,   // its rows are objects, and the facts list each of them (`o` in facts_statement.h)
  kWhole,    // its rows are objects, and the facts take all of the database's, each by name
  kPart,     // its rows are said by the facts of the object that they belong to
  kCluster,  // shared by all databases of the cluster: not the database's to carry
  kServer    // the server's own bookkeeping
};

struct CatalogClass {
  std::string_view name;
  CatalogUse use;
  std::string_view reason;  // which facts say it, or why none do
};

// All relations of versions 13 to 18, by name. A relation that is not here is one of a version that
// nobody has looked at yet: what stands in it is refused by name.
std::span<const CatalogClass> CatalogClasses();

}  // namespace ballast::introspect
