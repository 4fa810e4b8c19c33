// SPDX-License-Identifier: Apache-2.0
#include "catalog/catalog.h"

#include "sql/quote.h"

namespace ballast::catalog {

std::string QuotedName(const Name& name) {
  return sql::QualifiedName(name.schema, name.name);
}

}  // namespace ballast::catalog
