// SPDX-License-Identifier: Apache-2.0
// Objects and properties of the database itself: settings, event triggers, default privileges, and
// roles that the migrations created.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "catalog/render_ddl.h"
#include "introspect/catalog_internal.h"
#include "sql/quote.h"

namespace ballast::introspect {
namespace {

using catalog::ObjectId;
using catalog::Step;

std::string RoleNames(const Reading& reading) {
  std::vector<std::string> names;
  for (const std::string& role : reading.options->roles) names.push_back(sql::QuoteLiteral(role));
  return names.empty() ? "NULL" : Join(names, ", ");
}

// Settings whose value is a list of names (PostgreSQL guc_tables.c, GUC_LIST_QUOTE).
bool IsListSetting(const std::string& name) {
  static constexpr std::array kLists = {
      "search_path",      "local_preload_libraries",  "session_preload_libraries",
      "temp_tablespaces", "shared_preload_libraries", "unix_socket_directories"};
  const std::string lower = ToLowerAscii(name);
  return std::find(kLists.begin(), kLists.end(), lower) != kLists.end();
}

// A stored list, "a, \"B\"", as literals.
std::string ListLiterals(const std::string& value) {
  std::vector<std::string> parts;
  std::string part;
  bool quoted = false;
  for (size_t at = 0; at < value.size(); ++at) {
    const char c = value[at];
    if (c == '"' && quoted && at + 1 < value.size() && value[at + 1] == '"') {
      part += value[at++];
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      parts.push_back(sql::QuoteLiteral(part));
      part.clear();
    } else if (quoted || c != ' ') {
      part += c;
    }
  }
  parts.push_back(sql::QuoteLiteral(part));
  return Join(parts, ", ");
}

// The name in `setting`, "name=value", as SQL.
std::string QuotedSettingName(const std::string& setting) {
  std::vector<std::string> parts;
  for (const std::string& part : Split(setting.substr(0, setting.find('=')), '.')) {
    parts.push_back(sql::QuoteIdentifier(part));
  }
  return Join(parts, ".");
}

// " SET name TO value" of a stored "name=value".
std::string SetClause(const std::string& setting) {
  const size_t equals = setting.find('=');
  const std::string value = setting.substr(equals + 1);
  const bool is_list = IsListSetting(setting.substr(0, equals));
  return " SET " + QuotedSettingName(setting) + " TO " +
         (is_list ? ListLiterals(value) : sql::QuoteLiteral(value));
}

std::string RolesQuery(const Reading& reading) {
  return "SELECT r.oid::int8 AS oid, r.rolname AS name, concat_ws(' ', CASE WHEN r.rolsuper THEN "
         "'SUPERUSER' END, CASE WHEN NOT r.rolinherit THEN 'NOINHERIT' END, CASE WHEN "
         "r.rolcreaterole THEN 'CREATEROLE' END, CASE WHEN r.rolcreatedb THEN 'CREATEDB' END, CASE "
         "WHEN r.rolcanlogin THEN 'LOGIN' END, CASE WHEN r.rolreplication THEN 'REPLICATION' END, "
         "CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' END, CASE WHEN r.rolconnlimit <> -1 THEN "
         "'CONNECTION LIMIT ' || r.rolconnlimit::text END, 'VALID UNTIL ' || "
         "quote_literal(r.rolvaliduntil::text)) AS attributes, r.rolcanlogin AS login, "
         "shobj_description(r.oid, 'pg_authid') AS comment, " +
         OptionList("s.setconfig") +
         " AS settings FROM pg_roles AS r LEFT JOIN pg_db_role_setting AS s ON s.setrole = r.oid "
         "AND s.setdatabase = 0 WHERE r.rolname IN (" +
         RoleNames(reading) + ") ORDER BY r.rolname";
}

// Roles belong to the cluster: an existing role is not changed.
void ReadRoles(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    const std::string name = sql::QuoteIdentifier(row.Text("name"));
    std::string body = "    CREATE ROLE " + name +
                       (row.Text("attributes").empty() ? "" : " " + row.Text("attributes")) + ";\n";
    for (const std::string& setting : row.List("settings")) {
      body += "    ALTER ROLE " + name + SetClause(setting) + ";\n";
    }
    if (!row.IsNull("comment")) {
      body +=
          "    COMMENT ON ROLE " + name + " IS " + sql::QuoteLiteral(row.Text("comment")) + ";\n";
    }
    const std::string statement = catalog::RenderDoBlock(
        "  IF NOT EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = " +
        sql::QuoteLiteral(row.Text("name")) + ") THEN\n" + body + "  END IF;\n");
    reading.Define(reading.Id("pg_authid", row.Oid("oid")), Step::kCreateRole,
                   {"", row.Text("name")}, statement);
    if (row.Flag("login")) {
      reading.database.notices.push_back("the password of role " + name +
                                         " is not part of the baseline");
    }
  });
}

std::string MembershipsQuery(const Reading& reading) {
  return "SELECT r.rolname AS role, m.rolname AS member, a.admin_option AS admin, " +
         std::string(reading.major >= 16
                         ? "a.inherit_option AS inherits, a.set_option AS sets, m.rolinherit AS "
                           "inherits_usually"
                         : "true AS inherits, true AS sets, true AS inherits_usually") +
         " FROM pg_auth_members AS a JOIN pg_roles AS r ON r.oid = a.roleid JOIN pg_roles AS m ON "
         "m.oid = a.member WHERE (r.rolname IN (" +
         RoleNames(reading) + ") OR m.rolname IN (" + RoleNames(reading) +
         ")) ORDER BY r.rolname, m.rolname";
}

void ReadMemberships(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    const std::string member = row.Text("member") == reading.database.owner
                                   ? "CURRENT_USER"
                                   : sql::QuoteIdentifier(row.Text("member"));
    std::vector<std::string> options;
    if (row.Flag("admin")) options.emplace_back("ADMIN OPTION");
    if (row.Flag("inherits") != row.Flag("inherits_usually")) {
      options.push_back(std::string("INHERIT ") + (row.Flag("inherits") ? "TRUE" : "FALSE"));
    }
    if (!row.Flag("sets")) options.emplace_back("SET FALSE");
    const std::string role = sql::QuoteIdentifier(row.Text("role"));
    const std::string with = options.empty() ? "" : " WITH " + Join(options, ", ");
    reading.DefineSettings({}, Step::kGrantRole, {"", row.Text("role")},
                           {{"GRANT " + role + " TO " + member + with + ";\n",
                             "REVOKE " + role + " FROM " + member + ";\n"}},
                           row.Text("member"));
  });
}

std::string DatabaseSettingsQuery(const Reading&) {
  return "SELECT coalesce(r.rolname, '') AS role, " + OptionList("s.setconfig") +
         " AS settings FROM pg_db_role_setting AS s LEFT JOIN pg_roles AS r ON r.oid = s.setrole "
         "WHERE s.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database()) "
         "ORDER BY 1";
}

void ReadDatabaseSettings(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    const std::string role = row.Text("role");
    const std::string before = role.empty()
                                   ? "ALTER DATABASE "
                                   : "ALTER ROLE " + sql::QuoteIdentifier(role) + " IN DATABASE ";
    const auto statement = [&](const std::string& clause) {
      return catalog::RenderNamed(before, clause, "current_database()");
    };
    std::vector<catalog::Setting> settings;
    for (const std::string& setting : row.List("settings")) {
      settings.push_back(
          {statement(SetClause(setting)), statement(" RESET " + QuotedSettingName(setting))});
    }
    reading.DefineSettings({}, Step::kAlterDatabase, {"", role}, std::move(settings));
  });
}

std::string DatabaseQuery(const Reading&) {
  return "SELECT oid::int8 AS oid, pg_get_userbyid(datdba) AS owner FROM pg_database WHERE datname "
         "= current_database()";
}

void ReadDatabase(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    catalog::Address address{"DATABASE", "%I", row.Text("owner"), true, "current_database()",
                             false,      {}};
    reading.database.addresses[reading.Id("pg_database", row.Oid("oid"))] = std::move(address);
  });
}

std::string EventTriggersQuery(const Reading&) {
  return "SELECT e.oid::int8 AS oid, e.evtname AS name, pg_get_userbyid(e.evtowner) AS owner, "
         "e.evtevent AS event, e.evtenabled AS enabled, (SELECT string_agg(quote_literal(t), ', ') "
         "FROM unnest(e.evttags) AS t) AS tags, " +
         FunctionName("e.evtfoid") + " AS function FROM pg_event_trigger AS e WHERE " +
         NotOfExtension("pg_event_trigger", "e.oid") + " ORDER BY e.evtname";
}

void ReadEventTriggers(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    const ObjectId id = reading.Id("pg_event_trigger", row.Oid("oid"));
    const std::string name = sql::QuoteIdentifier(row.Text("name"));
    std::string text = "CREATE EVENT TRIGGER " + name + " ON " + row.Text("event");
    if (!row.IsNull("tags")) text += " WHEN TAG IN (" + row.Text("tags") + ")";
    text += " EXECUTE FUNCTION " + row.Text("function") + "();\n";
    const std::string alter = "ALTER EVENT TRIGGER " + name;
    switch (row.Letter("enabled")) {
      case 'D':
        text += alter + " DISABLE;\n";
        break;
      case 'R':
        text += alter + " ENABLE REPLICA;\n";
        break;
      case 'A':
        text += alter + " ENABLE ALWAYS;\n";
        break;
      default:
        break;
    }
    reading.Describe(id, "EVENT TRIGGER", name, row.Text("owner"));
    reading.Define(id, Step::kCreateEventTrigger, {"", row.Text("name")}, text);
  });
}

// The default privileges of a role: global ones relative to the built-in defaults, those of a
// schema relative to none (PostgreSQL manual, "pg_default_acl").
std::string DefaultPrivilegesQuery(const Reading&) {
  return R"(
SELECT r.rolname AS role, coalesce(n.nspname, '') AS schema, d.defaclobjtype AS type, side.usual,
  CASE WHEN a.grantee = 0 THEN '' ELSE pg_get_userbyid(a.grantee) END AS grantee,
  a.privilege_type AS privilege, a.is_grantable AS grantable
FROM pg_default_acl AS d
JOIN pg_roles AS r ON r.oid = d.defaclrole
LEFT JOIN pg_namespace AS n ON n.oid = d.defaclnamespace
CROSS JOIN LATERAL (SELECT false AS usual, d.defaclacl AS list UNION ALL SELECT true,
  CASE WHEN d.defaclnamespace = 0 THEN acldefault(CASE d.defaclobjtype WHEN 'S' THEN 's'
    ELSE d.defaclobjtype END::"char", d.defaclrole) END) AS side
CROSS JOIN LATERAL aclexplode(side.list) WITH ORDINALITY AS a
ORDER BY r.rolname, 2, d.defaclobjtype, side.usual, a.ordinality)";
}

std::string DefaultPrivilegeKind(char type) {
  switch (type) {
    case 'r':
      return "TABLES";
    case 'S':
      return "SEQUENCES";
    case 'f':
      return "FUNCTIONS";
    case 'T':
      return "TYPES";
    case 'n':
      return "SCHEMAS";
    default:
      return "LARGE OBJECTS";
  }
}

struct DefaultPrivilege {
  std::string grantee, privilege;
  bool grantable = false;
  bool operator==(const DefaultPrivilege&) const = default;
};

struct DefaultPrivilegeLists {
  std::vector<DefaultPrivilege> have, usual;
};

std::string DefaultPrivilegesText(const DefaultPrivilege& entry, const std::string& kind,
                                  bool grant) {
  const std::string role = entry.grantee.empty() ? "PUBLIC" : sql::QuoteIdentifier(entry.grantee);
  return std::string(grant ? "GRANT " : "REVOKE ") + entry.privilege + " ON " + kind +
         (grant ? " TO " : " FROM ") + role +
         (grant && entry.grantable ? " WITH GRANT OPTION" : "");
}

void DefineDefaultPrivileges(const std::string& role, const std::string& schema,
                             const std::string& kind, const DefaultPrivilegeLists& privileges,
                             Reading& reading) {
  std::string before = "ALTER DEFAULT PRIVILEGES ";
  if (role != reading.database.owner) before += "FOR ROLE " + sql::QuoteIdentifier(role) + " ";
  const auto statement = [&](const std::string& text) {
    if (schema.empty()) return before + text + ";\n";
    if (schema != reading.target) {
      return before + "IN SCHEMA " + sql::QuoteIdentifier(schema) + " " + text + ";\n";
    }
    return catalog::RenderNamed(before + "IN SCHEMA ", " " + text, "current_schema()");
  };
  std::vector<catalog::Setting> settings;
  const auto add = [&](const DefaultPrivilege& entry, bool grant) {
    settings.push_back({statement(DefaultPrivilegesText(entry, kind, grant)),
                        statement(DefaultPrivilegesText(entry, kind, !grant))});
  };
  const auto missing = [](const std::vector<DefaultPrivilege>& in, const DefaultPrivilege& entry) {
    return std::find(in.begin(), in.end(), entry) == in.end();
  };
  for (const DefaultPrivilege& entry : privileges.usual) {
    if (missing(privileges.have, entry)) add(entry, false);
  }
  for (const DefaultPrivilege& entry : privileges.have) {
    if (missing(privileges.usual, entry)) add(entry, true);
  }
  if (settings.empty()) return;
  reading.DefineSettings({}, Step::kAlterDefaultPrivileges,
                         {schema == reading.target ? "" : schema, role}, std::move(settings), kind);
  reading.database.definitions.back().created = catalog::DefaultPrivileges{!schema.empty()};
}

void ReadDefaultPrivileges(const postgres::Rows& rows, Reading& reading) {
  std::map<std::vector<std::string>, DefaultPrivilegeLists> groups;
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    DefaultPrivilegeLists& group =
        groups[{row.Text("role"), row.Text("schema"), DefaultPrivilegeKind(row.Letter("type"))}];
    auto& list = row.Flag("usual") ? group.usual : group.have;
    list.push_back({row.Text("grantee"), row.Text("privilege"), row.Flag("grantable")});
  });
  for (const auto& [key, privileges] : groups) {
    DefineDefaultPrivileges(key[0], key[1], key[2], privileges, reading);
  }
}

}  // namespace

const std::vector<Part>& DatabaseQueries() {
  static const std::vector<Part> parts = {
      {DatabaseQuery, ReadDatabase},           {RolesQuery, ReadRoles},
      {MembershipsQuery, ReadMemberships},     {DatabaseSettingsQuery, ReadDatabaseSettings},
      {EventTriggersQuery, ReadEventTriggers}, {DefaultPrivilegesQuery, ReadDefaultPrivileges}};
  return parts;
}

}  // namespace ballast::introspect
