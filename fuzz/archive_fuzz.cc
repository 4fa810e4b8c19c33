// SPDX-License-Identifier: Apache-2.0
// Bytes as a packed history: unpacked within the limit, or refused; what is unpacked packs again.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "release/package_archives.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace ballast;
  constexpr size_t kLimit = size_t{4} << 20;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto migrations = release::UnpackHistory(bytes, kLimit);
  if (!migrations.ok()) return 0;
  size_t total = 0;
  for (const release::Migration& migration : *migrations) {
    total += migration.script ? migration.script->size() : 0;
  }
  BALLAST_CHECK(total <= 3 * kLimit);  // bytes that are no UTF-8 become three
  (void)release::PackHistory(*migrations);
  return 0;
}
