// SPDX-License-Identifier: Apache-2.0
#include "difference/access_list.h"

#include <gtest/gtest.h>

namespace ballast::difference {
namespace {

HeldPrivilege Held(const std::string& grantor, const std::string& grantee,
                   const std::string& privilege, bool option = false,
                   const std::string& column = {}) {
  HeldPrivilege held;
  held.column = column;
  held.grant.grantor = grantor;
  held.grant.grantee = grantee;
  held.grant.privilege = privilege;
  held.grant.grantable = option;
  return held;
}

std::string TextOfSteps(const std::vector<PrivilegeStep>& steps) {
  std::string text;
  for (const PrivilegeStep& step : steps) {
    const catalog::Grant& grant = step.group.front();
    text += grant.grantor + (step.option_only ? " option " : " ");
    for (const catalog::Grant& one : step.group) text += one.privilege + " ";
    text += (step.column.empty() ? "" : "(" + step.column + ") ") + grant.grantee +
            (grant.grantable ? "*\n" : "\n");
  }
  return text;
}

using List = std::vector<HeldPrivilege>;

struct AccessCase {
  const char* title;
  List have;
  List want;
  std::string revokes;
  std::string grants;
  std::string new_owner = "o";
};

std::vector<AccessCase> AccessCases() {
  const List chain = {Held("o", "a", "r", true), Held("a", "b", "r", true), Held("b", "c", "r")};
  return {
      {"nothing differs", chain, chain, "", ""},
      {"grants to others come first", {}, chain, "", "o r a*\na r b*\nb r c\n"},
      {"and are revoked last", chain, {}, "b r c\na r b*\no r a*\n", ""},
      {"privileges of one grantee are one statement",
       {Held("o", "a", "w")},
       {Held("o", "a", "r"), Held("o", "a", "d")},
       "o w a\n",
       "o r d a\n"},
      {"the grant option alone",
       {Held("o", "a", "r", true)},
       {Held("o", "a", "r")},
       "o option r a*\n",
       ""},
      {"what depended on the option is granted again by another",
       {Held("o", "a", "r", true), Held("a", "b", "r")},
       {Held("o", "a", "r"), Held("o", "b", "r")},
       "a r b\no option r a*\n",
       "o r b\n"},
      {"a grantee with two options keeps what it granted",
       {Held("o", "a", "r", true), Held("o", "x", "r", true), Held("x", "a", "r", true),
        Held("a", "b", "r")},
       {Held("o", "x", "r", true), Held("x", "a", "r", true), Held("a", "b", "r")},
       "o r a*\n",
       ""},
      {"revoking on the table takes the columns, too",
       {Held("o", "a", "r"), Held("o", "a", "r", false, "c")},
       {Held("o", "a", "r", false, "c")},
       "o r a\n",
       "o r (c) a\n"},
      {"columns are revoked before their table",
       {Held("o", "a", "r"), Held("o", "a", "r", false, "c")},
       {},
       "o r (c) a\no r a\n",
       ""},
      {"the option on the table allows grants on columns",
       {},
       {Held("o", "a", "r", true), Held("a", "b", "r", false, "c")},
       "",
       "o r a*\na r (c) b\n"},
      {"a new owner takes the place of the old one",
       {Held("o", "o", "r"), Held("o", "a", "r")},
       {Held("n", "n", "r"), Held("n", "a", "r")},
       "",
       "",
       "n"},
      {"what the new owner was granted is merged",
       {Held("o", "o", "r"), Held("o", "n", "r", true), Held("n", "a", "r")},
       {Held("n", "n", "r"), Held("n", "a", "r")},
       "o option r n*\n",
       "n r a\n",
       "n"},
      {"the new owner lacks what the old one had",
       {Held("o", "o", "r"), Held("o", "o", "w")},
       {Held("n", "n", "w")},
       "o r o\n",
       "",
       "n"},
  };
}

TEST(AccessListTest, RevokesAndGrants) {
  for (const AccessCase& one : AccessCases()) {
    SCOPED_TRACE(one.title);
    AccessList list("o", one.have);
    EXPECT_EQ(TextOfSteps(list.RevokeExcept(one.want, one.new_owner)), one.revokes);
    list.ChangeOwner(one.new_owner);
    EXPECT_EQ(TextOfSteps(list.RevokeExcept(one.want, one.new_owner)), "");
    EXPECT_EQ(TextOfSteps(list.GrantMissing(one.want)), one.grants);
    EXPECT_EQ(TextOfSteps(list.GrantMissing(one.want)), "");
  }
}

}  // namespace
}  // namespace ballast::difference
