// SPDX-License-Identifier: Apache-2.0
// Foreign-data wrappers, servers and user mappings. Foreign tables are among the tables.
#include "base/text.h"
#include "introspect/catalog_internal.h"
#include "sql/quote.h"

namespace ballast::introspect {
namespace {

using catalog::ObjectId;
using catalog::Step;

std::string WithOptions(const postgres::Record& row) {
  return row.Text("options").empty() ? "" : " " + row.Text("options");
}

std::string WrappersQuery(const Reading&) {
  return "SELECT w.oid::int8 AS oid, w.fdwname AS name, pg_get_userbyid(w.fdwowner) AS owner, " +
         FunctionName("w.fdwhandler") + " AS handler, " + FunctionName("w.fdwvalidator") +
         " AS validator, " + FdwOptions("w.fdwoptions") +
         " AS options FROM pg_foreign_data_wrapper AS w WHERE w.oid >= 16384 AND " +
         NotOfExtension("pg_foreign_data_wrapper", "w.oid") + " ORDER BY w.fdwname";
}

void ReadWrappers(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    const ObjectId id = reading.Id("pg_foreign_data_wrapper", row.Oid("oid"));
    const std::string name = sql::QuoteIdentifier(row.Text("name"));
    std::string text = "CREATE FOREIGN DATA WRAPPER " + name;
    if (!row.IsNull("handler")) text += " HANDLER " + row.Text("handler");
    if (!row.IsNull("validator")) text += " VALIDATOR " + row.Text("validator");
    reading.Describe(id, "FOREIGN DATA WRAPPER", name, row.Text("owner"));
    reading.Define(id, Step::kCreateForeignDataWrapper, {"", row.Text("name")},
                   text + WithOptions(row) + ";\n");
  });
}

std::string ServersQuery(const Reading&) {
  return "SELECT s.oid::int8 AS oid, s.srvname AS name, pg_get_userbyid(s.srvowner) AS owner, "
         "s.srvtype AS type, s.srvversion AS version, quote_ident(w.fdwname) AS wrapper, " +
         FdwOptions("s.srvoptions") +
         " AS options FROM pg_foreign_server AS s JOIN pg_foreign_data_wrapper AS w ON w.oid = "
         "s.srvfdw WHERE " +
         NotOfExtension("pg_foreign_server", "s.oid") + " ORDER BY s.srvname";
}

void ReadServers(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    const ObjectId id = reading.Id("pg_foreign_server", row.Oid("oid"));
    const std::string name = sql::QuoteIdentifier(row.Text("name"));
    std::string text = "CREATE SERVER " + name;
    if (!row.IsNull("type")) text += " TYPE " + sql::QuoteLiteral(row.Text("type"));
    if (!row.IsNull("version")) text += " VERSION " + sql::QuoteLiteral(row.Text("version"));
    reading.Describe(id, "SERVER", name, row.Text("owner"));
    reading.Define(
        id, Step::kCreateServer, {"", row.Text("name")},
        text + " FOREIGN DATA WRAPPER " + row.Text("wrapper") + WithOptions(row) + ";\n");
  });
}

// umoptions can contain a password: then the mapping is not supported, and reported.
std::string UserMappingsQuery(const Reading&) {
  return "SELECT u.umid::int8 AS oid, u.srvid::int8 AS server_id, quote_ident(u.srvname) AS "
         "server, CASE WHEN u.umuser = 0 THEN 'PUBLIC' ELSE quote_ident(u.usename) END AS role, " +
         FdwOptions(
             "ARRAY(SELECT o FROM unnest(u.umoptions) AS o WHERE o !~* "
             "'^(password|passwd|secret|token|[^=]*key)=')") +
         " AS options, EXISTS (SELECT 1 FROM unnest(u.umoptions) AS o WHERE o ~* "
         "'^(password|passwd|secret|token|[^=]*key)=') AS secret FROM pg_user_mappings AS u "
         "WHERE " +
         NotOfExtension("pg_foreign_server", "u.srvid") + " ORDER BY u.srvname, u.usename";
}

void ReadUserMappings(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    const ObjectId id = reading.Id("pg_user_mapping", row.Oid("oid"));
    const std::string name = row.Text("role") + " SERVER " + row.Text("server");
    if (row.Flag("secret")) {
      reading.database.unsupported.push_back({"user mapping with a secret", name});
      return;
    }
    reading.Define(id, Step::kCreateUserMapping, {"", name},
                   "CREATE USER MAPPING FOR " + name + WithOptions(row) + ";\n");
    reading.database.definitions.back().needs = {
        reading.Id("pg_foreign_server", row.Oid("server_id"))};
  });
}

}  // namespace

const std::vector<Part>& ForeignDataQueries() {
  static const std::vector<Part> parts = {{WrappersQuery, ReadWrappers},
                                          {ServersQuery, ReadServers},
                                          {UserMappingsQuery, ReadUserMappings}};
  return parts;
}

}  // namespace ballast::introspect
