// SPDX-License-Identifier: Apache-2.0
#include "postgres/connect_error.h"

#include <gtest/gtest.h>

namespace ballast::postgres {
namespace {

Target TargetOf() {
  auto target = ParseUrl("postgresql://u:secret@h/d");
  EXPECT_TRUE(target.ok());
  return target ? *target : Target{};
}

TEST(ConnectErrorTest, MessageAndSqlStateOfVerboseMessages) {
  struct Case {
    const char* libpq;
    const char* message;
    const char* sqlstate;
  };
  for (const Case& c : {
           Case{"connection to server at \"h\", port 5432 failed: FATAL:  3D000: database \"d\" "
                "does not exist\nLOCATION:  InitPostgres, postinit.c:1007\n",
                "connection to server at \"h\", port 5432 failed: FATAL:  database \"d\" does not "
                "exist",
                "3D000"},
           Case{"FATAL:  42501: keine Berechtigung für Datenbank d\nDETAIL:  Benutzer hat das "
                "CONNECT-Privileg nicht.\nLOCATION:  CheckMyDatabase, postinit.c:362\n",
                "FATAL:  keine Berechtigung für Datenbank d. DETAIL:  Benutzer hat das "
                "CONNECT-Privileg nicht",
                "42501"},
           Case{"ВАЖНО:  57P03: система баз данных запускается\nLOCATION:  ProcessStartupPacket, "
                "postmaster.c:2291\n",
                "ВАЖНО:  система баз данных запускается", "57P03"},
           // A retry without TLS, as sslmode=prefer does it.
           Case{
               "one failed: FATAL:  28000: no pg_hba.conf entry\nLOCATION:  a\ntwo failed: FATAL:  "
               "28P01: password authentication failed\nLOCATION:  b\n",
               "one failed: FATAL:  no pg_hba.conf entry. two failed: FATAL:  password "
               "authentication failed",
               "28P01"},
           Case{"FATAL:  database \"ABCDE: \" does not exist\n",
                "FATAL:  database \"ABCDE: \" does not exist", ""},
           Case{"connection to server at \"h\" failed: Connection refused\n\tIs the server "
                "running?\n",
                "connection to server at \"h\" failed: Connection refused. Is the server running?",
                ""},
           Case{"LOCATION:  x", "LOCATION:  x", ""},
           Case{"FATAL:  3D000:", "FATAL:  3D000:", ""},
           Case{"", "", ""},
       }) {
    const Refusal refusal = ReadRefusal(c.libpq);
    EXPECT_EQ(refusal.message, c.message);
    EXPECT_EQ(refusal.sqlstate, c.sqlstate) << c.libpq;
  }
}

// The address is in the sentence, and libpq's question in the remedy.
TEST(ConnectErrorTest, SaysNothingTwice) {
  const struct {
    const char* libpq;
    const char* reason;
  } cases[] = {
      {"connection to server at \"h\" (10.0.0.1), port 1 failed: Connection refused\n\tIs the "
       "server "
       "running on that host and accepting TCP/IP connections?\n",
       "Connection refused"},
      {"connection to server on socket \"/x/.s.PGSQL.1\" failed: No such file or directory\n\tIs "
       "the "
       "server running locally and accepting connections on that socket?\n",
       "No such file or directory"},
      {"connection to server at \"h\", port 5432 failed: FATAL:  too many clients\n",
       "FATAL:  too many clients"},
      {"connection to server at \"a\" failed: x\nconnection to server at \"b\" failed: y\n",
       "connection to server at \"a\" failed: x. connection to server at \"b\" failed: y"},
  };
  for (const auto& one : cases) {
    EXPECT_EQ(ConnectError(TargetOf(), ReadRefusal(one.libpq), false).message,
              std::string("cannot connect to database \"d\" at h:5432: ") + one.reason);
  }
}

TEST(ConnectErrorTest, TheSqlStateDecidesInEveryLanguage) {
  const Target target = TargetOf();
  struct Case {
    Refusal refusal;
    ErrorCode code;
    const char* hint;  // its beginning
  };
  for (const Case& c : {
           Case{{"Datenbank »d« existiert nicht", "3D000"}, ErrorCode::kNoDatabase, "create it"},
           Case{{"Rolle »u« existiert nicht", "28000"}, ErrorCode::kAuthentication, "check user"},
           Case{{"kein pg_hba.conf-Eintrag für Host »h«", "28000"},
                ErrorCode::kAccessDenied,
                "allow the connection"},
           Case{{"Passwort-Authentifizierung fehlgeschlagen", "28P01"},
                ErrorCode::kAuthentication,
                "check user"},
           Case{{"keine Berechtigung für Datenbank d", "42501"},
                ErrorCode::kAccessDenied,
                "GRANT CONNECT ON DATABASE \"d\" TO \"u\""},
           Case{{"tut mir leid, schon zu viele Verbindungen", "53300"},
                ErrorCode::kCannotReach,
                "end unused sessions"},
           Case{{"das Datenbanksystem startet", "57P03"}, ErrorCode::kTimedOut, "wait for it"},
           // A name of a database in the message is no phrase.
           Case{{"database \"role \"\" does not exist", "3D000"},
                ErrorCode::kNoDatabase,
                "create it"},
           Case{{"no more connections allowed (max_client_conn)", "08P01"},
                ErrorCode::kCannotReach,
                "end unused sessions"},
           Case{{"database \"d\" does not exist", ""}, ErrorCode::kNoDatabase, "create it"},
           Case{{"timeout expired", ""}, ErrorCode::kTimedOut, "check that the server runs"},
           Case{{"Connection refused", ""}, ErrorCode::kCannotReach, "check that the server runs"},
           Case{{"invalid sslmode value: \"x\"", ""}, ErrorCode::kBadUrl, "correct the parameter"},
           Case{{"private key file \"k\" has group or world access", ""},
                ErrorCode::kTls,
                "let only its owner read the key"},
           Case{{"could not load private key file \"k\": bad base64 decode", ""},
                ErrorCode::kTls,
                "check sslkey"},
           Case{{"could not find digest for NID UNDEF", ""},
                ErrorCode::kTls,
                "libpq cannot use channel binding"},
       }) {
    const Error error = ConnectError(target, c.refusal, false);
    EXPECT_EQ(error.code, c.code) << c.refusal.message;
    EXPECT_TRUE(error.hint.starts_with(c.hint)) << error.hint;
  }
  Target plain = target;
  plain.Set("sslmode", "disable");
  EXPECT_TRUE(ConnectError(plain, {"pg_hba.conf rejects connection", "28000"}, false)
                  .hint.starts_with("the server may accept only encrypted connections"));
  EXPECT_EQ(ConnectError(target, {"the password is secret", "28P01"}, false).message.find("secret"),
            std::string::npos);
  EXPECT_EQ(
      ConnectError(target, {"no more connections allowed", "08P01"}, false).Detail("sqlstate"),
      "53300");
}

}  // namespace
}  // namespace ballast::postgres
