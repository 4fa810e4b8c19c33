// The query of facts in its two halves, for those who ask something else of the same objects.
#pragma once

#include <string>

#include "catalog/facts.h"

namespace ballast::postgres {

struct FactsStatement {
  // WITH RECURSIVE … without a comma at its end. Among its expressions: `o`, every object in scope
  // (class, oid, kind, object …); `columns`; `x`, what extensions brought (classid, objid).
  std::string with;
  std::string facts;  // the select of (kind, object, property, value, wording)
};

FactsStatement WriteFactsStatement(int server_major, const catalog::Scope& scope);

}  // namespace ballast::postgres
