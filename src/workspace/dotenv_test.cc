// SPDX-License-Identifier: Apache-2.0
#include "workspace/dotenv.h"

#include <gtest/gtest.h>

#include "base/test_error_code.h"

namespace ballast::workspace {
namespace {

// What dotenv 16.6 makes of each text.
TEST(DotenvTest, ReadsWhatDotenvReads) {
  struct Case {
    std::string_view text;
    Variables values;
  };
  for (const Case& c : {
           Case{"", {}},
           Case{"A=1", {{"A", "1"}}},
           Case{"A=1\r\nB=2\rC=3\n", {{"A", "1"}, {"B", "2"}, {"C", "3"}}},
           Case{"  A =  b c  # comment", {{"A", "b c"}}},
           Case{"A=b#c", {{"A", "b"}}},
           Case{"A=#c", {{"A", ""}}},
           Case{"A=", {{"A", ""}}},
           Case{"A=\nB=2", {{"A", ""}, {"B", "2"}}},
           Case{"# A=1\nB=2", {{"B", "2"}}},
           Case{"export A=1", {{"A", "1"}}},
           Case{"export=1", {{"export", "1"}}},
           Case{"A: 1", {{"A", "1"}}},
           Case{"A:1", {}},
           Case{"a.b-c=1", {{"a.b-c", "1"}}},
           Case{"A='x # y'", {{"A", "x # y"}}},
           Case{"A=\"x # y\" # z", {{"A", "x # y"}}},
           Case{"A=`it's \"x\"`", {{"A", "it's \"x\""}}},
           Case{"A=\"a\\nb\"", {{"A", "a\nb"}}},
           Case{"A='a\\nb'", {{"A", "a\\nb"}}},
           Case{"A=\"one\ntwo\"\nB=2", {{"A", "one\ntwo"}, {"B", "2"}}},
           Case{"A=\"say \\\"hi\\\"\"", {{"A", "say \\\"hi\\\""}}},
           Case{"A=\"open", {{"A", "\"open"}}},
           Case{"A=\"open # c", {{"A", "\"open"}}},
           Case{"A=\"x\" y", {{"A", "\"x\" y"}}},
           Case{"A=\"x\\\"", {{"A", "x\\"}}},
           Case{"A='it\\'s'", {{"A", "it\\'s"}}},
           Case{"A=1\nA=2", {{"A", "2"}}},
           Case{"nonsense\nA=1", {{"A", "1"}}},
           Case{"two words = 1\nA=1", {{"A", "1"}}},
           Case{"=1\nA=1", {{"A", "1"}}},
           Case{"\xEF\xBB\xBF"
                "A=1",
                {{"A", "1"}}},
           Case{"\u00a0A\u00a0=\u00a0b c\u3000\u2003\nexport\u00a0B=2\u00a0# c",
                {{"A", "b c"}, {"B", "2"}}},
           Case{"A: \"x\"\u00a0\nB:\u00a02\v", {{"A", "x"}, {"B", "2"}}},
           Case{"A=\v1\uFEFF\n\uFEFF", {{"A", "1"}}},
           Case{"A=postgresql://u:p%40@h/db?schema=x&y=z",
                {{"A", "postgresql://u:p%40@h/db?schema=x&y=z"}}},
           Case{"A=a=b==", {{"A", "a=b=="}}},
           Case{"A=\"\"", {{"A", ""}}},
           Case{"A=\"", {{"A", "\""}}},
           Case{"A\n=1", {{"A", "1"}}},
           Case{"A=\n\"x\"", {{"A", "x"}}},
       }) {
    EXPECT_EQ(ParseDotenv(c.text), c.values) << c.text;
  }
}

TEST(DotenvTest, ExpandsBracedNamesOnly) {
  struct Case {
    Variables file;
    Variables environment;
    const char* a;
  };
  for (const Case& c : {
           Case{{{"A", "${B}-${B}"}, {"B", "x"}}, {}, "x-x"},
           Case{{{"A", "$B $"}, {"B", "x"}}, {}, "$B $"},
           Case{{{"A", "${B}"}, {"B", "x"}}, {{"B", "y"}}, "y"},
           Case{{{"A", "x"}}, {{"A", "y"}}, "y"},
           Case{{{"A", "${B}"}, {"B", "${C}"}, {"C", "deep"}}, {}, "deep"},
           Case{{{"A", "a${NONE}b"}}, {}, "ab"},
           Case{{{"A", "\\${B}"}, {"B", "x"}}, {}, "${B}"},
           Case{{{"A", "${}"}}, {}, ""},
           Case{{{"A", "${no good}"}}, {}, "${no good}"},
           Case{{{"A", "p${B}"}, {"B", "a$$b$&c"}}, {}, "pa$b${B}c"},
       }) {
    const auto expanded = ExpandDotenv(c.file, c.environment);
    ASSERT_TRUE(expanded.ok());
    EXPECT_EQ(expanded->at("A"), c.a);
  }
}

TEST(DotenvTest, RefusesAValueThatContainsItself) {
  EXPECT_EQ(ErrorCodeOf(ExpandDotenv({{"A", "${B}"}, {"B", "${A}"}}, {})), "B101");
}

// Each value is what dotenv-expand 12.0.3 gives for expand(config()).
TEST(DotenvTest, ExpandsAsDotenvExpand) {
  struct Case {
    Variables file;
    Variables environment;
    const char* a;
  };
  for (const Case& c : {
           Case{{{"A", "p://$U:${PW}@h"}, {"U", "u"}, {"PW", "s"}}, {}, "p://u:s@h"},
           Case{{{"A", "app_$STAGE"}}, {{"STAGE", "test"}}, "app_test"},
           Case{{{"A", "$B"}, {"B", "$C"}, {"C", "deep"}}, {}, "deep"},
           Case{{{"A", "\\$B and \\${B}"}, {"B", "x"}}, {}, "$B and ${B}"},
           Case{{{"A", "${B:-x}${C-y}"}, {"C", "c"}}, {}, "xc"},
           Case{{{"A", "${B:+x}${C+y}"}, {"C", "c"}}, {}, "y"},
           Case{{{"A", "$NONE|${NONE}"}}, {}, "|"},
           Case{{{"A", "cost $5 or 5$"}}, {}, "cost $5 or 5$"},
           Case{{{"A", "$A"}}, {}, ""},
           Case{{{"A", "$B"}, {"B", "x"}}, {{"A", "$set"}}, "$set"},
       }) {
    EXPECT_EQ(ExpandDotenvFully(c.file, c.environment).at("A"), c.a) << c.file.at("A");
  }
}

}  // namespace
}  // namespace ballast::workspace
