// SPDX-License-Identifier: Apache-2.0
#include "lint/rules.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <string>

namespace ballast::lint {
namespace {

// Rule → severity, as docs/lint.md has them.
std::map<std::string, std::string> Documented() {
  const char* source = std::getenv("BALLAST_SOURCE_DIR");
  std::ifstream file(std::string(source == nullptr ? "." : source) + "/docs/lint.md");
  std::map<std::string, std::string> documented;
  std::string line;
  std::string rule;
  while (std::getline(file, line)) {
    if (line.starts_with("### ")) rule = line.substr(4);
    if (line.starts_with("*") && !rule.empty()) {
      documented[rule] = line.substr(1, line.find('.') - 1);
      rule.clear();
    }
  }
  return documented;
}

TEST(Rules, EachHasItsSectionInTheDocs) {
  const std::map<std::string, std::string> documented = Documented();
  for (const Rule rule : AllRules()) {
    const std::string name(NameOf(rule));
    ASSERT_TRUE(documented.contains(name)) << name << " has no section in docs/lint.md";
    EXPECT_EQ(documented.at(name), NameOf(SeverityOf(rule))) << name;
    EXPECT_EQ(RuleNamed(name), rule);
  }
  EXPECT_EQ(documented.size(), AllRules().size()) << "docs/lint.md has rules that do not exist";
  EXPECT_EQ(RuleNamed("nothing"), std::nullopt);
  EXPECT_EQ(DidYouMeanRule("drops-tabel Legacy*"), "; did you mean 'drops-table'?");
  EXPECT_EQ(DidYouMeanRule("nothing"), "");
}

}  // namespace
}  // namespace ballast::lint
