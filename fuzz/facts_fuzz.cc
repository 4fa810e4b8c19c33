// Bytes as a file of facts and as a text of the server: whatever is read must be written back the
// same, and nothing may crash.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "catalog/facts.h"
#include "sql/canonical.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace ballast;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)sql::CanonicalText(text);
  const Result<catalog::Facts> facts = catalog::ParseFacts(text, "facts.txt");
  if (!facts.ok()) return 0;
  BALLAST_CHECK(catalog::RenderFacts(*facts) == text);
  BALLAST_CHECK(catalog::SortedFacts(*facts) == *facts);
  (void)catalog::ScopeOf(*facts);
  BALLAST_CHECK(catalog::Diff(*facts, *facts, true).empty());
  for (const catalog::Difference& difference : catalog::Diff(*facts, {}, true)) {
    (void)catalog::Describe(difference);
  }
  return 0;
}
