// SPDX-License-Identifier: Apache-2.0
#include "proof/role_dependence.h"

#include <gtest/gtest.h>

#include <vector>

namespace ballast::proof {
namespace {

using catalog::ObjectProperty;
using catalog::Snapshot;

// What a baseline grants and the history does not.
TEST(RoleDependenceTest, FindsWhatTheHistoryRevokes) {
  struct Case {
    Snapshot history;
    Snapshot baseline;
    Snapshot revoked;
  };
  const ObjectProperty table{"table", "t", "kind", "ordinary"};
  const auto grant = [](const char* role, const char* privileges) {
    return ObjectProperty{"table", "t", std::string("grant to ") + role, privileges};
  };
  const auto revoked = [](const char* role, const char* privileges) {
    return ObjectProperty{"table", "t", std::string("revoked from ") + role, privileges};
  };
  const std::vector<Case> cases = {
      {{table, grant("app", "SELECT")}, {table, grant("app", "SELECT")}, {}},
      {{table, grant("app", "SELECT")},
       {table, grant("app", "DELETE, SELECT, UPDATE")},
       {revoked("app", "DELETE, UPDATE")}},
      {{table}, {table, grant("PUBLIC", "SELECT")}, {revoked("PUBLIC", "SELECT")}},
      {{table, grant("app", "DELETE, MAINTAIN")}, {table, grant("app", "DELETE")}, {}},
      {{table, grant("app", "SELECT with grant option")}, {table, grant("app", "SELECT")}, {}},
      {{}, {table, grant("app", "SELECT")}, {}},  // a table that the history does not have
      {{table}, {table, grant("app by boss", "SELECT")}, {}},
      {{{"constraint", "t.k", "definition", "UNIQUE (a)"}},
       {{"constraint", "t.k", "index grant to app", "SELECT"}},
       {{"constraint", "t.k", "index revoked from app", "SELECT"}}},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(RevokedIn(one.history, one.baseline), one.revoked);
  }
}

}  // namespace
}  // namespace ballast::proof
