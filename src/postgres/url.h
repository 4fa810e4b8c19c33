// SPDX-License-Identifier: Apache-2.0
// A database URL with the meaning that Prisma gives it (prisma-engines
// quaint/src/connector/postgres/url.rs), turned into libpq's keywords (PostgreSQL manual 34.1.2).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace ballast::postgres {

struct Target {
  // libpq keyword → value, ready for PQconnectdbParams. Holds the password: never print it.
  std::vector<std::pair<std::string, std::string>> keywords;
  std::string schema;  // of ?schema=; empty: not specified
  // The name of the database as the URL writes it, if it has %XX: Prisma 6 and older did not decode
  // it, so there can be a database of that name. Session::Connect tries it if there is none of the
  // decoded name. Else empty.
  std::string undecoded_database;
  // Of such a session: the decoded name, which no database has. Else empty.
  std::string decoded_database;
  bool pgbouncer = false;             // ?pgbouncer=true
  double socket_timeout_seconds = 0;  // for one answer; 0: none
  // Prints the password for each new connection (password_command.h); empty: none, or the URL has a
  // password.
  std::string password_command;

  std::string KeywordValue(std::string_view keyword) const;  // empty when not set
  void Set(std::string_view keyword, std::string value);
  // Empty when not set: libpq then uses the variables and its defaults. Of several hosts, host and
  // port are lists with commas; the host is a path for a Unix socket.
  std::string host() const { return KeywordValue("host"); }
  std::string port() const { return KeywordValue("port"); }
  std::string database() const { return KeywordValue("dbname"); }
  std::string user() const { return KeywordValue("user"); }
  // For messages, without secrets: "localhost:5432", "/run/postgresql".
  std::string Address() const;
  // Prisma's default is "public", whatever the role's search_path is.
  std::string SchemaOrPublic() const { return schema.empty() ? "public" : schema; }
  // The same server, another database.
  Target WithDatabase(std::string name) const;
  // The same server, the database `undecoded_database`.
  Target WithUndecodedDatabase() const;
};

// Accepts Prisma's URLs, libpq's URI forms and parameters (several hosts, sslmode=verify-full,
// target_session_attrs …) and "key=value" strings. Of `host`, `port`, `user` and `password` the
// parameter replaces what stands before the "?", as for libpq and Prisma 7; `dbname` is used if the
// path names no database, as Prisma ignores it. %XX is decoded in each part, as libpq does, and
// Prisma since prisma-engines #5750 (before, not in the name of the database). What the URL does
// not say has Prisma's defaults, unless a service (?service=, PGSERVICE) is named, which then says
// it. P1013 names what is invalid, and B104 a service file that is none; the message never contains
// the password.
Result<Target> ParseUrl(std::string_view url);
// The same; errors name where the URL comes from: "--database-url".
Result<Target> ParseUrl(std::string_view url, std::string_view origin);

// What the parameters of a URL mean if that may not be what their author expects, as sentences.
// They show no value.
std::vector<std::string> UrlNotices(std::string_view url);

// The URL with another database; everything else is unchanged. It still contains the password.
std::string UrlWithDatabase(const std::string& url, const std::string& name);
// The URL with ?schema=NAME, which replaces another; everything else is unchanged.
std::string UrlWithSchema(const std::string& url, const std::string& schema);

}  // namespace ballast::postgres
