// SPDX-License-Identifier: Apache-2.0
#include "plan/unexpected_roles.h"

#include <gtest/gtest.h>

namespace ballast::plan {
namespace {

catalog::Difference Of(const char* kind, const char* object, const char* identity,
                       const char* property, const char* a) {
  catalog::Difference difference;
  difference.kind = kind;
  difference.object = object;
  difference.identity = identity;
  difference.change = catalog::ChangeKind::kChanged;
  difference.properties = {{property, a, "yes"}};
  return difference;
}

TEST(UnexpectedRolesTest, NamesWhatTheSetupScriptLacks) {
  EXPECT_EQ(RemedyOfUnexpectedRoles({}), "");
  EXPECT_EQ(RemedyOfUnexpectedRoles({Of("table", "table t", "\"t\"", "exists", "no"),
                                     Of("role", "role r", "\"r\"", "login", "no")}),
            "");
  EXPECT_EQ(RemedyOfUnexpectedRoles({Of("role", "role app", "app", "exists", "no")}),
            "the package is for servers without role app, because the migrations do something else "
            "where it exists: add to the setup_script of ballast.toml: CREATE ROLE app; then "
            "create the package again");
  EXPECT_EQ(RemedyOfUnexpectedRoles({Of("role", "role a", "a", "exists", "no"),
                                     Of("role", "role \"B\"", "\"B\"", "exists", "no")}),
            "the package is for servers without role a, role \"B\", because the migrations do "
            "something else where they exist: add to the setup_script of ballast.toml: CREATE ROLE "
            "a; CREATE ROLE \"B\"; then create the package again");
}

}  // namespace
}  // namespace ballast::plan
