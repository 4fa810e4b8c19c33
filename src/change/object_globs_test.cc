// SPDX-License-Identifier: Apache-2.0
#include "change/object_globs.h"

#include <gtest/gtest.h>

namespace ballast::change {
namespace {

struct Case {
  const char* label;
  const char* other;  // a glob, or an addition
  bool expected;
};

TEST(ObjectGlobsTest, IgnoresObjectsByNameTableOrSchema) {
  for (const auto& [label, glob, expected] :
       {Case{"table \"User\"", "User", true},
        {"table \"User\"", "\"User\"", true},
        {"table \"User\"", "table U*", true},
        {"table \"User\"", "view *", false},
        {"column \"User\".\"age\"", "User.age", true},
        {"column \"User\".\"age\"", "table User", true},
        {"default of column \"User\".\"age\"", "User.age", true},
        {"column \"User\".\"a.b\"", "table User", true},
        {"column \"User\".\"a.b\"", "table User.a", false},
        {"column \"s\".\"t\".\"a\"", "schema s", true},
        {"column \"s\".\"t\".\"a\"", "table s.t", true},
        {"constraint \"c\" ON \"t\"", "table t", true},
        {"constraint \"c\" ON \"t\"", "t.c", true},
        {"constraint \"c\" ON \"a ON b\"", "table a ON b", true},
        {"constraint \"c\" ON \"a ON b\"", "table b", false},
        {"constraint \"c\" ON \"s\".\"t\"", "schema s", true},
        {"table \"s.t\"", "schema s", false}}) {
    EXPECT_EQ(IsIgnored(label, {glob}), expected) << label << " " << glob;
  }
}

TEST(ObjectGlobsTest, KnowsWhatBelongsToAdditions) {
  for (const auto& [label, addition, expected] :
       {Case{"table \"other\"", "table other", true},
        {"table \"other\"", "table others", false},
        {"index \"i\"", "index i on \"User\"", true},
        {"view \"o\".\"v\"", "schema o", true},
        {"constraint \"c\" ON \"other\"", "table other", true},
        {"constraint \"c\" ON \"other\"", "table othe", false},
        {"constraint \"c\" ON \"a ON other\"", "table other", false},
        {"function \"f\"(x integer)", "function f(integer)", true},
        {"function \"f\"(x integer)", "function f(text)", false},
        {"function \"f\"(x integer)", "function f(integer, text)", false},
        {"function \"f\"(integer, OUT b text)", "function f(integer)", true},
        {"function \"f\"(\"a, b\" double precision)", "function f(double precision)", true},
        {"function \"f\"(VARIADIC x text[])", "function f(text[])", true},
        {"function \"f(x\"(y integer)", "function \"f(x\"(integer)", true},
        {"function \"f\"()", "function f()", true},
        {"function \"f\"()", "function f(integer)", false},
        {"procedure \"s\".\"f\"(integer)", "procedure s.f(integer)", true},
        {"procedure \"s\".\"f\"(integer)", "function s.f(integer)", false},
        {"aggregate \"a\"(x integer ORDER BY y text)", "aggregate a(integer, text)", true},
        {"aggregate \"a\"(*)", "aggregate a()", true}}) {
    EXPECT_EQ(IsOfAdditions({addition}, label), expected) << label << " " << addition;
  }
}

}  // namespace
}  // namespace ballast::change
