// SPDX-License-Identifier: Apache-2.0
#include "apply/cut_off.h"

#include <gtest/gtest.h>

namespace ballast::apply {
namespace {

TEST(CutOffTest, OnlyTheScriptIsQuoted) {
  const struct {
    const char* script;
    const char* message;
    const char* text;
  } cases[] = {
      // The server reads b'…' as a bit string, which ends in what follows the script.
      {"SET standard_conforming_strings = off;\nSELECT 'a\\'b';\n",
       "syntax error at or near \"b';\n\n;\nSELECT '\"",
       "the script is cut off: the string that begins on line 2 is never closed"},
      {"SELECT 'a\\';\n", "unterminated quoted string at or near \"'a\\';\n\n;\nSELECT 1\"",
       "the script is cut off: unterminated quoted string at or near \"'a\\';\""},
      {"SELECT 1 nonsense here;", "syntax error at or near \"here\"",
       "syntax error at or near \"here\""},
      {"SELECT f();", "syntax error at or near \"made by f\"",
       "syntax error at or near \"made by f\""},
      {"SELECT 1;", "division by zero", "division by zero"},
      {"", "syntax error at or near \"x\"", "syntax error at or near \"x\""},
  };
  for (const auto& one : cases) {
    EXPECT_EQ(MessageWithinScript(one.script, one.message), one.text) << one.script;
  }
}

}  // namespace
}  // namespace ballast::apply
