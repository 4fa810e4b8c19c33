// SPDX-License-Identifier: Apache-2.0
#include "difference/database_definitions.h"

#include <gtest/gtest.h>

namespace ballast::difference {
namespace {

using catalog::ObjectId;
using catalog::Step;

void Add(ObjectId id, Step step, const catalog::Name& name, const std::string& detail,
         catalog::Database& database, std::vector<ObjectId> needs = {}) {
  catalog::Definition definition;
  definition.id = id;
  definition.step = step;
  definition.name = name;
  definition.detail = detail;
  definition.statements = "-- " + name.name + ";\n";
  definition.needs = std::move(needs);
  database.definitions.push_back(std::move(definition));
}

catalog::Database WithFunction(const std::string& arguments, const std::string& types) {
  catalog::Database database;
  const ObjectId id{1255, 100, 0};
  catalog::Address& address = database.addresses[id];
  address.kind = "FUNCTION";
  address.text = "\"f\"(" + arguments + ")";
  address.arguments = types;
  database.comments.push_back({id, "a comment"});
  Add(id, Step::kCreateFunction, {"", "f"}, arguments, database);
  return database;
}

TEST(DatabaseDefinitionsTest, TypesIdentifyAFunctionAndWhatIsAboutIt) {
  const catalog::Database live = WithFunction("x text", "text");
  const catalog::Database goal = WithFunction("t text", "text");
  const catalog::Database other = WithFunction("t integer", "integer");
  const DatabaseDefinitions from(live, {}), to(goal, {}), third(other, {});
  ASSERT_EQ(from.size(), 2U);
  for (size_t at = 0; at < from.size(); ++at) {
    EXPECT_TRUE(to.Find(from.KeyOf(at))) << from.KeyOf(at);
    EXPECT_FALSE(third.Find(from.KeyOf(at))) << from.KeyOf(at);
  }
}

TEST(DatabaseDefinitionsTest, LabelsAreReadable) {
  catalog::Database database;
  const ObjectId schema{2615, 1, 0};
  database.addresses[schema].kind = "SCHEMA";
  database.addresses[schema].text = "\"ext\"";
  Add({6106, 2, 0}, Step::kAlterPublication, {"", "pb"}, "\"t\"", database);
  Add({6237, 3, 0}, Step::kAlterPublication, {"", "pb"}, "schema s", database);
  Add({2604, 4, 0}, Step::kAlterView, {"", "v"}, "n", database);
  Add({2615, 1, -1004}, Step::kGrant, {"", ""}, "\"ext\"", database, {schema});
  const DatabaseDefinitions definitions(database, {});
  std::vector<std::string> labels;
  for (size_t at = 0; at < definitions.size(); ++at) labels.push_back(definitions.LabelOf(at));
  EXPECT_EQ(labels, (std::vector<std::string>{"publication \"pb\" (table \"t\")",
                                              "publication \"pb\" (schema s)", "column \"v\".\"n\"",
                                              "schema \"ext\""}));
}

}  // namespace
}  // namespace ballast::difference
