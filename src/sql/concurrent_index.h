// SPDX-License-Identifier: Apache-2.0
// Scripts that build or drop one index concurrently: a crash leaves them in a state that can be
// read from the catalog.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ballast::sql {

struct ConcurrentIndex {
  bool build = false;  // else it is dropped
  std::string schema;  // empty: that of the session
  std::string name;

  bool operator==(const ConcurrentIndex&) const = default;
};

// Nothing unless the script is this one statement and names the index.
std::optional<ConcurrentIndex> ConcurrentIndexOf(std::string_view script);

}  // namespace ballast::sql
