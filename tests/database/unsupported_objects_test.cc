// SPDX-License-Identifier: Apache-2.0
// The guard: nothing that a user made stays unsaid, on versions known and unknown.
#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>

#include "base/text.h"
#include "introspect/catalog_classes.h"
#include "introspect/unsupported_objects.h"
#include "tests/support/snapshot_case.h"

namespace ballast::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class UnsupportedObjectsTest : public MajorsTest {
 protected:
  std::vector<std::string> Found() {
    (void)db().session().Run("SET jit = off; SET search_path = public");
    auto found = introspect::FindUnsupportedObjects(db().session());
    EXPECT_TRUE(found.ok()) << found.error().Detail("server_message");
    return found.ok() ? *found : std::vector<std::string>{};
  }
};

TEST_P(UnsupportedObjectsTest, EveryKindIsSupported) {
  db().Run(EveryKindScript(db().session().server_major()));
  EXPECT_THAT(Found(), IsEmpty());
}

TEST_P(UnsupportedObjectsTest, ExtensionsCarryTheirOwn) {
  db().Run(
      "CREATE EXTENSION citext; CREATE EXTENSION hstore; CREATE EXTENSION pg_stat_statements; "
      "CREATE EXTENSION btree_gist; CREATE EXTENSION postgres_fdw; CREATE EXTENSION ltree");
  EXPECT_THAT(Found(), IsEmpty());
}

TEST_P(UnsupportedObjectsTest, NamesObjectsInUnusualPlaces) {
  db().Run(
      "CREATE FUNCTION pg_catalog.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'; "
      "CREATE TABLE information_schema.mine (a int); "
      "CREATE TABLE t (a int); COMMENT ON TYPE t IS 'of a row type'");
  EXPECT_THAT(Found(), ElementsAre("comment on type public.t", "function pg_catalog.mine()",
                                   "table information_schema.mine"));
}

TEST_P(UnsupportedObjectsTest, IgnoresMigrationsTableAndJournal) {
  db().Run(
      "CREATE TABLE _prisma_migrations (id varchar(36) PRIMARY KEY, logs text); "
      "COMMENT ON TABLE _prisma_migrations IS 'x'; CREATE SCHEMA ballast; "
      "CREATE TABLE ballast.journal (id serial PRIMARY KEY, a text UNIQUE); "
      "CREATE FUNCTION ballast.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; "
      "CREATE TEMP TABLE tt (a serial PRIMARY KEY, b text)");
  EXPECT_THAT(Found(), IsEmpty());
}

// The relations of pg_catalog with their columns, sorted.
std::map<std::string, std::set<std::string>> CatalogsOf(TestDatabase& db) {
  std::map<std::string, std::set<std::string>> catalogs;
  const std::string table = db.Table(
      "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid "
      "WHERE c.relnamespace = 'pg_catalog'::regnamespace AND c.relkind = 'r' AND a.attnum > 0");
  for (const std::string& line : Split(table, '\n')) {
    const std::vector<std::string> fields = Split(line, '|');
    if (fields.size() == 2) catalogs[fields[0]].insert(fields[1]);
  }
  return catalogs;
}

// "pg_am: amhandler amname …" by line, of all versions together; looked through by a person.
std::map<std::string, std::set<std::string>> LookedThrough() {
  const char* source = std::getenv("BALLAST_SOURCE_DIR");
  std::ifstream file(std::string(source == nullptr ? "." : source) +
                     "/tests/database/catalog_columns.txt");
  std::map<std::string, std::set<std::string>> catalogs;
  for (std::string line; std::getline(file, line);) {
    const std::vector<std::string> words = Split(line, ' ');
    if (line.empty() || line[0] == '#') continue;
    catalogs[words[0].substr(0, words[0].size() - 1)] = {words.begin() + 1, words.end()};
  }
  return catalogs;
}

// A new server version fails here until somebody has looked at what it can hold.
TEST_P(UnsupportedObjectsTest, EveryCatalogColumnIsClassified) {
  const auto known = LookedThrough();
  ASSERT_THAT(known, ::testing::Not(IsEmpty())) << "set BALLAST_SOURCE_DIR";
  const auto classes = introspect::CatalogClasses();
  for (const auto& [catalog, columns] : CatalogsOf(db())) {
    const bool classified =
        std::any_of(classes.begin(), classes.end(),
                    [&, name = catalog](const auto& entry) { return entry.name == name; });
    EXPECT_TRUE(classified) << catalog << " is in no row of CatalogClasses()";
    const auto found = known.find(catalog);
    ASSERT_NE(found, known.end()) << catalog;
    for (const std::string& column : columns) {
      EXPECT_TRUE(found->second.contains(column)) << catalog << "." << column << " is new";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Majors, UnsupportedObjectsTest, ::testing::ValuesIn(UsualMajors()));
INSTANTIATE_TEST_SUITE_P(Slow, UnsupportedObjectsTest, ::testing::ValuesIn(FurtherMajors()));

}  // namespace
}  // namespace ballast::testing
