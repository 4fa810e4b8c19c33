// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace ballast::plan {

// An aggregate over rows as a digest of their texts: the sum of the hashes of `text` (an SQL
// expression of type text), which does not depend on the order of the rows. NULL without rows, and
// rows whose text is NULL do not count. Collations that are not deterministic have no hash in every
// version of the server, so the hash is that of the bytes.
inline std::string SumOfTexts(const std::string& text) {
  return "sum(pg_catalog.hashtextextended(" + text + " COLLATE \"C\", 0)::numeric)";
}

}  // namespace ballast::plan
