// SPDX-License-Identifier: Apache-2.0
#include "base/url_password.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace ballast {
namespace {

TEST(UrlPasswordTest, IsMaskedWhereverAUrlIs) {
  struct Case {
    const char* text;
    const char* masked;
  };
  const Case cases[] = {
      {"no URL: a:b@c", "no URL: a:b@c"},
      {"postgresql://u:s3cr3t@host:5432/db", "postgresql://u:***@host:5432/db"},
      {"not found: postgresql://u:s3@cr3t@host/db.", "not found: postgresql://u:***@host/db."},
      {"two: a://u:p@h, \"b://v:q@i/d\"", "two: a://u:***@h, \"b://v:***@i/d\""},
      {"postgresql://u@host/db", "postgresql://u@host/db"},
      {"postgresql://host:5432/db", "postgresql://host:5432/db"},
      {"http://host/a:b@c", "http://host/a:b@c"},
      {"postgresql:///db?host=/tmp&password=s3&user=u",
       "postgresql:///db?host=/tmp&password=***&user=u"},
      {"postgresql://h/db?sslpassword=s3cr3t", "postgresql://h/db?sslpassword=***"},
      {"read /app/postgresql:/u:s3cr3t@h/d: no such file",
       "read /app/postgresql:/u:***@h/d: no such file"},
      {"postgresql:///d?host=h", "postgresql:///d?host=h"},
      {"C:/a:b@c", "C:/a:b@c"},
      {"ends with ://", "ends with ://"},
      {"postgresql://h/db?connect_timeout=3", "postgresql://h/db?connect_timeout=3"},
  };
  for (const Case& c : cases) EXPECT_EQ(MaskUrlPasswords(c.text), c.masked);
}

TEST(UrlPasswordTest, OfAnArgumentCanHaveAnyCharacter) {
  struct Case {
    const char* argument;
    const char* text;
    const char* masked;
  };
  const Case cases[] = {
      {"postgresql://u1:a/b c@h/d", "no folder /x/postgresql:/u1:a/b c@h/d",
       "no folder /x/postgresql:/u1:***@h/d"},
      {"--package=postgresql://u2:a'b@h/d", R"(ballast --package 'postgresql://u2:a'\''b@h/d')",
       "ballast --package 'postgresql://u2:***@h/d'"},
      {"host=h user=u3 password=s3cr3t dbname=d", "no host=h user=u3 password=s3cr3t dbname=d",
       "no host=h user=u3 password=*** dbname=d"},
      {"host=h password = 's3 cr3t' user=u4", "no host=h password = 's3 cr3t' user=u4",
       "no host=h password = ***' user=u4"},
      {"postgresql://h/d?user=u5&password=a b&x=y", "postgresql://h/d?user=u5&password=a b&x=y",
       "postgresql://h/d?user=u5&password=***&x=y"},
      {"a=postgresql://u6:a/1@h,postgresql://v6:b/2@h", "postgresql:/v6:b/2@h and u6:a/1@h",
       "postgresql:/v6:***@h and u6:***@h"},
      // No password.
      {"postgresql://h7:5432/d@e", "postgresql://h7:5432/d@e", "postgresql://h7:5432/d@e"},
      {"https://h8/a:b@c?password", "h8/a:b@c?password", "h8/a:b@c?password"},
  };
  for (const Case& c : cases) {
    RememberPasswordsOf(c.argument);
    EXPECT_EQ(MaskUrlPasswords(c.text), c.masked);
  }
}

TEST(UrlPasswordTest, IsNotInAnError) {
  const Error error = MakeError(ErrorCode::kSchemaInvalid, "not found: postgresql://u:s3cr3t@h/d",
                                "set postgresql://u:s3cr3t@h/d", {});
  EXPECT_EQ(error.message, "not found: postgresql://u:***@h/d");
  EXPECT_EQ(error.hint, "set postgresql://u:***@h/d");
}

}  // namespace
}  // namespace ballast
