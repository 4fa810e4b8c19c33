// SPDX-License-Identifier: Apache-2.0
#include "change/missing_migrations.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "release/package.h"

namespace ballast::change {
namespace {

// "m1 m2=x": names with their checksums, which are the names otherwise.
release::Coverage Of(const std::string& text) {
  release::Coverage coverage;
  for (const std::string_view word : Split(text, ' ')) {
    if (word.empty()) continue;
    const size_t sign = word.find('=');
    coverage.push_back({std::string(word.substr(0, sign)),
                        std::string(sign == word.npos ? word : word.substr(sign + 1))});
  }
  return coverage;
}

// Of a release: "v1 | 0_baseline=v1 h1 | m1": version, rows and covered migrations.
RepairGoal State(const std::string& text) {
  const auto parts = Split(text, '|');
  RepairGoal state;
  state.version = std::string(Trim(parts[0]));
  state.rows.run = Of(std::string(parts[1]));
  state.covers = Of(std::string(parts[2]));
  return state;
}

release::Manifest Package() {
  release::Manifest manifest;
  manifest.version = "v3";
  manifest.coverage = Of("m1 h1 m2 m3");
  manifest.previous.push_back({"v1", "v1", "", Of("m1"), {}, {}});
  manifest.previous.push_back({"v1+hotfix.1", "v1", "", Of("m1"), Of("h1"), {}});
  manifest.previous.push_back({"v1+other", "v1", "", Of("m1"), Of("x=h1"), {"h1"}});
  manifest.previous.push_back({"v1+same", "v1", "", Of("m1"), Of("index"), {"m2"}});
  manifest.previous.push_back({"v2", "v2", "", Of("m1 h1 m2"), {}, {}});
  return manifest;
}

TEST(MissingMigrationsTest, WhatTheDatabaseHasNotRun) {
  const std::string v1 = "v1 | 0_baseline=v1 | m1";
  const std::string hotfix = "v1+hotfix.1 | 0_baseline=v1 h1 | m1";
  const std::string other = "v1+other | 0_baseline=v1 x=h1 | m1 h1";
  const std::string same = "v1+same | 0_baseline=v1 index | m1 m2";
  const std::string v2 = "v2 | 0_baseline=v2 | m1 h1 m2";
  const std::string v3 = "v3 | 0_baseline=v3 | m1 h1 m2 m3";
  const std::string own = "v3+hotfix.1 | 0_baseline=v3 fix | m1 h1 m2 m3";
  const struct {
    std::string now, goal, missing;
  } cases[] = {
      {v3, v2, ""},
      {v3, v1, ""},
      {v3, hotfix, ""},
      {v3, other, ""},
      {v3, same, ""},
      {v2, v1, ""},
      {v2, hotfix, ""},
      {v2, other, ""},  // under its merged name
      {v2, same, ""},   // replaced by m2
      {hotfix, v1, ""},
      {hotfix, other, ""},
      {own, v3, ""},
      {own, hotfix, ""},
      {v1, hotfix, "h1"},
      {v1, other, "h1, x"},
      {v1, same, "m2, index"},
      {v1, v2, "h1, m2"},
      {hotfix, v2, "m2"},
      {hotfix, same, "m2, index"},
      {v2, v3, "m3"},
      {v3, own, "fix"},
      {v1, own, "h1, m2, m3, fix"},
  };
  for (const auto& test : cases) {
    EXPECT_EQ(
        Join(MissingMigrations(State(test.goal), State(test.now), Package(), nullptr, {}), ", "),
        test.missing)
        << test.now << " to " << test.goal;
  }
}

TEST(MissingMigrationsTest, WithRowsOfMigrations) {
  RepairGoal now;
  now.rows.resolved = Of("m1 m2");
  EXPECT_THAT(
      MissingMigrations(State("v1+hotfix.1 | 0_baseline=v1 h1 | m1"), now, Package(), nullptr, {}),
      testing::ElementsAre("h1"));
  EXPECT_THAT(MissingMigrations(State("v1 | 0_baseline=v1 | m1"), now, Package(), nullptr, {}),
              testing::IsEmpty());
}

}  // namespace
}  // namespace ballast::change
