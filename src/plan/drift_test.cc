// SPDX-License-Identifier: Apache-2.0
#include "plan/drift.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

namespace ballast::plan {
namespace {

using catalog::ObjectProperty;
using catalog::Snapshot;

Snapshot Sorted(Snapshot snapshot) {
  std::sort(snapshot.begin(), snapshot.end());
  return snapshot;
}

Snapshot Base() {
  return {{"column", "a.id", "type", "integer"}, {"table", "a", "kind", "table"}};
}

std::vector<std::string> Kinds(const std::vector<Drift>& drifts) {
  std::vector<std::string> kinds;
  kinds.reserve(drifts.size());
  for (const Drift& drift : drifts) kinds.emplace_back(NameOf(drift.kind));
  return kinds;
}

Snapshot With(std::vector<ObjectProperty> more) {
  Snapshot snapshot = Base();
  snapshot.insert(snapshot.end(), more.begin(), more.end());
  return Sorted(snapshot);
}

const ObjectProperty kColumn = {"column", "a.b", "type", "text"};
const ObjectProperty kPlainIndex = {"index", "a_b_idx", "definition",
                                    "CREATE INDEX a_b_idx ON a USING btree (b)"};
const ObjectProperty kPartialIndex = {
    "index", "a_b_idx", "definition",
    "CREATE INDEX a_b_idx ON a USING btree (b) WHERE b IS NOT NULL"};
const ObjectProperty kTrigger = {"trigger", "t on a", "definition", "CREATE TRIGGER t"};
const ObjectProperty kCheck = {"constraint", "c on a", "definition", "CHECK ((id > 0))"};
const ObjectProperty kForeignKey = {"constraint", "f on a", "definition",
                                    "FOREIGN KEY (id) REFERENCES b(id)"};

TEST(DriftTest, SchemaAgainstHistory) {
  struct Case {
    std::string what;
    Snapshot schema;
    Snapshot history;
    std::vector<std::string> expected;
  };
  for (const Case& c : {
           Case{"agree", Base(), Base(), {}},
           Case{"a column without a migration", With({kColumn}), Base(), {"missing_migration"}},
           Case{"a column that the schema forgot", Base(), With({kColumn}), {"not_in_schema"}},
           Case{"a plain index", Base(), With({kPlainIndex}), {"not_in_schema"}},
           Case{"a partial index", Base(), With({kPartialIndex}), {"beyond_prisma"}},
           Case{"plain in the schema, partial in the history",
                With({kPlainIndex}),
                With({kPartialIndex}),
                {"beyond_prisma"}},
           Case{"an index that Prisma would drop",
                Base(),
                With({{"index", "a_b_idx", "definition", "USING btree (b) INCLUDE (id)"}}),
                {"prisma_would_change"}},
           Case{"an index on an expression",
                Base(),
                With({{"index", "a_b_idx", "definition", "USING btree (lower(b))"}}),
                {"beyond_prisma"}},
           Case{"a foreign key that is not validated",
                Base(),
                With({{"constraint", "a.f", "definition",
                       "FOREIGN KEY (id) REFERENCES b(id) NOT VALID"}}),
                {"prisma_would_change"}},
           Case{"the same key, not validated",
                With({kForeignKey}),
                With({{kForeignKey.kind, kForeignKey.object, kForeignKey.property,
                       "FOREIGN KEY (id) REFERENCES b(id) DEFERRABLE NOT VALID"}}),
                {"beyond_prisma"}},
           Case{"a generated column",
                Base(),
                With({kColumn, {"column", "a.b", "generated", "lower(c)"}}),
                {"prisma_would_change"}},
           Case{"a partition",
                Base(),
                With({{"table", "p", "kind", "table"}, {"table", "p", "partition of", "a"}}),
                {"beyond_prisma"}},
           Case{"a trigger", Base(), With({kTrigger}), {"beyond_prisma"}},
           Case{"a check", Base(), With({kCheck}), {"beyond_prisma"}},
           Case{"a foreign key dropped on purpose",
                With({kForeignKey}),
                Base(),
                {"missing_migration"}},
       }) {
    EXPECT_EQ(Kinds(CompareSchemaWithHistory(c.schema, c.history, {})), c.expected) << c.what;
  }
}

TEST(DriftTest, IgnoresOtherWordingsOfTheSame) {
  const ObjectProperty list = {"column", "a.l", "type", "text[]"};
  const ObjectProperty plain_default = {"column", "a.l", "default", "'{}'::text[]"};
  const ObjectProperty array_default = {"column", "a.l", "default", "ARRAY[]::text[]"};
  const ObjectProperty other_default = {"column", "a.l", "default", "'{x}'::text[]"};
  const ObjectProperty not_null = {"column", "a.l", "not null", "yes"};
  EXPECT_TRUE(CompareSchemaWithHistory(With({list, array_default}),
                                       With({list, plain_default, not_null}), {})
                  .empty());
  EXPECT_EQ(
      Kinds(CompareSchemaWithHistory(With({list, array_default}), With({list, other_default}), {})),
      std::vector<std::string>{"missing_migration"});
  const ObjectProperty index = {"index", "a_b_key", "definition", "USING btree (b)"};
  const ObjectProperty constraint = {"constraint", "a.a_b_key", "definition", "UNIQUE (b)"};
  const ObjectProperty unique = {"index", "a_b_key", "unique", "yes"};
  const ObjectProperty table = {"index", "a_b_key", "table", "a"};
  EXPECT_TRUE(
      CompareSchemaWithHistory(With({index, table, unique}), With({constraint}), {}).empty());
  const auto extra = CompareSchemaWithHistory(Base(), With({constraint}), {});
  ASSERT_EQ(Kinds(extra), std::vector<std::string>{"not_in_schema"});
  EXPECT_EQ(extra[0].difference.object, "index a_b_key");
}

// An index of the schema's name in the migrations, with parts that the schema cannot express.
TEST(DriftTest, ComparesIndexesOfOneNameAsPrismaDoes) {
  struct Case {
    const char* replayed;
    int prisma_major;
    const char* expected;
  };
  for (const Case& c : {
           Case{"USING btree (b) WHERE (b > 0)", 7, "beyond_prisma"},
           Case{"USING btree (b) WHERE (b > 0)", 6, "missing_migration"},
           Case{"USING btree (id) WHERE (b > 0)", 7, "missing_migration"},
           Case{"USING btree (b) INCLUDE (id)", 7, "missing_migration"},
           Case{"USING btree (b, lower(id))", 7, "missing_migration"},
           Case{"USING btree (b) WITH (fillfactor='70')", 7, "beyond_prisma"},
           Case{"USING btree (b text_pattern_ops)", 7, "beyond_prisma"},
       }) {
    const Snapshot schema = With({{"index", "a_b_idx", "definition", "USING btree (b)"}});
    const Snapshot history = With({{"index", "a_b_idx", "definition", c.replayed}});
    const auto drifts =
        CompareSchemaWithHistory(schema, history, {}, {.prisma_major = c.prisma_major});
    EXPECT_EQ(Kinds(drifts), std::vector<std::string>{c.expected}) << c.replayed;
  }
  // With the preview feature, Prisma sees predicates.
  const Snapshot partial =
      With({{"index", "a_b_idx", "definition", "USING btree (b) WHERE (b > 0)"}});
  const Snapshot other =
      With({{"index", "a_b_idx", "definition", "USING btree (b) WHERE (b > 1)"}});
  const PrismaScope scope = {.partial_indexes = true};
  using Strings = std::vector<std::string>;
  EXPECT_EQ(Kinds(CompareSchemaWithHistory(partial, other, {})), Strings{"beyond_prisma"});
  EXPECT_EQ(Kinds(CompareSchemaWithHistory(partial, other, {}, scope)),
            Strings{"missing_migration"});
  EXPECT_EQ(Kinds(CompareSchemaWithHistory(Base(), partial, {}, scope)), Strings{"not_in_schema"});
  EXPECT_TRUE(CompareSchemaWithHistory(partial, partial, {}, scope).empty());
}

TEST(DriftTest, IgnoresRepeatedIndexes) {
  const auto index = [](const std::string& name) {
    return std::vector<ObjectProperty>{{"index", name, "definition", "USING btree (b)"},
                                       {"index", name, "table", "a"}};
  };
  const auto both = [&](const std::string& one, const std::string& two) {
    std::vector<ObjectProperty> entries = index(one);
    for (const ObjectProperty& entry : index(two)) entries.push_back(entry);
    return With(entries);
  };
  const Snapshot schema = With(index("a_b_idx"));
  EXPECT_TRUE(CompareSchemaWithHistory(schema, both("a_b_idx", "other"), {}).empty());
  EXPECT_TRUE(CompareSchemaWithHistory(schema, both("one", "two"), {}).empty());
  EXPECT_EQ(Kinds(CompareSchemaWithHistory(schema, With(index("one")), {})),
            (std::vector<std::string>{"missing_migration", "not_in_schema"}));
  EXPECT_EQ(Kinds(CompareSchemaWithHistory(Base(), both("one", "two"), {})),
            (std::vector<std::string>{"not_in_schema", "not_in_schema"}));
}

// Columns "a.b" of the schema and of the migrations that are the same to Prisma, or not.
TEST(DriftTest, ComparesTypesAsPrismaDoes) {
  struct Case {
    const char* schema;
    const char* history;
    bool equal;
  };
  const Snapshot types = {{"domain", "d", "type", "text"},
                          {"domain", "dd", "type", "d"},
                          {"domain", "vc", "type", "character varying(20)"},
                          {"domain", "required", "type", "text"},
                          {"domain", "required", "not null", "yes"},
                          {"enum", "mood", "values", "a, b"}};
  for (const Case& c : {
           Case{"timestamp(6) without time zone", "timestamp without time zone", true},
           Case{"timestamp without time zone", "timestamp(3) without time zone", true},
           Case{"timestamp(3) without time zone", "timestamp without time zone", false},
           Case{"timestamp(6) with time zone", "timestamp without time zone", false},
           Case{"timestamp(3) without time zone[]", "timestamp without time zone[]", true},
           Case{"timestamp(6) without time zone[]", "timestamp(3) without time zone[]", false},
           Case{"time(6) without time zone", "time without time zone", true},
           Case{"text", "d", true},
           Case{"text", "dd", true},
           Case{"text", "required", false},
           Case{"text[]", "d[]", false},
           Case{"integer", "d", false},
           Case{"character varying(20)", "vc", true},
           Case{"character varying(30)", "vc", false},
           Case{"interval", "interval(3)", true},
           Case{"tsvector", "tsquery", true},
           Case{"tsvector", "tsvector[]", false},
           Case{"tsvector", "text", false},
           Case{"tsvector", "mood", false},
       }) {
    std::vector<ObjectProperty> schema(types.begin(), types.end());
    std::vector<ObjectProperty> history = schema;
    schema.push_back({"column", "a.b", "type", c.schema});
    history.push_back({"column", "a.b", "type", c.history});
    EXPECT_EQ(CompareSchemaWithHistory(With(schema), With(history), {}).empty(), c.equal)
        << c.schema << " | " << c.history;
  }
}

// Defaults of "a.b" that are the same to Prisma, or not.
TEST(DriftTest, ComparesDefaultsAsPrismaDoes) {
  struct Case {
    const char* type;
    const char* schema;
    const char* history;
    std::optional<std::string> generated;
    bool equal;
  };
  for (const Case& c : {
           Case{"bigint", "5", "'5'::bigint", {}, true},
           Case{"bigint", "5", "(5)::bigint", {}, false},
           Case{"integer", "3", "3.0", {}, false},
           Case{"double precision", "3", "(3)::numeric", {}, true},
           Case{"double precision", "3", "((3)::numeric)::double precision", {}, false},
           Case{"text", "'x'::text", "'x'::character varying", {}, true},
           Case{"text", "'x'::text", "('x'::text)::character varying", {}, false},
           Case{"uuid", "'0'::uuid", "'0'::uuid", {}, false},
           Case{"uuid", "f()", "f()", "f()", true},
           Case{"uuid", "f()", "f()", "F()", true},
           Case{"uuid", "f()", "f()", "f( )", false},
           Case{"text", "'x'::text", "'x'::text", "'x'::text", false},
           Case{"integer", "", "5", "", true},
           Case{"integer", "", "nextval('s'::regclass)", "", false},
           Case{"date", "'2020-01-01'::date", "CURRENT_DATE", {}, true},
           Case{"date", "CURRENT_TIMESTAMP", "'2020-01-01'::date", {}, false},
           Case{"boolean[]", "ARRAY[true]", "'{t}'::boolean[]", {}, true},
           Case{"text[]", "ARRAY['a b'::text]", "'{\"a b\"}'::text[]", {}, true},
           Case{"text[]", "ARRAY['a b'::text]", "'{a,b}'::text[]", {}, false},
       }) {
    const ObjectProperty type = {"column", "a.b", "type", c.type};
    std::vector<ObjectProperty> schema = {type};
    if (*c.schema != 0) schema.push_back({"column", "a.b", "default", c.schema});
    const Snapshot history = With({type, {"column", "a.b", "default", c.history}});
    PrismaScope scope;
    scope.columns.push_back({"", "a", "b", c.generated});
    const auto drifts = CompareSchemaWithHistory(With(schema), history, {}, scope);
    EXPECT_EQ(drifts.empty(), c.equal) << c.schema << " | " << c.history;
  }
}

// Prisma reads the length that the server adds, and compares it with none.
TEST(DriftTest, DistinguishesATypeWithoutALengthFromTheServers) {
  const ObjectProperty one = {"column", "a.b", "type", "character(1)"};
  EXPECT_TRUE(CompareSchemaWithHistory(With({one}), With({one}), {}).empty());
  const PrismaScope scope = {.columns = {{"", "a", "b", {}, {}, "character"}}};
  EXPECT_EQ(Kinds(CompareSchemaWithHistory(With({one}), With({one}), {}, scope)),
            std::vector<std::string>{"missing_migration"});
}

TEST(DriftTest, AcceptsEveryDefaultWhereTheSchemaLeavesItOpen) {
  const ObjectProperty set = {"column", "a.b", "default", "f()"};
  EXPECT_EQ(Kinds(CompareSchemaWithHistory(With({kColumn}), With({kColumn, set}), {})),
            std::vector<std::string>{"missing_migration"});
  EXPECT_TRUE(CompareSchemaWithHistory(With({kColumn}), With({kColumn, set}), {},
                                       {.columns = {{"", "a", "b", ""}}})
                  .empty());
}

TEST(DriftTest, HistoryAgainstDatabase) {
  EXPECT_EQ(Kinds(CompareHistoryWithDatabase(Base(), With({kTrigger}), {})),
            std::vector<std::string>{"unwritten"});
  EXPECT_EQ(Kinds(CompareHistoryWithDatabase(With({kCheck}), Base(), {})),
            std::vector<std::string>{"not_in_database"});
  EXPECT_EQ(Kinds(CompareHistoryWithDatabase(With({kPlainIndex}), With({kPartialIndex}), {})),
            std::vector<std::string>{"changed_in_database"});
}

TEST(DriftTest, IgnoresAcceptedDifferences) {
  const ObjectProperty elsewhere = {"table", "\"B.c\".t", "kind", "table"};
  using Strings = std::vector<std::string>;
  EXPECT_EQ(Kinds(CompareSchemaWithHistory(Base(), With({elsewhere}), {}, {{"a"}})),
            Strings{"beyond_prisma"});
  EXPECT_EQ(Kinds(CompareSchemaWithHistory(Base(), With({elsewhere}), {}, {{"B.c"}})),
            Strings{"not_in_schema"});
  EXPECT_TRUE(CompareSchemaWithHistory(Base(), With({kColumn}), {"column a.*"}).empty());
  EXPECT_TRUE(CompareSchemaWithHistory(Base(), With({kColumn}), {"a.b"}).empty());
  EXPECT_FALSE(CompareSchemaWithHistory(Base(), With({kColumn}), {"index *"}).empty());
}

TEST(DriftTest, RemovesAcceptedDifferencesAndNamesEntriesThatAreNone) {
  auto drifts = CompareSchemaWithHistory(Base(), With({kColumn}), {});
  ASSERT_EQ(drifts.size(), 1U);
  const std::string accepted = AcceptanceOf(drifts[0]);
  const RemovedDrifts removed = RemoveAccepted({"not_in_schema: index \"X\"", accepted}, drifts);
  EXPECT_TRUE(drifts.empty());
  EXPECT_EQ(removed.count, 1U);
  EXPECT_EQ(removed.unmatched, std::vector<std::string>{"not_in_schema: index \"X\""});
}

TEST(DriftTest, IgnoresWhatPrismaCannotExpress) {
  const auto drifts = CompareSchemaWithHistory(Base(), With({kTrigger, kColumn}), {});
  ASSERT_EQ(drifts.size(), 2U);
  EXPECT_TRUE(IsDisagreement(drifts[0]));
  EXPECT_FALSE(IsDisagreement(drifts[1]));
}

}  // namespace
}  // namespace ballast::plan
