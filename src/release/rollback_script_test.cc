// SPDX-License-Identifier: Apache-2.0
#include "release/rollback_script.h"

#include <gtest/gtest.h>

namespace ballast::release {
namespace {

TEST(RollbackScriptTest, RecognizesEditedScripts) {
  const std::string text =
      RenderRollback({"v2", "v1", {"table \"Note\""}, {"a notice"}}, "DROP TABLE \"Note\";\n");
  EXPECT_NE(text.find("-- Takes a database of v2 back to v1"), std::string::npos) << text;
  EXPECT_NE(text.find("--   table \"Note\"\n-- a notice\n\nDROP TABLE"), std::string::npos) << text;
  EXPECT_TRUE(IsWrittenRollback(text));
  EXPECT_FALSE(IsWrittenRollback(text + " "));
  EXPECT_FALSE(IsWrittenRollback("-" + text));
  EXPECT_FALSE(IsWrittenRollback("DROP TABLE \"Note\";\n"));
  EXPECT_FALSE(IsWrittenRollback(""));
  EXPECT_FALSE(IsWrittenRollback("-- sha256:"));
}

TEST(RollbackScriptTest, ListsWhatComesBackWithoutData) {
  const std::string text = RenderRollback({"v2", "v1", {}, {"a notice"}, {"column a.b"}}, "");
  EXPECT_NE(text.find("-- Made again without the data that the upgrade has dropped:\n"
                      "--   column a.b\n-- a notice\n"),
            std::string::npos)
      << text;
}

TEST(RollbackScriptTest, NamesOfObjectsStayInTheirComment) {
  const std::string text = RenderRollback({"v2", "v1", {"table \"a\nDROP TABLE b; --\""}, {}}, "");
  EXPECT_EQ(text.find("\nDROP TABLE"), std::string::npos) << text;
}

TEST(RollbackScriptTest, ItsTransactions) {
  EXPECT_EQ(RollbackTransactions("SELECT 1;\n"), std::vector<std::string>{"SELECT 1;\n"});
  EXPECT_EQ(RollbackTransactions(std::string("SELECT 1;\n") + kCommitLine + "SELECT 2;\n"),
            (std::vector<std::string>{"SELECT 1;\n", "SELECT 2;\n"}));
}

}  // namespace
}  // namespace ballast::release
