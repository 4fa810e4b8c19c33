// SPDX-License-Identifier: Apache-2.0
#include "postgres/url.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace ballast::postgres {
namespace {

struct Case {
  std::string_view url;
  std::string_view user;
  std::string_view password;
  std::string_view host;
  std::string_view port;
  std::string_view database;
};

TEST(Url, ParametersNameTheServerToo) {
  const Case cases[] = {
      {"postgresql://a:b@h:5433/d", "a", "b", "h", "5433", "d"},
      {"postgresql://a:b@h/d?port=6543", "a", "b", "h", "6543", "d"},
      {"postgresql://a:b@h:5432/d?port=6543", "a", "b", "h", "6543", "d"},
      {"postgresql://a@localhost/d?host=/run/postgresql&port=5433", "a", "", "/run/postgresql",
       "5433", "d"},
      {"postgresql:///d?host=h&user=a&password=b%40", "a", "b@", "h", "5432", "d"},
      {"postgresql://a:b@h/d?user=c&password=e", "c", "e", "h", "5432", "d"},
      {"postgresql://h?dbname=d", "", "", "h", "5432", "d"},
      {"postgresql://h/d?dbname=e", "", "", "h", "5432", "d"},
      {"postgresql://h", "", "", "h", "5432", "postgres"},
      // A service says what the URL does not.
      {"postgresql:///d?service=s", "", "", "", "", "d"},
      {"postgresql://a@/?service=s", "a", "", "", "", ""},
      {"postgresql://h/d?service=s", "", "", "h", "", "d"},
      {"postgresql://h:1/d?service=s&port=2", "", "", "h", "2", "d"},
      // A value from a file can end with a line break.
      {"postgresql://a:b@h:5433/d\n", "a", "b", "h", "5433", "d"},
      {" postgresql://a:b@h/d?port=6543\r\n", "a", "b", "h", "6543", "d"},
      {"postgresql://h1:1,h2:2/d?port=3,4", "", "", "h1,h2", "3,4", "d"},
      // %XX is decoded in each part; a + only in a parameter.
      {"postgresql://a%40x:b%2F+%20@%68/my%20db", "a@x", "b/+ ", "h", "5432", "my db"},
      {"postgresql://h/a%40b%2Fc%25d+e?dbname=f", "", "", "h", "5432", "a@b/c%d+e"},
      {"postgresql://h/100%", "", "", "h", "5432", "100%"},
      {"postgresql://h/%C3%A9/x", "", "", "h", "5432", "é"},
  };
  for (const Case& c : cases) {
    const auto target = ParseUrl(c.url);
    ASSERT_TRUE(target) << c.url;
    EXPECT_EQ(target->user(), c.user) << c.url;
    EXPECT_EQ(target->KeywordValue("password"), c.password) << c.url;
    EXPECT_EQ(target->port(), c.port) << c.url;
    EXPECT_EQ(target->host(), c.host) << c.url;
    EXPECT_EQ(target->database(), c.database) << c.url;
  }
}

TEST(Url, WithSchema) {
  struct SchemaCase {
    std::string url;
    std::string schema;
    std::string expected;
  };
  for (const SchemaCase& c : {
           SchemaCase{"postgresql://a:b@h/d", "app", "postgresql://a:b@h/d?schema=app"},
           SchemaCase{"postgresql://h/d?host=/run", "app", "postgresql://h/d?schema=app&host=/run"},
           SchemaCase{"postgresql://h/d?schema=x&sslmode=require", "My app",
                      "postgresql://h/d?schema=My%20app&sslmode=require"},
           SchemaCase{"host=h dbname=d", "app", "host=h dbname=d"},
       }) {
    const std::string url = UrlWithSchema(c.url, c.schema);
    EXPECT_EQ(url, c.expected);
    if (url != c.url) {
      EXPECT_EQ(ParseUrl(url)->schema, c.schema);
    }
  }
}

TEST(Url, KnowsTheNameAsItIsWritten) {
  const auto target = ParseUrl("postgresql://h/my%20db?schema=My%20app");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->schema, "My app");
  EXPECT_EQ(target->undecoded_database, "my%20db");
  const Target undecoded = target->WithUndecodedDatabase();
  EXPECT_EQ(undecoded.database(), "my%20db");
  EXPECT_EQ(undecoded.decoded_database, "my db");
  EXPECT_EQ(undecoded.undecoded_database, "");
  EXPECT_EQ(target->WithDatabase("other").undecoded_database, "");
  for (const char* url :
       {"postgresql://h/my db", "postgresql://h/100%", "postgresql://h", "host=h dbname=my%20db"}) {
    EXPECT_EQ(ParseUrl(url)->undecoded_database, "") << url;
  }
}

TEST(Url, WithDatabase) {
  for (const std::string name : {"d", "my db", "my%20db", "a/b", "a?b#c@d", "é", "it's \\"}) {
    for (const std::string url : {"postgresql://a:b%40@h", "postgresql://a:b%40@h:1/x?host=h",
                                  "host=h", "host=h dbname=x"}) {
      const auto target = ParseUrl(UrlWithDatabase(url, name));
      ASSERT_TRUE(target) << url << " " << name;
      EXPECT_EQ(target->database(), name) << url;
      EXPECT_EQ(target->host(), "h") << url;
    }
  }
}

TEST(Url, RefusesInvalidPorts) {
  for (const std::string_view port : {"0", "65536", "x", "", "5432,", "-1"}) {
    const auto target = ParseUrl("postgresql://a:b@h/d?port=" + std::string(port));
    ASSERT_FALSE(target) << port;
    EXPECT_EQ(target.error().code, ErrorCode::kBadUrl);
  }
}

TEST(Url, NamesTheCause) {
  const struct {
    std::string_view url;
    std::string_view cause;
  } cases[] = {
      {"mysql://a:s3cret@h/d", "it starts with `mysql://`"},
      {"prisma+postgres://accelerate.example.com/?api_key=s3cret", "Prisma Accelerate"},
      {"\"postgresql://a:s3cret@h/d\"", "it starts with a quotation mark"},
      {"'host=h password=s3cret'", "it starts with a quotation mark"},
      {"“postgresql://a:s3cret@h/d”", "it starts with a quotation mark"},
      {"h/d", "it has none"},
      {"S3cret://x", "or `postgres://` (here)"},
      {"postgresql://a:b@h:s3cret/d", "the port after the host is not a number"},
      {"postgresql://a:s3cret", "after USER:PASSWORD, an @ must follow"},
      {"postgresql://a:b@h/d?port=s3cret", "the parameter port is not a number"},
      {"postgresql://a:s3cret@h/d?schema=pg_temp", "the schema pg_temp is reserved"},
      {"postgresql://a:s3cret@h/d?schema=%24user", "the schema $user is reserved"},
      {"postgresql://a:s3cret@h/d?schema=information_schema", "is reserved"},
      {"postgresql://a:s3cret@h/d?schema=ballast_kept", "the schema ballast_kept is reserved"},
      {"postgresql://a:s3cret@h/a%00b", "the name of the database contains %00"},
      {"postgresql://a:s3cret@h/a%FFb", "the name of the database does not decode to UTF-8"},
      {"host=h password='s3cret", "the quotation mark that ends it is missing"},
      {"host=h password=my s3cret", "values in single quotes"},
  };
  for (const auto& c : cases) {
    const auto target = ParseUrl(c.url, "here");
    ASSERT_FALSE(target) << c.url;
    const std::string& message = target.error().message;
    EXPECT_NE(message.find(c.cause), std::string::npos) << message;
    EXPECT_EQ(message.find("3cret"), std::string::npos) << message;
  }
}

TEST(Url, TlsParametersHavePrismasMeaningOrLibpqs) {
  const struct {
    std::string_view parameters;
    std::string_view mode;
    std::string_view root;
    std::string_view cert;
    size_t notices;
  } cases[] = {
      {"", "", "", "", 0},
      {"sslmode=", "", "", "", 0},
      {"sslmode=disable", "disable", "", "", 0},
      {"sslmode=allow", "allow", "", "", 0},
      {"sslmode=require", "require", "", "", 0},
      {"sslmode=no-verify", "prefer", "", "", 1},
      {"sslmode=Require", "prefer", "", "", 1},
      {"sslmode=verify-ca&sslrootcert=ca.pem", "verify-ca", "ca.pem", "", 0},
      {"sslmode=verify-full&sslcert=ca.pem", "verify-full", "ca.pem", "", 0},
      {"sslmode=verify-full&sslrootcert=ca.pem&sslcert=c.crt&sslkey=c.key", "verify-full", "ca.pem",
       "c.crt", 0},
      // For Prisma, sslcert is the CA, and it counts only with sslaccept.
      {"sslcert=ca.pem&sslaccept=strict", "verify-full", "ca.pem", "", 0},
      {"sslmode=require&sslcert=ca.pem&sslaccept=other", "verify-full", "ca.pem", "", 0},
      {"sslmode=require&sslcert=ca.pem&sslaccept=accept_invalid_certs", "require", "", "", 1},
      {"sslmode=require&sslcert=ca.pem", "require", "", "", 1},
      {"sslmode=disable&sslcert=ca.pem&sslaccept=strict", "disable", "", "", 0},
      {"sslmode=require&sslaccept=accept_invalid_certs", "require", "", "", 0},
  };
  for (const auto& c : cases) {
    const std::string url = fmt::format("postgresql://a:b@h/d?{}", c.parameters);
    const auto target = ParseUrl(url);
    ASSERT_TRUE(target) << url;
    EXPECT_EQ(target->KeywordValue("sslmode"), c.mode) << url;
    EXPECT_EQ(target->KeywordValue("sslrootcert"), c.root) << url;
    EXPECT_EQ(target->KeywordValue("sslcert"), c.cert) << url;
    EXPECT_EQ(UrlNotices(url).size(), c.notices) << url;
  }
  const auto channel = ParseUrl("postgresql://a:b@h/d?channel_binding=other");
  ASSERT_TRUE(channel);
  EXPECT_EQ(channel->KeywordValue("channel_binding"), "prefer");
}

TEST(Url, RefusesPkcs12WithTheLinesThatMakePemFiles) {
  const auto target = ParseUrl(
      "postgresql://a:b@h/d?sslcert=ca.pem&sslidentity=my%20client.p12&sslpassword=s3cret");
  ASSERT_FALSE(target);
  EXPECT_EQ(target.error().code, ErrorCode::kBadUrl);
  EXPECT_NE(target.error().message.find("PKCS #12"), std::string::npos);
  const std::string& remedy = target.error().hint;
  for (const std::string_view line :
       {"`openssl pkcs12 -in 'my client.p12' -clcerts -nokeys -out client.crt`",
        "`openssl pkcs12 -in 'my client.p12' -nocerts -nodes -out client.key`"}) {
    EXPECT_NE(remedy.find(line), std::string::npos) << remedy;
  }
  EXPECT_EQ(remedy.find("s3cret"), std::string::npos);
  EXPECT_TRUE(ParseUrl("postgresql://a:b@h/d?sslidentity="));
}

// Where the password may be cut, no piece of it is shown as a host or a database.
TEST(Url, RefusesAPasswordThatMayBeCut) {
  for (const std::string_view url : {"postgresql://a:se@cr/et@h:5432/d", "postgresql://a:12/34@h/d",
                                     "postgresql://a:se@cr?et@h/d", "postgresql://a:se@cr#et@h/d",
                                     "postgresql://a:se@cr/et@h/d?sslmode=disable",
                                     "postgresql://a:se@cr?et@h/d?sslmode=disable"}) {
    const auto target = ParseUrl(url);
    ASSERT_FALSE(target) << url;
    EXPECT_EQ(target.error().code, ErrorCode::kBadUrl);
    EXPECT_EQ(target.error().message.find("cr"), std::string::npos) << url;
  }
  for (const std::string_view url :
       {"postgresql://a:b@h/d?application_name=a@b", "postgresql://a:b@h@i/d",
        "postgresql://a@h/d@e", "postgresql://a:b@h/d?user=c@d&password=e@f"}) {
    EXPECT_TRUE(ParseUrl(url)) << url;
  }
}

}  // namespace
}  // namespace ballast::postgres
