// SPDX-License-Identifier: Apache-2.0
#include "sql/code_of_block.h"

#include <gtest/gtest.h>

namespace ballast::sql {
namespace {

TEST(CodeOfBlockTest, Table) {
  struct Case {
    const char* statement;
    const char* code;  // null: none
  };
  for (const Case& c : {
           Case{"DO $$ BEGIN NULL; END $$", " BEGIN NULL; END "},
           Case{"DO LANGUAGE 'plpgsql' $x$code$x$", "code"},
           Case{"DO 'it''s' LANGUAGE \"plpgsql\"", "it's"},
           Case{"DO E'a\\nb'\n'c'", "a\nbc"},
           Case{"SELECT 'code'", nullptr},
           Case{"DO", nullptr},
       }) {
    const std::optional<std::string> code = CodeOfBlock(c.statement);
    ASSERT_EQ(code.has_value(), c.code != nullptr) << c.statement;
    if (code) {
      EXPECT_EQ(*code, c.code) << c.statement;
    }
  }
}

}  // namespace
}  // namespace ballast::sql
