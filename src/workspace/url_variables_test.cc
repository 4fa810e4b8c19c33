// SPDX-License-Identifier: Apache-2.0
#include "workspace/url_variables.h"

#include <gtest/gtest.h>

namespace ballast::workspace {
namespace {

using Names = std::vector<std::string>;

Project WithConfig(const std::string& datasource) {
  Project project;
  PrismaConfig config("export default { engine: 'classic', datasource: { " + datasource + " } }",
                      "prisma.config.ts", "/p");
  config.SetVersion(kNewestWithUrl);
  static_cast<PrismaProject&>(project).config = config;
  return project;
}

Names DatabaseOf(const Project& project, const Variables& values = {}) {
  return UrlVariablesOf(project, {values, {}, {}, {}, {}}).database;
}

TEST(UrlVariablesTest, AreThoseOfTheSchema) {
  Project project;
  EXPECT_EQ(DatabaseOf(project), (Names{"DATABASE_URL", "DIRECT_URL"}));
  project.datasource.url.variable = "POOLED";
  project.datasource.direct_url.variable = "DIRECT";
  project.datasource.shadow_url.variable = "SHADOW";
  EXPECT_EQ(DatabaseOf(project), (Names{"DATABASE_URL", "DIRECT_URL", "POOLED", "DIRECT"}));
  EXPECT_EQ(UrlVariablesOf(project, {}).shadow, Names{"SHADOW"});
  project.config.url_variable = "DEPLOYED";
  EXPECT_EQ(DatabaseOf(project),
            (Names{"DATABASE_URL", "DIRECT_URL", "DEPLOYED", "POOLED", "DIRECT"}));
}

TEST(UrlVariablesTest, AreThoseOfTheConfiguration) {
  const std::string choice = "url: process.env.CI ? env('A') : process.env.B ?? process.env.C";
  EXPECT_EQ(DatabaseOf(WithConfig(choice)), (Names{"DATABASE_URL", "DIRECT_URL", "B", "C"}));
  EXPECT_EQ(DatabaseOf(WithConfig(choice), {{"CI", "1"}, {"A", "postgresql://a"}})[2], "A");
  EXPECT_EQ(DatabaseOf(WithConfig("url: env('A') + '?schema=x', directUrl: env('D')"))[3], "D");
  // No variable has the URL.
  const std::string parts = "url: `postgresql://${process.env.USER}@host/db`";
  EXPECT_EQ(DatabaseOf(WithConfig(parts), {{"USER", "me"}}), (Names{"DATABASE_URL", "DIRECT_URL"}));
  EXPECT_EQ(UrlVariablesOf(WithConfig("shadowDatabaseUrl: env('S'), url: env('A')"), {}).shadow,
            Names{"S"});
}

TEST(UrlVariablesTest, WhatNamesAnotherUrl) {
  const auto other = [](const Project& project, const Variables& values) {
    return OtherUrlThan("postgresql://scratch", project, {values, {}, {}, {}, {}});
  };
  const Variables values = {{"A", "postgresql://scratch"}, {"PART", "x"}};
  EXPECT_FALSE(other(WithConfig("url: env('A')"), values));
  EXPECT_TRUE(other(WithConfig("url: 'postgresql://' + env('PART')"), values));
  EXPECT_TRUE(other(WithConfig("url: env('A'), directUrl: compute()"), values));
  Project project;
  project.datasource.url.variable = "A";
  EXPECT_FALSE(other(project, values));
  project.datasource.url = {"postgresql://literal", "", {"schema.prisma", 3}};
  EXPECT_EQ(other(project, values)->line, 3);
}

}  // namespace
}  // namespace ballast::workspace
