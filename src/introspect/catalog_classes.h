// SPDX-License-Identifier: Apache-2.0
// Every relation of pg_catalog, and how its rows are handled. It guarantees that no user object is
// ignored silently (PostgreSQL manual, "System Catalogs").
#pragma once

#include <span>
#include <string_view>

namespace ballast::introspect {

enum class CatalogUse {
  kListed,   // its rows are objects, and the snapshot lists each of them (`o` in
             // snapshot_statement.h)
  kWhole,    // its rows are objects, and the snapshot lists all of the database's by name
  kPart,     // its rows are described by properties of the object that they belong to
  kCluster,  // shared by all databases of the cluster; not part of a baseline
  kServer    // internal data of the server
};

struct CatalogClass {
  std::string_view name;
  CatalogUse use;
  std::string_view reason;  // the properties that describe it, or why there are none
};

// All relations of versions 13 to 18, by name. A relation that is not listed belongs to an unknown
// version; its rows are refused by name.
std::span<const CatalogClass> CatalogClasses();

}  // namespace ballast::introspect
