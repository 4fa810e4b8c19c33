// SPDX-License-Identifier: Apache-2.0
// Bytes as a file of snapshots and as a text of the server: whatever is read must be written back
// the same, and nothing may crash.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "catalog/snapshot.h"
#include "sql/canonical.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace ballast;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)sql::CanonicalText(text);
  const Result<catalog::Snapshot> snapshot = catalog::ParseSnapshot(text, "facts.txt");
  if (!snapshot.ok()) return 0;
  BALLAST_CHECK(catalog::RenderSnapshot(*snapshot) == text);
  BALLAST_CHECK(catalog::SortedSnapshot(*snapshot) == *snapshot);
  (void)catalog::ScopeOf(*snapshot);
  BALLAST_CHECK(catalog::Diff(*snapshot, *snapshot, true).empty());
  for (const catalog::Difference& difference : catalog::Diff(*snapshot, {}, true)) {
    (void)catalog::Describe(difference);
  }
  return 0;
}
