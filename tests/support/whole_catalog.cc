// SPDX-License-Identifier: Apache-2.0
#include "tests/support/whole_catalog.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string_view>

#include "base/text.h"

namespace ballast::testing {
namespace {

// Catalogs that are not compared.
struct LeftOutCatalog {
  std::string_view catalog;
  std::string_view reason;
};
constexpr auto kLeftOutCatalogs = std::to_array<LeftOutCatalog>({
    {"pg_statistic", "what ANALYZE found in the rows"},
    {"pg_statistic_ext_data", "what ANALYZE found in the rows"},
    {"pg_largeobject", "rows, not structure"},
    {"pg_shdepend", "follows from owners and privileges, which are compared"},
    {"pg_authid", "shared by the cluster"},
    {"pg_auth_members", "shared by the cluster"},
    {"pg_database", "shared by the cluster; this database's row is compared by kExtraRows"},
    {"pg_tablespace", "shared by the cluster"},
    {"pg_replication_origin", "shared by the cluster"},
    {"pg_parameter_acl", "shared by the cluster"},
    {"pg_shdescription", "shared by the cluster; this database's is compared by kExtraRows"},
    {"pg_shseclabel", "shared by the cluster; this database's is compared by kExtraRows"},
    {"pg_db_role_setting", "shared by the cluster; this database's are compared by kExtraRows"},
});

// Columns that are not compared. Node trees are compared as the server prints them (kPrinted).
struct LeftOutColumn {
  std::string_view catalog;
  std::string_view column;
  std::string_view reason;
};
constexpr auto kLeftOutColumns = std::to_array<LeftOutColumn>({
    {"pg_class", "relfilenode", "storage"},
    {"pg_class", "relpages", "storage"},
    {"pg_class", "reltuples", "storage"},
    {"pg_class", "relallvisible", "storage"},
    {"pg_class", "relallfrozen", "storage"},
    {"pg_class", "relfrozenxid", "transaction number"},
    {"pg_class", "relminmxid", "transaction number"},
    {"pg_class", "reltoastrelid", "storage; the options of the TOAST table are in kExtraRows"},
    {"pg_class", "relrewrite", "only set during a rewrite"},
    {"pg_class", "relhasindex", "a hint, which stays set when the last index is dropped"},
    {"pg_class", "relhasrules", "a hint, which stays set when the last rule is dropped"},
    {"pg_class", "relhastriggers", "a hint, which stays set when the last trigger is dropped"},
    {"pg_class", "relhassubclass", "a hint, which stays set when the last child is dropped"},
    {"pg_class", "relnatts", "counts dropped columns"},
    {"pg_attribute", "attnum",
     "dropped columns leave holes; the position without them is compared"},
    {"pg_attribute", "attcacheoff", "a cache"},
    {"pg_attribute", "atthasmissing", "how ADD COLUMN avoided a rewrite"},
    {"pg_attribute", "attmissingval", "how ADD COLUMN avoided a rewrite"},
    {"pg_attribute", "attndims", "the number of dimensions as written, which is not enforced"},
    {"pg_collation", "collencoding", "-1 when copied from \"C\", else the database's encoding"},
    {"pg_index", "indcheckxmin", "whether a transaction may use the index yet"},
    {"pg_enum", "enumsortorder", "fractions after ADD VALUE BEFORE; the rank is compared"},
    {"pg_type", "typndims", "the number of dimensions as written, which is not enforced"},
});

// Rows that are not compared.
struct RowFilter {
  std::string_view catalog;
  std::string_view condition;
  std::string_view reason;
};
constexpr auto kRowFilters = std::to_array<RowFilter>({
    {"pg_attribute", "NOT t.attisdropped AND (t.attnum > 0 OR t.attacl IS NOT NULL)",
     "dropped columns are gone; system columns only have privileges"},
    {"pg_depend",
     "(t.deptype <> 'n' OR t.refclassid = 'pg_extension'::regclass) AND NOT (t.deptype IN ('P', "
     "'S') AND EXISTS (SELECT FROM pg_trigger g WHERE t.classid = 'pg_trigger'::regclass AND "
     "g.oid = t.objid AND g.tgisinternal AND g.tgconstraint <> 0))",
     "what an object needs follows from its definition; the trigger of a foreign key on a "
     "partition depends on that of the partitioned table only if the partition was attached, and "
     "on its constraint in any case"},
    {"pg_subscription",
     "t.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())",
     "of other databases"},
});

// Columns that are compared in another form: node trees, which hold OIDs and positions in the
// source, as the server prints them; and what the server does not read.
struct PrintedColumn {
  std::string_view catalog;
  std::string_view column;
  std::string_view expression;
};
constexpr auto kPrinted = std::to_array<PrintedColumn>({
    {"pg_attrdef", "adbin", "pg_get_expr(t.adbin, t.adrelid)"},
    // An index keeps the names that its columns had when it was made.
    {"pg_attribute", "attname",
     "CASE WHEN t.attrelid >= 16384 AND EXISTS (SELECT FROM pg_class i WHERE i.oid = t.attrelid "
     "AND "
     "i.relkind IN ('i', 'I')) THEN '' ELSE t.attname::text END"},
    {"pg_class", "relpartbound", "pg_get_expr(t.relpartbound, t.oid)"},
    {"pg_constraint", "conbin", "pg_get_constraintdef(t.oid)"},
    {"pg_constraint", "conname",
     "CASE WHEN t.conparentid <> 0 AND EXISTS (SELECT FROM pg_constraint p WHERE p.oid = "
     "t.conparentid AND p.conrelid = t.conrelid) THEN '' ELSE t.conname::text END"},
    {"pg_constraint", "connoinherit",
     "(t.connoinherit AND t.contype NOT IN ('p', 'u', 'x'))::text"},
    {"pg_index", "indexprs", "pg_get_indexdef(t.indexrelid)"},
    {"pg_index", "indpred", "pg_get_expr(t.indpred, t.indrelid)"},
    {"pg_partitioned_table", "partexprs", "pg_get_partkeydef(t.partrelid)"},
    {"pg_policy", "polqual", "pg_get_expr(t.polqual, t.polrelid)"},
    {"pg_policy", "polwithcheck", "pg_get_expr(t.polwithcheck, t.polrelid)"},
    {"pg_proc", "proargdefaults", "pg_get_function_arguments(t.oid)"},
    {"pg_proc", "prosqlbody", "CASE WHEN t.oid >= 16384 THEN pg_get_function_sqlbody(t.oid) END"},
    {"pg_publication_rel", "prqual", "pg_get_expr(t.prqual, t.prrelid)"},
    {"pg_rewrite", "ev_qual", "CASE WHEN t.oid >= 16384 THEN pg_get_ruledef(t.oid) END"},
    {"pg_rewrite", "ev_action", "''"},  // in the definition of ev_qual
    {"pg_statistic_ext", "stxexprs", "pg_get_statisticsobjdef_expressions(t.oid)::text"},
    {"pg_trigger", "tgqual", "pg_get_triggerdef(t.oid)"},
    {"pg_type", "typdefaultbin", "pg_get_expr(t.typdefaultbin, 0)"},
});

// The default of each column of privileges: an explicit list of the default ones means the same.
// `compared` is the condition for a row's privileges to be compared; those of what the server makes
// for a range type are on docs/what-the-proof-covers.md.
struct DefaultPrivilege {
  std::string_view column;
  std::string_view expression;
  std::string_view compared = "true";
};
constexpr auto kDefaultPrivileges = std::to_array<DefaultPrivilege>({
    {"relacl", "acldefault(CASE t.relkind WHEN 'S' THEN 's' ELSE 'r' END::\"char\", t.relowner)"},
    {"attacl", "'{}'::aclitem[]"},
    {"proacl", "acldefault('f', t.proowner)",
     "NOT EXISTS (SELECT FROM pg_depend d JOIN pg_type y ON y.oid = d.refobjid AND y.typtype IN "
     "('r', 'm') WHERE d.classid = 'pg_proc'::regclass AND d.objid = t.oid AND d.deptype = 'i')"},
    {"typacl", "acldefault('T', t.typowner)", "t.typtype <> 'm'"},
    {"nspacl", "acldefault('n', t.nspowner)"},
    {"lanacl", "acldefault('l', t.lanowner)"},
    {"fdwacl", "acldefault('F', t.fdwowner)"},
    {"srvacl", "acldefault('S', t.srvowner)"},
});

// Rows that catalogs do not have in the required form.
constexpr auto kExtraRows = std::to_array<std::string_view>({
    "SELECT 'toast options: ' || c.oid::regclass || ' ' || t.reloptions::text FROM pg_class c "
    "JOIN pg_class t ON t.oid = c.reltoastrelid WHERE t.reloptions IS NOT NULL",
    "SELECT 'setting: ' || CASE setrole WHEN 0 THEN '' ELSE pg_get_userbyid(setrole) END || ' ' || "
    "setconfig::text FROM pg_db_role_setting "
    "WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())",
    "SELECT 'database: ' || pg_get_userbyid(datdba) || ' ' || COALESCE(datacl::text, '') || ' ' || "
    "datconnlimit::text || ' ' || COALESCE(shobj_description(oid, 'pg_database'), '') FROM "
    "pg_database "
    "WHERE datname = current_database()",
    "SELECT 'database label: ' || provider || ' ' || label FROM pg_shseclabel WHERE "
    "objoid = (SELECT oid FROM pg_database WHERE datname = current_database())",
    "SELECT 'position: ' || schemaname || '.' || sequencename || ' ' || "
    "COALESCE(last_value::text, '') FROM pg_sequences",
});

struct Reference {
  std::vector<std::string> columns;
  std::string catalog;
  std::vector<std::string> referenced;
  bool is_array = false;
};

struct Column {
  std::string name;
  std::string type;
};

using References = std::multimap<std::string, Reference>;  // by the referencing catalog

postgres::Rows Ask(postgres::Session& session, const std::string& sql) {
  auto results = session.Query(sql);
  EXPECT_TRUE(results.ok()) << results.error().message << " " << results.error().Detail("statement")
                            << "\n"
                            << sql.substr(0, 3000);
  return results.ok() ? std::move(results->back()) : postgres::Rows{};
}

std::vector<std::string> Names(const std::string& array) {  // "{a,b}"
  return Split(array.substr(1, array.size() - 2), ',');
}

References ReadReferences(postgres::Session& session) {
  References references;
  const postgres::Rows rows =
      Ask(session,
          "SELECT fktable::text, fkcols::text, pktable::text, pkcols::text, is_array::text FROM "
          "pg_get_catalog_foreign_keys()");
  for (const auto& row : rows.rows) {
    references.emplace(row[0].value_or(""),
                       Reference{Names(row[1].value_or("{}")), row[2].value_or(""),
                                 Names(row[3].value_or("{}")), row[4].value_or("") == "true"});
  }
  return references;
}

const References& ReferencesFor(postgres::Session& session) {
  static std::map<int, References> known;
  const int major = session.server_major();
  const auto found = known.find(major);
  if (found != known.end()) return found->second;
  if (major >= 14) return known[major] = ReadReferences(session);
  TestDatabase newest;
  (void)newest.session().Run("SET search_path = pg_catalog");
  return known[major] = ReadReferences(newest.session());
}

// The name of what an OID means in a catalog; the OIDs of initdb are the same in every database.
std::string NameOfOid(const std::string& oid, const std::string& catalog) {
  if (catalog == "pg_authid") {
    return fmt::format("CASE {0} WHEN 0 THEN '-' ELSE pg_get_userbyid({0})::text END", oid);
  }
  return fmt::format(
      "CASE WHEN {0} < 16384 THEN {0}::text ELSE COALESCE((SELECT type || ' ' || identity FROM "
      "pg_identify_object('pg_catalog.{1}'::regclass, {0}, 0)), 'OID of {1}') END",
      oid, catalog);
}

std::string NameOfColumn(const std::string& relation, const std::string& number) {
  return fmt::format(
      "COALESCE((SELECT attname::text FROM pg_attribute a WHERE a.attrelid = {} AND a.attnum = "
      "{}), "
      "{}::text)",
      relation, number, number);
}

std::string ListOf(const std::string& column, const std::string& type, const std::string& name) {
  return fmt::format(
      "(SELECT string_agg({}, ',' ORDER BY n) FROM unnest(t.{}::{}) WITH ORDINALITY z (u, n))",
      name, column, type);
}

// How a column that refers to another catalog is printed; empty: it does not.
std::string ReferenceText(const std::string& catalog, const std::string& column,
                          const References& references) {
  const auto [begin, end] = references.equal_range(catalog);
  for (auto at = begin; at != end; ++at) {
    const Reference& reference = at->second;
    if (reference.columns.back() != column) continue;
    if (reference.columns.size() == 1 && reference.referenced[0] == "oid") {
      return reference.is_array ? ListOf(column, "oid[]", NameOfOid("u", reference.catalog))
                                : NameOfOid("t." + column, reference.catalog);
    }
    if (reference.columns.size() == 2 && reference.catalog == "pg_attribute") {
      const std::string relation = "t." + reference.columns[0];
      return reference.is_array ? ListOf(column, "int2[]", NameOfColumn(relation, "u"))
                                : NameOfColumn(relation, "t." + column);
    }
  }
  return {};
}

std::string PrivilegesText(const std::string& column) {
  const auto* known =
      std::find_if(kDefaultPrivileges.begin(), kDefaultPrivileges.end(),
                   [&](const DefaultPrivilege& one) { return one.column == column; });
  const std::string privileges = known == kDefaultPrivileges.end()
                                     ? "t." + column
                                     : fmt::format("CASE WHEN {} THEN COALESCE(t.{}, {}) END",
                                                   known->compared, column, known->expression);
  return fmt::format("(SELECT string_agg(r::text, ',' ORDER BY r::text) FROM unnest({}) r)",
                     privileges);
}

template <class Table>
bool HasEntry(const Table& table, const std::string& catalog, const std::string& column) {
  return std::any_of(table.begin(), table.end(), [&](const auto& entry) {
    return entry.catalog == catalog && entry.column == column;
  });
}

// Empty: the column is not compared.
std::string ColumnText(const std::string& catalog, const Column& column,
                       const References& references) {
  if (column.name == "oid" || HasEntry(kLeftOutColumns, catalog, column.name)) return {};
  const auto* printed = std::find_if(kPrinted.begin(), kPrinted.end(), [&](const auto& entry) {
    return entry.catalog == catalog && entry.column == column.name;
  });
  if (printed != kPrinted.end()) return std::string(printed->expression);
  EXPECT_NE(column.type, "pg_node_tree") << catalog << "." << column.name << " cannot be printed";
  // The three columns of an address are the row's identity.
  static const std::set<std::string> address = {"classid",  "objid",       "objsubid", "refclassid",
                                                "refobjid", "refobjsubid", "classoid", "objoid"};
  if (address.contains(column.name)) return {};
  if (column.type == "aclitem[]") return PrivilegesText(column.name);
  std::string text = ReferenceText(catalog, column.name, references);
  return text.empty() ? "t." + column.name + "::text" : text;
}

std::string AddressText(const std::string& prefix, const std::string& class_column,
                        const std::string& object_column, const std::string& part_column) {
  return fmt::format(
      "CASE WHEN t.{2} < 16384 THEN t.{1}::text || ' ' || t.{2}::text || ' ' || {3}::text ELSE "
      "COALESCE((SELECT type || ' ' || identity FROM pg_identify_object(t.{1}, t.{2}, {3})), "
      "'{0}?') END",
      prefix, class_column, object_column, part_column);
}

std::string IdentityText(const std::string& catalog, const std::set<std::string>& columns) {
  if (columns.contains("refobjid")) {
    return AddressText("", "classid", "objid", "t.objsubid") + " || ' -> ' || " +
           AddressText("", "refclassid", "refobjid", "t.refobjsubid");
  }
  if (columns.contains("objoid")) {
    return AddressText("", "classoid", "objoid", columns.contains("objsubid") ? "t.objsubid" : "0");
  }
  if (!columns.contains("oid") || catalog == "pg_enum") return "''";  // no object of its own
  return fmt::format(
      "CASE WHEN t.oid < 16384 THEN t.oid::text ELSE COALESCE((SELECT type || ' ' || identity FROM "
      "pg_identify_object('pg_catalog.{}'::regclass, t.oid, 0)), '') END",
      catalog);
}

// How columns are compared that are compared in another form.
std::string OtherForm(const std::string& catalog) {
  if (catalog == "pg_attribute") {
    return " || '; position=' || (SELECT count(*)::text FROM pg_attribute b WHERE b.attrelid = "
           "t.attrelid "
           "AND b.attnum > 0 AND NOT b.attisdropped AND b.attnum <= t.attnum)";
  }
  if (catalog == "pg_enum") {
    return " || '; rank=' || (SELECT count(*)::text FROM pg_enum b WHERE b.enumtypid = t.enumtypid "
           "AND "
           "b.enumsortorder <= t.enumsortorder)";
  }
  return {};
}

std::string QueryOf(const std::string& catalog, const std::vector<Column>& columns,
                    const References& references) {
  std::string text;
  std::set<std::string> names;
  for (const Column& column : columns) {
    names.insert(column.name);
    const std::string value = ColumnText(catalog, column, references);
    if (value.empty()) continue;
    text += fmt::format(" || '{}{}=' || COALESCE({}, 'NULL')", text.empty() ? "" : "; ",
                        column.name, value);
  }
  std::string query = fmt::format("SELECT '{}: ' || {} || ' | '{}{} FROM pg_catalog.{} t", catalog,
                                  IdentityText(catalog, names), text, OtherForm(catalog), catalog);
  for (const RowFilter& filter : kRowFilters) {
    if (filter.catalog == catalog) query += fmt::format(" WHERE {}", filter.condition);
  }
  return query;
}

std::map<std::string, std::vector<Column>> ReadColumns(postgres::Session& session) {
  std::map<std::string, std::vector<Column>> catalogs;
  const postgres::Rows rows = Ask(
      session,
      "SELECT c.relname, quote_ident(a.attname), format_type(a.atttypid, NULL) FROM pg_class c "
      "JOIN "
      "pg_attribute a ON a.attrelid = c.oid WHERE c.relnamespace = 'pg_catalog'::regnamespace AND "
      "c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped AND c.oid < 16384 "
      "ORDER BY c.relname, a.attnum");
  for (const auto& row : rows.rows) {
    catalogs[row[0].value_or("")].push_back({row[1].value_or(""), row[2].value_or("")});
  }
  for (const LeftOutCatalog& left : kLeftOutCatalogs) catalogs.erase(std::string(left.catalog));
  return catalogs;
}

// A foreign key has a part for each partition of the table that it references. The server chooses
// its name when it makes it, so the name depends on what else existed then; pg_dump does not print
// it. By the identity that contains the name: one without.
std::map<std::string, std::string> PartsOfForeignKeys(postgres::Session& session) {
  std::map<std::string, std::string> parts;
  const postgres::Rows rows =
      Ask(session,
          "SELECT o.identity, 'for ' || t.confrelid::regclass::text || ' of ' || "
          "t.conrelid::regclass::text || ' ' || t.conkey::text FROM pg_constraint t JOIN "
          "pg_constraint p ON p.oid = t.conparentid AND p.conrelid = t.conrelid, "
          "pg_identify_object('pg_constraint'::regclass, t.oid, 0) o WHERE t.contype = 'f'");
  for (const auto& row : rows.rows) parts[row[0].value_or("")] = row[1].value_or("");
  return parts;
}

std::string WithoutPartNames(std::string line, const std::map<std::string, std::string>& parts) {
  const std::string_view kConstraint = "table constraint ";
  for (size_t at = 0; (at = line.find(kConstraint, at)) != line.npos;) {
    at += kConstraint.size();
    const size_t end = line.find_first_of(";|", at);  // these end what the judge prints
    const size_t arrow = line.find(" -> ", at);
    const std::string rest = line.substr(at, std::min(end, arrow) - at);
    const auto part = parts.find(std::string(Trim(rest)));
    if (part == parts.end()) continue;
    line.replace(at, part->first.size(), part->second);
  }
  return line;
}

// The migrations table, the journal, and what has an OID in its name.
bool IsOurs(const std::string& line) {
  return line.find("public._prisma_migrations") != line.npos ||
         line.find("schema ballast") != line.npos || line.find(" ballast.") != line.npos ||
         line.find("pg_toast") != line.npos || line.find("pg_temp") != line.npos;
}

std::string WithoutChance(std::string line) {
  static const std::regex internal_trigger("(ConstraintTrigger(_[ac])?)_[0-9]+");
  static const std::regex mark_of_15_20("\\{?pg_attver=[0-9]+,?\\}?");
  if (line.find("ConstraintTrigger") != line.npos) {
    line = std::regex_replace(line, internal_trigger, "$1");
  }
  if (line.find("pg_attver") != line.npos) {
    line = std::regex_replace(line, mark_of_15_20, "NULL");
  }
  return line;
}

}  // namespace

std::vector<std::string> ReadWholeCatalog(postgres::Session& session) {
  (void)Ask(session, "SET search_path = pg_catalog; SET jit = off; SET timezone = 'UTC'; SELECT 1");
  const References& references = ReferencesFor(session);
  std::string message;
  for (const auto& [catalog, columns] : ReadColumns(session)) {
    message += QueryOf(catalog, columns, references) + "\nUNION ALL ";
  }
  message += Join({kExtraRows.begin(), kExtraRows.end()}, "\nUNION ALL ");
  const std::map<std::string, std::string> parts = PartsOfForeignKeys(session);
  std::vector<std::string> lines;
  for (const auto& row : Ask(session, message).rows) {
    EXPECT_TRUE(row[0].has_value());
    std::string line = WithoutPartNames(WithoutChance(row[0].value_or("")), parts);
    if (!IsOurs(line)) lines.push_back(std::move(line));
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

std::vector<std::string> ReadWholeCatalog(const TestDatabase& db) {
  postgres::Session session = db.Connect();
  return ReadWholeCatalog(session);
}

std::vector<std::string> CompareWholeCatalogs(const std::vector<std::string>& a,
                                              const std::vector<std::string>& b) {
  std::vector<std::string> only_a, only_b, lines;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(only_a));
  std::set_difference(b.begin(), b.end(), a.begin(), a.end(), std::back_inserter(only_b));
  for (const std::string& line : only_a) lines.push_back("- " + line);
  for (const std::string& line : only_b) lines.push_back("+ " + line);
  return lines;
}

}  // namespace ballast::testing
