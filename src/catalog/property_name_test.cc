// SPDX-License-Identifier: Apache-2.0
#include "catalog/property_name.h"

#include <gtest/gtest.h>

#include "catalog/property_ownership.h"

namespace ballast::catalog {
namespace {

TEST(PropertyNameTest, ReadsPartAndSubject) {
  struct Case {
    std::string_view property, part, rest;
    PropertySubject subject;
  };
  for (const Case& c : {
           Case{"owner", "", "owner", PropertySubject::kOwner},
           Case{"sequence owner", "sequence", "owner", PropertySubject::kOwner},
           Case{"sequence owned by", "sequence", "owned by", PropertySubject::kOther},
           Case{"multirange comment", "multirange", "comment", PropertySubject::kComment},
           Case{"index comment", "index", "comment", PropertySubject::kComment},
           Case{"index", "", "index", PropertySubject::kOther},
           Case{"grant to app", "", "grant to app", PropertySubject::kPrivilege},
           Case{"sequence revoke from PUBLIC: USAGE", "sequence", "revoke from PUBLIC: USAGE",
                PropertySubject::kPrivilege},
           Case{"index revoked from app", "index", "revoked from app", PropertySubject::kPrivilege},
           Case{"optional grant to app", "", "optional grant to app", PropertySubject::kPrivilege},
           Case{"security label a", "", "security label a", PropertySubject::kSecurityLabel},
           Case{"attribute a comment", "attribute a", "comment", PropertySubject::kComment},
           Case{"attribute \"a \"\" owner\" type", "attribute \"a \"\" owner\"", "type",
                PropertySubject::kOther},
           Case{"attribute \"a owner", "", "attribute \"a owner", PropertySubject::kOther},
           Case{"options owner", "", "options owner", PropertySubject::kOther},
           Case{"options x comment", "", "options x comment", PropertySubject::kOther},
           Case{"options grant to x", "", "options grant to x", PropertySubject::kOther},
       }) {
    const PropertyName name = ReadPropertyName(c.property);
    EXPECT_EQ(name.part, c.part) << c.property;
    EXPECT_EQ(name.rest, c.rest) << c.property;
    EXPECT_EQ(name.subject, c.subject) << c.property;
  }
}

TEST(PropertyNameTest, TheNameOfAnOptionDoesNotMakeItOpen) {
  for (const char* kind : {"server", "foreign-data wrapper", "user mapping", "foreign table"}) {
    for (const char* option :
         {"owner", "comment", "x owner", "x comment", "grant to app", "security label x"}) {
      for (const char* list : {"options ", "foreign options "}) {
        const std::string property = std::string(list) + option;
        EXPECT_FALSE(IsOpenProperty(kind, property)) << kind << " " << property;
        EXPECT_FALSE(FollowsRole(property)) << kind << " " << property;
      }
    }
    EXPECT_TRUE(IsOpenProperty(kind, "owner"));
    EXPECT_TRUE(IsOpenProperty(kind, "comment"));
    EXPECT_TRUE(IsOpenProperty(kind, "grant to app: USAGE"));
  }
}

}  // namespace
}  // namespace ballast::catalog
