// SPDX-License-Identifier: Apache-2.0
#include "tests/support/packaged_project.h"

#include <algorithm>
#include <cctype>

#include "workspace/package_store.h"

namespace ballast::testing {

std::string PackagedProject::NameOf(const ::testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

void PackagedProject::WriteCorpus() const {
  const std::vector<Corpus> corpora = Corpora();
  const auto corpus = std::find_if(corpora.begin(), corpora.end(),
                                   [](const Corpus& c) { return c.name == GetParam(); });
  ASSERT_NE(corpus, corpora.end());
  WriteProject(*corpus, folder_.path());
}

void PackagedProject::MakePackage() {
  const Ran create = RunIn(folder_.path(), "ballast release create v1.0.0");
  ASSERT_EQ(create.status, 0) << create.out << create.err;
  const auto package = workspace::LoadPackage(folder_.path() / ".ballast");
  ASSERT_TRUE(package.ok());
  for (const release::TableRows& rows : package->manifest.rows) {
    if (rows.volatile_columns.empty()) continue;
    volatile_tables_.push_back(rows.table);
    volatile_rows_.columns[rows.table] = {rows.volatile_columns.begin(),
                                          rows.volatile_columns.end()};
  }
}

Ran PackagedProject::Ballast(const std::string& arguments, const TestDatabase& db) const {
  return RunIn(
      folder_.path(), "ballast " + arguments,
      {{"DATABASE_URL", db.Url()}, {"DIRECT_URL", db.Url()}, {"POSTGRESQL_URL", db.Url()}});
}

}  // namespace ballast::testing
