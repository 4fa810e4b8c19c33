// SPDX-License-Identifier: Apache-2.0
// Scripts that build or drop one index concurrently. After a crash, the catalog shows their
// progress.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ballast::sql {

struct ConcurrentIndex {
  bool build = false;  // false: DROP INDEX
  std::string schema;  // empty: the session's schema
  std::string name;

  bool operator==(const ConcurrentIndex&) const = default;
};

// Empty unless the script is exactly one such statement and names the index.
std::optional<ConcurrentIndex> ConcurrentIndexOf(std::string_view script);

}  // namespace ballast::sql
