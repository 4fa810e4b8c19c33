// SPDX-License-Identifier: Apache-2.0
#include "plan/drift.h"

#include <gtest/gtest.h>

#include <algorithm>

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
  EXPECT_EQ(Kinds(CompareSchemaWithHistory(With({index}), With({constraint}), {})),
            std::vector<std::string>{"beyond_prisma"});
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
  EXPECT_EQ(Kinds(CompareSchemaWithHistory(Base(), With({elsewhere}), {}, {"a"})),
            Strings{"beyond_prisma"});
  EXPECT_EQ(Kinds(CompareSchemaWithHistory(Base(), With({elsewhere}), {}, {"B.c"})),
            Strings{"not_in_schema"});
  EXPECT_TRUE(CompareSchemaWithHistory(Base(), With({kColumn}), {"column a.*"}).empty());
  EXPECT_TRUE(CompareSchemaWithHistory(Base(), With({kColumn}), {"a.b"}).empty());
  EXPECT_FALSE(CompareSchemaWithHistory(Base(), With({kColumn}), {"index *"}).empty());
}

TEST(DriftTest, IgnoresWhatPrismaCannotExpress) {
  const auto drifts = CompareSchemaWithHistory(Base(), With({kTrigger, kColumn}), {});
  ASSERT_EQ(drifts.size(), 2U);
  EXPECT_TRUE(IsDisagreement(drifts[0]));
  EXPECT_FALSE(IsDisagreement(drifts[1]));
}

}  // namespace
}  // namespace ballast::plan
