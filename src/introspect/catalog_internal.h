// SPDX-License-Identifier: Apache-2.0
// The object kinds of catalog_reader: a query for each, and a function that reads its result. Only
// for this folder.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "catalog/database.h"
#include "introspect/catalog_reader.h"
#include "postgres/record.h"

namespace ballast::introspect {

using catalog::QuotedName;

// The result of the parts so far.
struct Reading {
  int major = 0;
  std::string target;
  const CatalogOptions* options = nullptr;
  catalog::Database database;
  std::map<uint32_t, size_t> tables;         // pg_class OID → database.tables
  std::map<std::string, uint32_t> catalogs;  // "pg_class" → its OID
  std::set<std::string> hidden_names;        // of the target schema, hidden by those of pg_catalog
  // Those whose position the role may not read. It may not create them again, either.
  std::set<catalog::ObjectId> unreadable_sequences;

  catalog::ObjectId Id(const std::string& catalog, uint32_t oid, int32_t part = 0) const {
    return {catalogs.at(catalog), oid, part};
  }
  // The bare name in the target schema unless pg_catalog also has it; else the qualified name.
  catalog::Name NameOf(const std::string& schema, const std::string& name) const {
    return {schema == target && !hidden_names.contains(name) ? "" : schema, name};
  }
  catalog::Name NameOf(const postgres::Record& record) const {
    return NameOf(record.Text("schema"), record.Text("name"));
  }
  void Describe(catalog::ObjectId id, std::string kind, std::string text, std::string owner = {}) {
    catalog::Address& address = database.addresses[id];
    address.kind = std::move(kind);
    address.text = std::move(text);
    address.owner_follows = owner.empty();
    address.owner = std::move(owner);
  }
  // `kind`: in snapshots.
  void DescribeType(catalog::ObjectId id, std::string kind, const catalog::Name& name,
                    std::string owner);
  void Define(catalog::ObjectId id, catalog::Step step, catalog::Name name, std::string statements,
              std::string detail = {}) {
    catalog::Definition definition;
    definition.id = id;
    definition.step = step;
    definition.name = std::move(name);
    definition.detail = std::move(detail);
    definition.statements = std::move(statements);
    database.definitions.push_back(std::move(definition));
  }
  // Defines properties of an existing object.
  void DefineSettings(catalog::ObjectId id, catalog::Step step, catalog::Name name,
                      std::vector<catalog::Setting> settings, std::string detail = {}) {
    Define(id, step, std::move(name), catalog::SetStatements(settings), std::move(detail));
    database.definitions.back().settings = std::move(settings);
  }
};

struct Part {
  std::string (*query)(const Reading& reading);
  void (*take)(const postgres::Rows& rows, Reading& reading);
};

// In reading order: later parts use earlier ones.
const std::vector<Part>& SchemaQueries();
const std::vector<Part>& TableQueries();
const std::vector<Part>& ConstraintQueries();
const std::vector<Part>& IndexQueries();
const std::vector<Part>& FunctionQueries();
const std::vector<Part>& ViewQueries();
const std::vector<Part>& TypeQueries();
const std::vector<Part>& AggregateQueries();
const std::vector<Part>& OperatorQueries();
const std::vector<Part>& TextSearchQueries();
const std::vector<Part>& ForeignDataQueries();
const std::vector<Part>& RelationExtraQueries();
const std::vector<Part>& DatabaseQueries();
const std::vector<Part>& CommonQueries();
const std::vector<Part>& UnsupportedQueries();

// SQL: n is a schema whose objects the baseline carries.
std::string SupportedSchema();

// Sets everything that affects how the server prints values and names, for one transaction.
std::string TextSettings();

// SQL: the object is not a member of an extension.
std::string NotOfExtension(const std::string& catalog, const std::string& oid);

// SQL: the object's own storage parameters, separated by \x1f.
std::string OptionList(const std::string& expression);

// SQL: the storage parameters of column `a`, without attver, which Debian's 15.20 adds and its
// pg_dump also omits.
inline constexpr const char* kColumnOptions =
    "ARRAY(SELECT o FROM unnest(a.attoptions) AS o WHERE o NOT LIKE 'pg\\_attver=%')";

// SQL: "OPTIONS (name 'value', …)" of a foreign-data array, or an empty text.
std::string FdwOptions(const std::string& expression);

// SQL: the name as in the script: bare in the target schema and in pg_catalog.
std::string QuotedNameSql(const std::string& schema, const std::string& name);

// SQL: a function's name by its OID, as QuotedNameSql.
std::string FunctionName(const std::string& oid);

// Formats name=value pairs for WITH ( ).
std::string RenderOptions(const std::vector<std::string>& options);

// The ALTER TABLE keyword for a trigger's or rule's firing mode (tgenabled, ev_enabled,
// evtenabled); empty for the default.
std::string EnabledClause(char enabled);
// The keyword for attstorage and typstorage.
std::string StorageKeyword(char storage);
// Those of the columns `storage` (with `type_storage`), `compression`, `statistics` and `options`
// of a row that are set. `alter`: the beginning of the statements, up to and including the name and
// a space. `column`: the column of a table (Setting::column).
std::vector<catalog::Setting> ColumnSettings(const postgres::Record& row, const std::string& alter,
                                             const std::string& column);

}  // namespace ballast::introspect
