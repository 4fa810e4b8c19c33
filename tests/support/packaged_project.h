// SPDX-License-Identifier: Apache-2.0
// Tests that make the package of a project named by their parameter and compare databases with each
// other.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "introspect/volatile_rows.h"
#include "tests/support/project.h"
#include "tests/support/test_server.h"

namespace ballast::testing {

class PackagedProject : public ::testing::TestWithParam<std::string> {
 public:
  // The parameter as the name of a test.
  static std::string NameOf(const ::testing::TestParamInfo<std::string>& info);

 protected:
  // Writes the corpus of the parameter's name; a failed test where there is none.
  void WriteCorpus() const;
  // `ballast release create v1.0.0`, and what its manifest says of rows that differ in any two
  // databases.
  void MakePackage();
  // `ballast` in the project, on that database.
  Ran Ballast(const std::string& arguments, const TestDatabase& db) const;

  TemporaryFolder folder_{"project"};
  std::vector<std::string> volatile_tables_;
  introspect::VolatileRows volatile_rows_;
};

}  // namespace ballast::testing
