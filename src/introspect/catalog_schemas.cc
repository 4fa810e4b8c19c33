// SPDX-License-Identifier: Apache-2.0
// Schemas, extensions and enums.
#include "catalog/render_ddl.h"
#include "introspect/catalog_internal.h"
#include "sql/quote.h"

namespace ballast::introspect {
namespace {

std::string SchemasQuery(const Reading&) {
  return std::string(
             "SELECT n.oid::int8 AS oid, n.nspname AS name, "
             "pg_get_userbyid(n.nspowner) AS owner, pg_get_userbyid(10) AS first_role "
             "FROM pg_namespace AS n WHERE ") +
         SupportedSchema() + " AND " + NotOfExtension("pg_namespace", "n.oid");
}

// `public` always exists; only changes to it are written.
void ReadStandingSchema(const postgres::Record& row, Reading& reading) {
  const std::string name = row.Text("name");
  const catalog::ObjectId id = reading.Id("pg_namespace", row.Oid("oid"));
  const bool target = name == reading.target;
  const std::string usual_owner = name != "public"      ? reading.database.owner
                                  : reading.major >= 15 ? "pg_database_owner"
                                                        : row.Text("first_role");
  catalog::Address address{"SCHEMA",
                           target ? "%I" : sql::QuoteIdentifier(name),
                           row.Text("owner"),
                           row.Text("owner") == usual_owner,
                           target ? "current_schema()" : "",
                           false,
                           {}};
  address.owner_changed = !address.owner_follows;
  reading.database.addresses[id] = std::move(address);
}

void ReadSchemas(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    const std::string name = row.Text("name");
    if (name == reading.target || name == "public") {
      ReadStandingSchema(row, reading);
      return;
    }
    const catalog::ObjectId id = reading.Id("pg_namespace", row.Oid("oid"));
    reading.Describe(id, "SCHEMA", sql::QuoteIdentifier(name), row.Text("owner"));
    reading.Define(id, catalog::Step::kCreateSchema, {"", name},
                   catalog::RenderCreateSchema({name}));
  });
}

std::string ExtensionsQuery(const Reading&) {
  return R"(
SELECT e.oid::int8 AS oid, e.extname AS name, n.nspname AS schema, e.extversion AS version,
  a.default_version,
  EXISTS (SELECT 1 FROM pg_depend AS d WHERE d.classid = 'pg_namespace'::regclass
          AND d.objid = n.oid AND d.deptype = 'e') AS own_schema
FROM pg_extension AS e
JOIN pg_namespace AS n ON n.oid = e.extnamespace
LEFT JOIN pg_available_extensions AS a ON a.name = e.extname
WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_extension'::regclass
    AND d.objid = e.oid AND d.deptype = 'e'))";
}

// Objects can depend on plpgsql, but every database has it.
void ReadExtensions(const postgres::Rows& rows, Reading& reading) {
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    const std::string schema = row.Text("schema");
    catalog::Extension extension{row.Text("name"), {}, {}};
    if (schema != reading.target && !row.Flag("own_schema")) extension.schema = schema;
    if (row.Text("version") != row.Text("default_version")) {
      extension.version = row.Text("version");
    }
    const catalog::ObjectId id = reading.Id("pg_extension", row.Oid("oid"));
    reading.Describe(id, "EXTENSION", sql::QuoteIdentifier(extension.name));
    if (extension.name == "plpgsql") return;
    reading.Define(id, catalog::Step::kCreateExtension, {"", extension.name},
                   catalog::RenderCreateExtension(extension));
    reading.database.definitions.back().created = std::move(extension);
  });
}

std::string EnumsQuery(const Reading&) {
  return std::string(R"(
SELECT t.oid::int8 AS oid, n.nspname AS schema, t.typname AS name,
  pg_get_userbyid(t.typowner) AS owner, e.enumlabel AS label
FROM pg_type AS t
JOIN pg_namespace AS n ON n.oid = t.typnamespace
LEFT JOIN pg_enum AS e ON e.enumtypid = t.oid
WHERE t.typtype = 'e' AND )") +
         SupportedSchema() + " AND " + NotOfExtension("pg_type", "t.oid") +
         " ORDER BY t.oid, e.enumsortorder";
}

void ReadEnums(const postgres::Rows& rows, Reading& reading) {
  catalog::Enum type;
  uint32_t last = 0;
  postgres::ForEachRecord(rows, [&](const postgres::Record& row) {
    if (row.Oid("oid") != last) {
      last = row.Oid("oid");
      type = {reading.NameOf(row), {}};
      const catalog::ObjectId id = reading.Id("pg_type", last);
      reading.DescribeType(id, "enum", type.name, row.Text("owner"));
      reading.Define(id, catalog::Step::kCreateEnum, type.name, "");
    }
    if (!row.IsNull("label")) type.values.push_back(row.Text("label"));
    catalog::Definition& definition = reading.database.definitions.back();
    definition.statements = catalog::RenderCreateEnum(type);
    definition.created = type;
  });
}

}  // namespace

const std::vector<Part>& SchemaQueries() {
  static const std::vector<Part> parts = {
      {SchemasQuery, ReadSchemas}, {ExtensionsQuery, ReadExtensions}, {EnumsQuery, ReadEnums}};
  return parts;
}

}  // namespace ballast::introspect
