// SPDX-License-Identifier: Apache-2.0
#include "sql/foreign_text.h"

#include <gtest/gtest.h>

namespace ballast::sql {
namespace {

struct Case {
  std::string_view script;
  std::string_view at;    // the server reports the error here
  std::string_view hint;  // begins with this; empty: none
};

TEST(ForeignText, ExplainsCommandsOfPsqlAndEditors) {
  const Case cases[] = {
      {"SELEC 1", "SELEC", ""},
      {"CREATE TABLE t (i int);\n\\connect x\n", "\\", "a line that begins with a backslash"},
      {"  \\restrict abc\nSELECT 1;", "\\", "a line that begins with a backslash"},
      {"SELECT 1 \\ 2;", "\\", ""},
      {"COPY t FROM stdin;\n1\t2\n\\.\n", "1", "the lines after COPY"},
      {"COPY t (a, b) FROM STDIN WITH (FORMAT csv);\n\\.\n", "\\", "the lines after COPY"},
      {"COPY t FROM '/x';\nSELEC 1;", "SELEC", ""},
      {"INSERT INTO t VALUES (:v);", ":", "a name after a colon"},
      {"INSERT INTO t VALUES (:'v');", ":", "a name after a colon"},
      {"SELECT 1 :: : int;", ": int", ""},
      {"\xEF\xBB\xBF"
       "CREATE TABLE t (i int);",
       "\xEF", "the file begins with a byte order mark"},
      {"SELECT 1;\n\xEF\xBB\xBFSELECT 2;", "\xEF", "line 2 has the character U+FEFF"},
      {"SELECT 1;\nCREATE TABLE\xC2\xA0t (i int);", "TABLE", "line 2 has the character U+00A0"},
      {"SELECT 1;\xE2\x80\x8B\nSELECT 2;", "\xE2", "line 1 has the character U+200B"},
      {"SELECT \xE2\x80\x98x\xE2\x80\x99;", "\xE2", "line 1 has the character U+2018"},
      // In strings, quoted names and comments they are text.
      {"SELECT '\xC2\xA0', \"\xE2\x80\x99\" /* \xE2\x80\x99 */ FRM t;", "FRM", ""},
      {"SELECT '\xC2\xA0' FRM\n\xC2\xA0t;", "FRM", "line 2 has the character U+00A0"},
  };
  for (const Case& c : cases) {
    const std::string hint = ForeignTextHint(c.script, c.script.find(c.at));
    EXPECT_EQ(hint.substr(0, c.hint.size()), c.hint) << c.script;
    EXPECT_EQ(hint.empty(), c.hint.empty()) << c.script << "\n" << hint;
  }
  EXPECT_EQ(ForeignTextHint("", 0), "");
  EXPECT_EQ(ForeignTextHint("SELECT 1", 100), "");
}

}  // namespace
}  // namespace ballast::sql
