// SPDX-License-Identifier: Apache-2.0
#include "base/printable.h"

#include <gtest/gtest.h>

namespace ballast {
namespace {

TEST(PrintableTest, LeavesTextAsItIs) {
  for (const char* text : {"", "v4.0.0", "index \"User_email_key\"", "größer → 日本 👍"}) {
    EXPECT_EQ(Printable(text), text);
  }
}

TEST(PrintableTest, EscapesControlCharacters) {
  EXPECT_EQ(Printable("a\x1b[31mb"), "a\\x1b[31mb");
  EXPECT_EQ(Printable("v1\n✅ Done"), "v1\\n✅ Done");
  EXPECT_EQ(Printable("a\r\tb\x7f"), "a\\r\\tb\\x7f");
  EXPECT_EQ(Printable(std::string_view("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(Printable("a\xc2\x9b"
                      "31m"),
            "a\\x9b31m");  // CSI in one character
  EXPECT_EQ(Printable("a\xe2\x80\xae"
                      "b"),
            "a\\u202eb");  // right to left
  EXPECT_EQ(Printable("a\xe2\x80\xa8"
                      "b"),
            "a\\u2028b");  // line separator
  EXPECT_EQ(Printable("a\xff"
                      "b"),
            "a\xef\xbf\xbd"
            "b");  // not UTF-8
}

TEST(PrintableTest, KeepsLinesOnRequest) {
  EXPECT_EQ(PrintableLines("CREATE\n\tTABLE\x1b[0m"), "CREATE\n\tTABLE\\x1b[0m");
}

}  // namespace
}  // namespace ballast
