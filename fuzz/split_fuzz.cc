// SPDX-License-Identifier: Apache-2.0
// Any bytes are a script: splitting loses nothing but blanks, comments and semicolons, and reading
// it never fails.
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "sql/classify.h"
#include "sql/split.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view script(reinterpret_cast<const char*>(data), size);
  size_t end = 0;
  for (const ballast::sql::StatementText& piece : ballast::sql::SplitScript(script)) {
    BALLAST_CHECK(piece.offset >= end && !piece.text.empty());
    BALLAST_CHECK(piece.text.data() == script.data() + piece.offset);
    BALLAST_CHECK(piece.offset + piece.text.size() <= size);
    end = piece.offset + piece.text.size();
  }
  (void)ballast::sql::AnalyzeScript(script, {{"Role", "A"}});
  BALLAST_CHECK(ballast::sql::ReadScript(script).size() ==
                ballast::sql::SplitScript(script).size());
  return 0;
}
