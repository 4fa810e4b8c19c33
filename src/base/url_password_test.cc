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

TEST(UrlPasswordTest, IsNotInAnError) {
  const Error error = MakeError(ErrorCode::kSchemaInvalid, "not found: postgresql://u:s3cr3t@h/d",
                                "set postgresql://u:s3cr3t@h/d", {});
  EXPECT_EQ(error.message, "not found: postgresql://u:***@h/d");
  EXPECT_EQ(error.hint, "set postgresql://u:***@h/d");
}

}  // namespace
}  // namespace ballast
