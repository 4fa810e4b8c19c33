// SPDX-License-Identifier: Apache-2.0
// What objects of all kinds have: dependencies, comments and privileges.
#include <algorithm>

#include "introspect/catalog_internal.h"

namespace ballast::introspect {
namespace {

std::string DependenciesQuery(const Reading&) {
  return "SELECT classid::int8 AS from_catalog, objid::int8 AS from_object, objsubid AS from_part, "
         "refclassid::int8 AS to_catalog, refobjid::int8 AS to_object, refobjsubid AS to_part, "
         "deptype AS kind FROM pg_depend WHERE refobjid >= 16384 OR objid >= 16384";
}

void ReadDependencies(const postgres::Rows& rows, Reading& reading) {
  reading.database.dependencies.reserve(rows.rows.size());
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    reading.database.dependencies.push_back(
        {{row.Oid("from_catalog"), row.Oid("from_object"),
          static_cast<int32_t>(row.Number("from_part"))},
         {row.Oid("to_catalog"), row.Oid("to_object"), static_cast<int32_t>(row.Number("to_part"))},
         row.Letter("kind")});
  });
}

// Without the comment from an extension's control file: a role that does not own the extension
// could not write it.
std::string CommentsQuery(const Reading&) {
  return "SELECT classoid::int8 AS catalog, objoid::int8 AS object, objsubid AS part, "
         "description AS text FROM pg_description WHERE (objoid >= 16384 OR classoid = "
         "'pg_namespace'::regclass AND objoid = 2200) AND NOT (classoid = "
         "'pg_namespace'::regclass AND objoid = (SELECT oid FROM pg_namespace WHERE nspname = "
         "'public')) AND NOT (classoid = 'pg_extension'::regclass AND description = (SELECT "
         "a.comment FROM pg_extension e JOIN pg_available_extensions() a ON a.name = e.extname "
         "WHERE e.oid = objoid)) UNION ALL SELECT 'pg_namespace'::regclass::oid::int8, oid::int8, "
         "0, "
         "coalesce(obj_description(oid, 'pg_namespace'), '') FROM pg_namespace WHERE nspname = "
         "'public' AND obj_description(oid, 'pg_namespace') IS DISTINCT FROM 'standard public "
         "schema' UNION ALL SELECT 'pg_database'::regclass::oid::int8, oid::int8, 0, "
         "shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = "
         "current_database() AND shobj_description(oid, 'pg_database') IS NOT NULL";
}

void ReadComments(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    reading.database.comments.push_back(
        {{row.Oid("catalog"), row.Oid("object"), static_cast<int32_t>(row.Number("part"))},
         row.Text("text")});
  });
}

// Only objects with changed privileges have an access list; acldefault returns the default for
// others.
std::string GrantsQuery(const Reading& reading) {
  return R"(
SELECT x.catalog::int8 AS catalog, x.object::int8 AS object, x.part, side.usual,
  pg_get_userbyid(a.grantor) AS grantor,
  CASE WHEN a.grantee = 0 THEN '' ELSE pg_get_userbyid(a.grantee) END AS grantee,
  a.privilege_type AS privilege, a.is_grantable AS grantable
FROM (
  SELECT 'pg_class'::regclass::oid AS catalog, oid AS object, 0 AS part, relacl AS acl,
    acldefault(CASE WHEN relkind = 'S' THEN 's' ELSE 'r' END::"char", relowner) AS usual
  FROM pg_class WHERE relacl IS NOT NULL
  UNION ALL SELECT 'pg_class'::regclass, attrelid, attnum, attacl, NULL
  FROM pg_attribute WHERE attacl IS NOT NULL
  UNION ALL SELECT 'pg_proc'::regclass, oid, 0, proacl, acldefault('f', proowner)
  FROM pg_proc WHERE proacl IS NOT NULL
  UNION ALL SELECT 'pg_namespace'::regclass, oid, 0, nspacl, acldefault('n', nspowner)
  FROM pg_namespace WHERE nspacl IS NOT NULL AND nspname <> 'public'
  UNION ALL SELECT 'pg_namespace'::regclass, oid, 0, coalesce(nspacl, acldefault('n', nspowner)),
    acldefault('n', nspowner) || ARRAY[makeaclitem(0, nspowner, 'USAGE', false)])" +
         std::string(reading.major >= 15 ? ""
                                         : " || ARRAY[makeaclitem(0, nspowner, 'CREATE', false)]") +
         R"(
  FROM pg_namespace WHERE nspname = 'public'
  UNION ALL SELECT 'pg_database'::regclass, oid, 0, datacl, acldefault('d', datdba)
  FROM pg_database WHERE datname = current_database() AND datacl IS NOT NULL
  UNION ALL SELECT 'pg_type'::regclass, oid, 0, typacl, acldefault('T', typowner)
  FROM pg_type WHERE typacl IS NOT NULL
  UNION ALL SELECT 'pg_language'::regclass, oid, 0, lanacl, acldefault('l', lanowner)
  FROM pg_language WHERE lanacl IS NOT NULL
  UNION ALL SELECT 'pg_foreign_data_wrapper'::regclass, oid, 0, fdwacl, acldefault('F', fdwowner)
  FROM pg_foreign_data_wrapper WHERE fdwacl IS NOT NULL
  UNION ALL SELECT 'pg_foreign_server'::regclass, oid, 0, srvacl, acldefault('S', srvowner)
  FROM pg_foreign_server WHERE srvacl IS NOT NULL
) AS x
CROSS JOIN LATERAL (SELECT false AS usual, x.acl AS list UNION ALL SELECT true, x.usual) AS side
CROSS JOIN LATERAL aclexplode(side.list) WITH ORDINALITY AS a
WHERE x.object >= 16384 OR x.catalog IN ('pg_namespace'::regclass, 'pg_database'::regclass)
ORDER BY x.catalog, x.object, x.part, side.usual, a.ordinality)";
}

void ReadGrants(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    catalog::Grant grant;
    grant.id = {row.Oid("catalog"), row.Oid("object"), static_cast<int32_t>(row.Number("part"))};
    grant.grantor = row.Text("grantor");
    grant.grantee = row.Text("grantee");
    grant.privilege = row.Text("privilege");
    grant.grantable = row.Flag("grantable");
    auto& list = row.Flag("usual") ? reading.database.usual_grants : reading.database.grants;
    list.push_back(std::move(grant));
  });
}

}  // namespace

void Reading::DescribeType(catalog::ObjectId id, std::string kind, const catalog::Name& name,
                           std::string owner) {
  Describe(id, "TYPE", QuotedName(name), std::move(owner));
  database.addresses[id].object_kind = std::move(kind);
}

const std::vector<Part>& CommonQueries() {
  static const std::vector<Part> parts = {{DependenciesQuery, ReadDependencies},
                                          {CommentsQuery, ReadComments},
                                          {GrantsQuery, ReadGrants}};
  return parts;
}

std::string EnabledClause(char enabled) {
  switch (enabled) {
    case 'D':
      return "DISABLE";
    case 'R':
      return "ENABLE REPLICA";
    case 'A':
      return "ENABLE ALWAYS";
    default:
      return "";
  }
}

std::string StorageKeyword(char storage) {
  switch (storage) {
    case 'p':
      return "PLAIN";
    case 'e':
      return "EXTERNAL";
    case 'x':
      return "EXTENDED";
    default:
      return "MAIN";
  }
}

std::vector<catalog::Setting> ColumnSettings(const postgres::Record& row, const std::string& alter,
                                             const std::string& column) {
  std::vector<catalog::Setting> settings;
  const auto add = [&](const std::string& set, const std::string& reset) -> catalog::Setting& {
    settings.push_back({alter + set + ";\n", alter + reset + ";\n", column});
    return settings.back();
  };
  if (!row.IsNull("storage")) {
    catalog::Setting& storage = add("SET STORAGE " + StorageKeyword(row.Letter("storage")),
                                    "SET STORAGE " + StorageKeyword(row.Letter("type_storage")));
    storage.storage = true;
    storage.reset_by_type = true;
  }
  if (const char method = row.Letter("compression"); method != '\0') {
    add(std::string("SET COMPRESSION ") + (method == 'l' ? "lz4" : "pglz"),
        "SET COMPRESSION default")
        .reset_by_type = true;
  }
  if (!row.IsNull("statistics")) {
    add("SET STATISTICS " + row.Text("statistics"), "SET STATISTICS -1");
  }
  if (const auto options = row.List("options"); !options.empty()) {
    std::vector<std::string> names;
    for (const std::string& option : options) names.push_back(option.substr(0, option.find('=')));
    add("SET (" + RenderOptions(options) + ")", "RESET (" + Join(names, ", ") + ")");
  }
  return settings;
}

}  // namespace ballast::introspect
