// SPDX-License-Identifier: Apache-2.0
#include "base/error_codes.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

namespace ballast {
namespace {

constexpr auto kAll = std::to_array<ErrorCode>({
#define BALLAST_ERROR_NAME(name, code, status, title) ErrorCode::name,
    BALLAST_ERROR_CODES(BALLAST_ERROR_NAME)
#undef BALLAST_ERROR_NAME
});

// Code → the exit status that docs/errors.md gives it.
std::map<std::string, int> Documented() {
  const char* source = std::getenv("BALLAST_SOURCE_DIR");
  std::ifstream file(std::string(source == nullptr ? "." : source) + "/docs/errors.md");
  std::map<std::string, int> documented;
  std::string line;
  std::string code;
  while (std::getline(file, line)) {
    if (line.starts_with("### ")) code = line.substr(4);
    if (line.starts_with("*Exit ") && !code.empty()) {
      documented[code] = std::atoi(line.c_str() + 6);
      code.clear();
    }
  }
  return documented;
}

TEST(ErrorCodesTest, AreUniqueAndDocumented) {
  const std::map<std::string, int> documented = Documented();
  std::set<std::string> seen;
  for (const ErrorCode code : kAll) {
    const std::string name(CodeOf(code));
    EXPECT_TRUE(seen.insert(name).second) << name << " has two meanings";
    ASSERT_TRUE(documented.contains(name)) << name << " has no paragraph in docs/errors.md";
    EXPECT_EQ(documented.at(name), static_cast<int>(StatusOf(code))) << name;
    EXPECT_FALSE(TitleOf(code).empty());
  }
  EXPECT_EQ(documented.size(), seen.size()) << "docs/errors.md has codes that do not exist";
}

}  // namespace
}  // namespace ballast
