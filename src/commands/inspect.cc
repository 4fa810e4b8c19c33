#include "commands/inspect.h"
namespace ballast::commands {
FingerprintReport CatalogFingerprint(const World&) {
  return {};
}
DiffReport CatalogDiff(const std::string&, const std::string&) {
  return {};
}
SchemaSqlReport SchemaSql(const SchemaSqlOptions&, const World&) {
  return {};
}
}  // namespace ballast::commands
