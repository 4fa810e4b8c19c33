// SPDX-License-Identifier: Apache-2.0
#include "catalog/baseline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "catalog/baseline_internal.h"
#include "catalog/dependency_order.h"
#include "catalog/inheritance.h"
#include "catalog/prisma_type_names.h"
#include "catalog/rows.h"

namespace ballast::catalog {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr uint32_t kClass = 1259;
constexpr uint32_t kDefault = 2604;
constexpr uint32_t kConstraint = 2606;
constexpr uint32_t kProcedure = 1255;
constexpr uint32_t kRule = 2618;

// A table of integer columns, by names; its OID decides nothing.
TableObject MakeTable(uint32_t oid, const std::string& name,
                      const std::vector<std::string>& columns) {
  TableObject table;
  table.id = {kClass, oid, 0};
  table.table.name = {"", name};
  for (const std::string& column : columns) {
    Column made;
    made.name = column;
    made.type = "integer";
    table.table.columns.push_back(made);
    table.defaults.push_back({kDefault, 0, 0});
    table.bare_types.emplace_back("integer");
    table.numbers.push_back(static_cast<int32_t>(table.numbers.size()) + 1);
    table.inherited.push_back(false);
    table.merged.push_back(false);
    table.not_null_local.push_back(true);
    table.not_nulls.emplace_back();
  }
  return table;
}

Definition MakeFunction(uint32_t oid, const std::string& name) {
  return MakeDefinition({kProcedure, oid, 0}, Step::kCreateFunction, {"", name},
                        "CREATE FUNCTION " + name + ";\n");
}

std::vector<std::string> Titles(const std::string& script) {
  std::vector<std::string> titles;
  for (size_t at = script.find("-- "); at != std::string::npos; at = script.find("\n-- ", at)) {
    if (script[at] == '\n') ++at;
    titles.push_back(script.substr(at + 3, script.find('\n', at) - at - 3));
  }
  return titles;
}

TEST(BaselineTest, AnEmptyDatabaseIsAnEmptyScript) {
  EXPECT_EQ(RenderBaseline({}).text, "");
}

TEST(BaselineTest, OrdersByName) {
  Database one;
  one.tables = {MakeTable(1, "b", {"x"}), MakeTable(2, "a", {"x"})};
  Database two;
  two.tables = {MakeTable(9, "a", {"x"}), MakeTable(5, "b", {"x"})};
  EXPECT_EQ(RenderBaseline(one).text, RenderBaseline(two).text);
  EXPECT_EQ(RenderBaseline(one).text,
            "-- CreateTable\nCREATE TABLE \"a\" (\n    \"x\" INTEGER\n);\n\n"
            "-- CreateTable\nCREATE TABLE \"b\" (\n    \"x\" INTEGER\n);\n");
}

TEST(BaselineTest, CreatesWhatATableNeedsFirst) {
  Database database;
  database.tables = {MakeTable(1, "a", {"x"}), MakeTable(2, "t", {"x"})};
  database.tables[1].defaults[0] = {kDefault, 7, 0};
  database.tables[1].table.columns[0].default_value = "f()";
  database.definitions = {MakeFunction(3, "f"), MakeFunction(4, "late")};
  database.dependencies = {{{kDefault, 7, 0}, {kProcedure, 3, 0}, 'n'}};
  database.has_functions = true;
  const std::string text = RenderBaseline(database).text;
  EXPECT_THAT(Titles(text), ElementsAre("Settings", "CreateTable", "CreateFunction",
                                        "CreateFunction", "CreateTable"));
  EXPECT_LT(text.find("FUNCTION f"), text.find("TABLE \"t\""));
}

TEST(BaselineTest, BreaksACycleAtADefault) {
  Database database;
  database.tables = {MakeTable(1, "t", {"x"})};
  database.tables[0].defaults[0] = {kDefault, 7, 0};
  database.tables[0].table.columns[0].default_value = "f(NULL::t)";
  database.definitions = {MakeFunction(3, "f")};
  database.dependencies = {{{kDefault, 7, 0}, {kProcedure, 3, 0}, 'n'},
                           {{kProcedure, 3, 0}, {kClass, 1, 0}, 'n'}};
  const BaselineScript script = RenderBaseline(database);
  EXPECT_THAT(script.unsupported, IsEmpty());
  EXPECT_THAT(Titles(script.text), ElementsAre("CreateTable", "CreateFunction", "AlterTable"));
  EXPECT_THAT(script.text,
              HasSubstr("ALTER TABLE ONLY \"t\" ALTER COLUMN \"x\" SET DEFAULT f(NULL::t);"));
}

TEST(BaselineTest, BreaksACycleAtACheck) {
  Database database;
  database.tables = {MakeTable(1, "t", {"x"})};
  TableConstraint check;
  check.id = {kConstraint, 8, 0};
  check.name = "fine";
  check.definition = "CHECK (f(t.*))";
  database.tables[0].constraints = {check};
  database.definitions = {MakeFunction(3, "f")};
  database.dependencies = {{check.id, {kProcedure, 3, 0}, 'n'},
                           {{kProcedure, 3, 0}, {kClass, 1, 0}, 'n'}};
  const std::string text = RenderBaseline(database).text;
  EXPECT_THAT(Titles(text), ElementsAre("CreateTable", "CreateFunction", "AlterTable"));
  EXPECT_THAT(text, HasSubstr("ALTER TABLE \"t\" ADD CONSTRAINT \"fine\" CHECK (f(t.*));"));
}

TEST(BaselineTest, CreatesAPlaceholderForAViewInACycle) {
  Database database;
  Definition view = MakeDefinition({kClass, 1, 0}, Step::kCreateView, {"", "v"},
                                   "CREATE VIEW v AS SELECT f();\n");
  view.placeholder = "CREATE VIEW v AS SELECT NULL;\n";
  view.body = {kRule, 2, 0};
  database.definitions = {view, MakeFunction(3, "f")};
  database.dependencies = {{{kRule, 2, 0}, {kProcedure, 3, 0}, 'n'},
                           {{kRule, 2, 0}, {kClass, 1, 0}, 'i'},
                           {{kProcedure, 3, 0}, {kClass, 1, 0}, 'n'}};
  EXPECT_EQ(RenderBaseline(database).text,
            "-- CreateView\nCREATE VIEW v AS SELECT NULL;\n\n"
            "-- CreateFunction\nCREATE FUNCTION f;\n\n"
            "-- CreateView\nCREATE OR REPLACE VIEW v AS SELECT f();\n");
}

TEST(BaselineTest, NamesACycleThatCannotBeBroken) {
  Database database;
  database.definitions = {MakeFunction(1, "f"), MakeFunction(2, "g")};
  database.dependencies = {{{kProcedure, 1, 0}, {kProcedure, 2, 0}, 'n'},
                           {{kProcedure, 2, 0}, {kProcedure, 1, 0}, 'n'}};
  const BaselineScript script = RenderBaseline(database);
  ASSERT_EQ(script.unsupported.size(), 1U);
  EXPECT_EQ(script.unsupported[0].name, "f, g");
}

TEST(BaselineTest, RecognizesSerialColumns) {
  Database database;
  database.tables = {MakeTable(1, "t", {"id"})};
  Column& column = database.tables[0].table.columns[0];
  column.not_null = true;
  column.default_value = "nextval('t_id_seq'::regclass)";
  database.tables[0].defaults[0] = {kDefault, 7, 0};
  Sequence sequence;
  sequence.id = {kClass, 2, 0};
  sequence.name = {"", "t_id_seq"};
  sequence.type = "integer";
  sequence.maximum = 2147483647;
  sequence.column = {kClass, 1, 1};
  database.sequences = {sequence};
  database.dependencies = {{{kDefault, 7, 0}, sequence.id, 'n'},
                           {sequence.id, sequence.column, 'a'}};
  EXPECT_THAT(Titles(RenderBaseline(database).text), ElementsAre("CreateTable"));
  EXPECT_THAT(RenderBaseline(database).text, HasSubstr("\"id\" SERIAL NOT NULL"));

  database.sequences[0].cache = 5;
  EXPECT_THAT(Titles(RenderBaseline(database).text),
              ElementsAre("CreateSequence", "CreateTable", "AlterSequence"));
  EXPECT_THAT(RenderBaseline(database).text,
              HasSubstr("CREATE SEQUENCE \"t_id_seq\" AS integer CACHE 5;"));

  database.sequences[0].cache = 1;
  database.tables[0].table.columns[0].not_null = false;
  EXPECT_THAT(RenderBaseline(database).text, Not(HasSubstr("SERIAL")));
}

TEST(BaselineTest, PlacesRowsAfterTablesAndBeforeIndexes) {
  Database database;
  database.tables = {MakeTable(1, "a", {"x"}), MakeTable(2, "b", {"x"})};
  IndexObject index;
  index.id = {kClass, 3, 0};
  index.table = database.tables[0].id;
  index.index.name = "i";
  index.index.table = {"", "a"};
  index.index.keys = {{"x", "", "", "", ""}};
  database.indexes = {index};
  const std::map<ObjectId, std::string> rows = {{database.tables[0].id, "INSERT …;\n"}};
  EXPECT_THAT(Titles(RenderBaseline(database, rows).text),
              ElementsAre("CreateTable", "CreateTable", "InsertRows", "CreateIndex"));
}

TEST(BaselineTest, WritesPrivilegesRelativeToTheDefaults) {
  Database database;
  database.owner = "me";
  database.tables = {MakeTable(1, "t", {"x"})};
  const ObjectId id = database.tables[0].id;
  database.addresses[id] = {"TABLE", "\"t\"", "me", false, "", false, ""};
  database.usual_grants = {{id, "me", "me", "INSERT", false}, {id, "me", "me", "SELECT", false}};
  database.grants = {{id, "me", "me", "SELECT", false},
                     {id, "me", "", "SELECT", false},
                     {id, "me", "app", "INSERT", false},
                     {id, "me", "app", "SELECT", false},
                     {id, "app", "x", "SELECT", true}};
  EXPECT_THAT(RenderBaseline(database).text,
              HasSubstr("-- Grant\nREVOKE INSERT ON TABLE \"t\" FROM \"me\";\n"
                        "GRANT SELECT ON TABLE \"t\" TO PUBLIC;\n"
                        "GRANT ALL ON TABLE \"t\" TO \"app\";\n"
                        "SET LOCAL ROLE \"app\";\n"
                        "GRANT SELECT ON TABLE \"t\" TO \"x\" WITH GRANT OPTION;\n"
                        "RESET ROLE;\n"));
}

TEST(BaselineTest, WritesPrivilegesThatNoAccessListShows) {
  Database database;
  database.owner = "me";
  database.tables = {MakeTable(1, "t", {"x"})};
  const ObjectId id = database.tables[0].id;
  database.addresses[id] = {"TABLE", "\"t\"", "me", false, "", false, ""};
  database.grants = {{id, "me", "me", "SELECT", false}, {id, "me", "app", "SELECT", false}};
  database.usual_grants = {{id, "me", "me", "SELECT", false}};
  database.conditions = {{id, "app", {"DELETE", "UPDATE"}, false, true, false},
                         {id, "", {"DELETE"}, false, true, false},
                         {id, "other", {"SELECT"}, false, false, true}};
  EXPECT_THAT(RenderBaseline(database).text,
              HasSubstr("-- Grant\nREVOKE DELETE, UPDATE ON TABLE \"t\" FROM \"app\";\n"
                        "REVOKE DELETE ON TABLE \"t\" FROM PUBLIC;\n"
                        "GRANT SELECT ON TABLE \"t\" TO \"app\";\n"
                        "DO $do$\nBEGIN\n  IF EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE "
                        "rolname = 'other') THEN\n    EXECUTE 'GRANT SELECT ON TABLE \"t\" TO "
                        "\"other\";';\n  END IF;\nEND\n$do$;\n"));
}

TEST(BaselineTest, FormatsNamesKnownOnlyAtRunTime) {
  Database database;
  const ObjectId id{2615, 1, 0};
  database.addresses[id] = {"SCHEMA", "%I", "", true, "current_schema()", false, ""};
  database.comments = {{id, "100% '$do$'"}};
  EXPECT_EQ(RenderBaseline(database).text,
            "-- Comment\nDO $xdo$\nBEGIN\n  EXECUTE format('COMMENT ON SCHEMA %I IS ''100%% "
            "''''$do$''''''', current_schema());\nEND\n$xdo$;\n");
}

TEST(InheritanceTest, RecognizesColumnsAddedToTheParentLater) {
  Database database;
  database.tables = {MakeTable(1, "base", {"id", "late"}),
                     MakeTable(2, "child", {"id", "own", "late"}),
                     MakeTable(3, "young", {"id", "late", "own"})};
  for (size_t at : {1U, 2U}) {
    database.tables[at].parents = {database.tables[0].id};
    database.tables[at].inherited[0] = true;
  }
  database.tables[1].inherited[2] = database.tables[2].inherited[1] = true;
  const Inheritance inheritance(database);
  EXPECT_TRUE(inheritance.IsAddedLater(database.tables[0], 1));
  EXPECT_TRUE(inheritance.IsAddedLater(database.tables[1], 2));
  EXPECT_FALSE(inheritance.IsAddedLater(database.tables[2], 1));
  const std::string text = RenderBaseline(database).text;
  EXPECT_THAT(Titles(text), ElementsAre("CreateTable", "CreateTable", "AlterTable", "CreateTable"));
  EXPECT_LT(text.find("ADD COLUMN \"late\" INTEGER"), text.find("CREATE TABLE \"young\""));
}

TEST(DependencyOrderTest, FollowsOwnersOfImplicitObjects) {
  const std::vector<Definition> definitions = {MakeFunction(1, "f"), MakeFunction(2, "g")};
  const Makers makers = {{{kProcedure, 1, 0}, 0}, {{kProcedure, 2, 0}, 1}};
  const ObjectId array{1247, 5, 0};
  const auto needs = NeedsOf(definitions, makers,
                             {{{kProcedure, 1, 0}, array, 'n'}, {array, {kProcedure, 2, 0}, 'i'}});
  EXPECT_THAT(needs, ElementsAre(ElementsAre(1), IsEmpty()));
}

TEST(DependencyOrderTest, FindsCyclesButNotChains) {
  EXPECT_THAT(FindCycles({{1}, {2}, {}}), IsEmpty());
  EXPECT_THAT(FindCycles({{1}, {0}, {3}, {4}, {2}, {0}}),
              ElementsAre(ElementsAre(0, 1), ElementsAre(2, 3, 4)));
}

TEST(DependencyOrderTest, PlacesCallersOfFunctionsLast) {
  std::vector<Definition> definitions = {
      MakeDefinition({kClass, 1, 0}, Step::kCreateIndex, {"", "i"}, ""), MakeFunction(2, "used"),
      MakeFunction(3, "hidden"), MakeFunction(4, "of_index")};
  definitions[0].runs_functions = true;
  EXPECT_THAT(OrderDefinitions(definitions, {{1}, {}, {}, {0}}), ElementsAre(1, 2, 0, 3));
}

struct Words {
  std::string server;
  std::string prisma;
  std::string bare_type = {};
};

TEST(PrismaWordsTest, Types) {
  for (const Words& words : std::vector<Words>{{"text", "TEXT"},
                                               {"timestamp(3) without time zone", "TIMESTAMP(3)"},
                                               {"timestamp with time zone[]", "TIMESTAMPTZ[]"},
                                               {"numeric(65,30)", "DECIMAL(65,30)"},
                                               {"character varying(20)[]", "VARCHAR(20)[]"},
                                               {"character(3)", "CHAR(3)"},
                                               {"bpchar", "bpchar"},
                                               {"\"char\"", "\"char\""},
                                               {"\"Role\"[]", "\"Role\"[]"},
                                               {"public.text", "public.text"},
                                               {"interval(3)", "interval(3)"},
                                               {"extensions.vector(3)", "extensions.vector(3)"},
                                               {"bit varying(5)", "VARBIT(5)"}}) {
    EXPECT_EQ(PrismaType(words.server), words.prisma);
  }
}

TEST(PrismaWordsTest, Defaults) {
  for (const Words& words : std::vector<Words>{
           {"'x'::text", "'x'", "text"},
           {"'it''s'::text", "'it''s'", "text"},
           {"'x'::text", "'x'::text", "character varying"},
           {"'x'::character varying(1)", "'x'::character varying(1)", "character varying"},
           {"'x'::bpchar", "'x'", "character"},
           {"'A'::\"Role\"", "'A'", "\"Role\""},
           {"'1 day'::interval", "'1 day'::interval", "interval"},
           {"'-1'::integer", "-1", "bigint"},
           {"'-2147483648'::integer", "'-2147483648'::integer", "bigint"},
           {"'-1.50'::numeric", "-1.50", "numeric"},
           {"'-0'::integer", "'-0'::integer", "bigint"},
           {"'9000000000'::bigint", "9000000000", "numeric"},
           {"'5'::bigint", "'5'::bigint", "numeric"},
           {"'-9000000000'::bigint", "-9000000000", "bigint"},
           {"'100000000000000000000'::numeric", "100000000000000000000", "numeric"},
           {"'7'::numeric", "'7'::numeric", "integer"},
           {"'{}'::text[]", "'{}'", "text[]"},
           {"ARRAY[]::text[]", "ARRAY[]::TEXT[]", "text[]"},
           {"ARRAY['a, ]'::text, 'b'::text]", "ARRAY['a, ]', 'b']::TEXT[]", "text[]"},
           {"ARRAY['a'::text, b]", "ARRAY['a'::text, b]", "text[]"},
           {"ARRAY['A'::\"E,]\"]", "ARRAY['A']::\"E,]\"[]", "\"E,]\"[]"},
           {"('a'::text || 'b'::text)", "('a'::text || 'b'::text)", "text"},
           {"CURRENT_TIMESTAMP", "CURRENT_TIMESTAMP", "timestamp without time zone"},
           {"now()", "now()", "timestamp without time zone"}}) {
    EXPECT_EQ(PrismaDefault(words.server, words.bare_type), words.prisma) << words.server;
  }
}

TEST(RowsTest, RoundTripsValues) {
  EXPECT_EQ(RenderValue(std::nullopt, true), "NULL");
  EXPECT_EQ(RenderValue("12", true), "12");
  EXPECT_EQ(RenderValue("12", false), "'12'");
  EXPECT_EQ(RenderValue("-1.50", true), "-1.50");
  EXPECT_EQ(RenderValue("-0", true), "'-0'");
  EXPECT_EQ(RenderValue("NaN", true), "'NaN'");
  EXPECT_EQ(RenderValue("t", true), "true");
  EXPECT_EQ(RenderValue("it's \\", false), "E'it''s \\\\'");
  EXPECT_EQ(RenderValue("", true), "''");
}

TEST(RowsTest, SplitsStatementsByCountAndSize) {
  TableContent content;
  content.table = {"", "t"};
  content.columns = {{"a", true}};
  for (int row = 0; row < 1001; ++row) content.rows.push_back({std::to_string(row)});
  const auto statements = [&] {
    const std::string text = RenderRows(content);
    size_t count = 0;
    for (size_t at = text.find("INSERT"); at != text.npos; at = text.find("INSERT", at + 1))
      ++count;
    return count;
  };
  EXPECT_EQ(statements(), 3U);
  content.rows = {{std::string(150000, 'x')}, {std::string(150000, 'x')}, {"1"}};
  EXPECT_EQ(statements(), 2U);
  content.rows = {{"1"}};
  content.overriding = true;
  EXPECT_EQ(RenderRows(content),
            "INSERT INTO \"t\" (\"a\") OVERRIDING SYSTEM VALUE VALUES\n    (1);\n");
}

}  // namespace
}  // namespace ballast::catalog
