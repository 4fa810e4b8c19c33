#include "sql/statement.h"

#include <algorithm>

namespace ballast::sql {

std::string_view NameOf(Hazard hazard) {
  switch (hazard) {
    case Hazard::kDeletesData:
      return "DeletesData";
    case Hazard::kRewritesTable:
      return "RewritesTable";
    case Hazard::kBlocksReads:
      return "BlocksReads";
    case Hazard::kBlocksWrites:
      return "BlocksWrites";
    case Hazard::kIndexBuild:
      return "IndexBuild";
    case Hazard::kMayFailOnData:
      return "MayFailOnData";
    case Hazard::kUnknownEffect:
      return "UnknownEffect";
  }
  return {};
}

bool Statement::Has(Hazard hazard) const {
  return std::find(hazards.begin(), hazards.end(), hazard) != hazards.end();
}

}  // namespace ballast::sql
