// SPDX-License-Identifier: Apache-2.0
#include "difference/object_owners.h"

#include "catalog/object_identity.h"
#include "difference/database_definitions.h"

namespace ballast::difference {

std::map<catalog::ObjectRef, std::string> OwnersOf(const catalog::Database& database) {
  const DatabaseDefinitions definitions(database, {});
  std::map<catalog::ObjectRef, std::string> owners;
  for (const auto& [id, address] : database.addresses) {
    if (id.part != 0 || address.owner.empty()) continue;
    const catalog::ObjectRef& object = definitions.RefOf(id);
    const bool relation = catalog::IsRelationKind(object.kind) || object.kind == "index" ||
                          object.kind == "sequence" || !object.parent.empty();
    if (!relation) owners.emplace(object, address.owner);
  }
  return owners;
}

}  // namespace ballast::difference
