// SPDX-License-Identifier: Apache-2.0
// PostgreSQL's own regression suite: the statements of a file that succeed become a history, one
// migration each. The package of it gives the database that the history gives, to pg_dump and to
// the judge that walks every system catalog, or is refused by name.
//
// BALLAST_REGRESS_FILES="a b" tries these files only.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "sql/quote.h"
#include "tests/support/project.h"
#include "tests/support/regress_suite.h"
#include "tests/support/test_server.h"
#include "tests/support/whole_catalog.h"

namespace ballast::testing {
namespace {

// Files whose tables others use come first, as in the suite's schedule.
const std::string kTestSetup = "test_setup";

constexpr int kServer = 15;  // the version that the suite is of

bool IsServerThere() {
  return ServerOf(kServer).ok();
}

// Roles belong to the cluster, and the next database has to make them again.
void DropRoles() {
  TestDatabase db(kServer);
  const std::string roles = db.Table("SELECT rolname FROM pg_roles WHERE rolname ~ '^regress'");
  for (const std::string& role : Split(roles, '\n')) {
    if (!role.empty()) (void)db.session().Run("DROP ROLE " + sql::QuoteIdentifier(role));
  }
}

// The statements that succeed one after another in one session.
std::vector<std::string> Succeeding(const std::vector<std::string>& statements) {
  std::vector<std::string> good;
  {
    TestDatabase db(kServer);
    (void)db.session().Run("SET statement_timeout = '20s'");
    for (const std::string& statement : statements) {
      if (db.session().Run(statement).ok()) good.push_back(statement);
    }
  }
  DropRoles();
  return good;
}

// Those that also succeed without the others, which leave traces: positions of sequences, indexes
// of concurrent builds.
std::vector<std::string> HistoryIn(const std::vector<std::string>& statements) {
  std::vector<std::string> good = Succeeding(statements);
  for (size_t before = statements.size(); good.size() < before;) {
    before = good.size();
    good = Succeeding(good);
  }
  return good;
}

Scripts HistoryOf(const std::vector<std::string>& statements) {
  Scripts scripts;
  for (size_t at = 0; at < statements.size(); ++at) {
    scripts.emplace_back(fmt::format("20240101{:06}_m", at), statements[at] + ";\n");
  }
  return scripts;
}

class RegressTest : public ::testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (RegressFiles().empty()) GTEST_SKIP() << "NO REGRESSION SUITE: run tools/judges";
    if (!IsServerThere()) GTEST_SKIP() << "NO SERVER PROGRAMS of PostgreSQL " << kServer;
  }

  void TearDown() override { DropRoles(); }

  // The history once more, without what failed: that leaves traces in positions of sequences.
  static void RunHistory(const std::vector<std::string>& statements, TestDatabase& db) {
    for (const std::string& statement : statements) {
      const postgres::Outcome outcome = db.session().Run(statement);
      EXPECT_TRUE(outcome.ok()) << statement << ": " << outcome.error->message;
    }
    // As the end of the session does.
    EXPECT_TRUE(db.session().Run("DISCARD TEMP").ok());
  }

  // Whether the package was made; else it must be refused by name.
  bool MakePackage(const TemporaryFolder& project) const {
    const Ran create = RunIn(project.path(), "ballast release create v1 --output json");
    if (create.status == 0) return true;
    const auto report = nlohmann::json::parse(create.out, nullptr, false);
    const std::string code =
        report.is_object() && report["error"].is_object() ? report["error"]["code"] : "none";
    EXPECT_TRUE(code == "B302") << create.out << create.err;
    std::cout << GetParam() << ": refused by name: " << create.err << "\n";
    return false;
  }

  // The entries of a dump. Where nothing decides their order, pg_dump follows the OIDs.
  static std::vector<std::string> Entries(const std::optional<std::string>& dumped) {
    std::vector<std::string> entries;
    EXPECT_TRUE(dumped) << "there is no pg_dump";
    std::string dump = dumped.value_or("");
    constexpr std::string_view kHead = "\n--\n-- Name: ";
    for (size_t end = 0; end != std::string::npos; dump.erase(0, end)) {
      end = dump.find(kHead, 1);
      entries.push_back(dump.substr(0, end));
    }
    std::sort(entries.begin(), entries.end());
    return entries;
  }

  // One failure for each entry that only one of the sorted lists has; gmock would cut them off.
  static void ExpectSameEntries(const std::vector<std::string>& history,
                                const std::vector<std::string>& release) {
    std::vector<std::string> missing, extra;
    std::set_difference(history.begin(), history.end(), release.begin(), release.end(),
                        std::back_inserter(missing));
    std::set_difference(release.begin(), release.end(), history.begin(), history.end(),
                        std::back_inserter(extra));
    for (const std::string& entry : missing) ADD_FAILURE() << "only in the history: " << entry;
    for (const std::string& entry : extra) ADD_FAILURE() << "only in the release: " << entry;
  }

  static void ExpectSame(const TestDatabase& history, const TestDatabase& release) {
    const auto dump = [](const TestDatabase& db) {
      return Entries(
          PgDump(db.target(), {"-s", "-N", "ballast", "-T", "public._prisma_migrations"}));
    };
    ExpectSameEntries(dump(history), dump(release));
    for (const std::string& difference :
         CompareWholeCatalogs(ReadWholeCatalog(history), ReadWholeCatalog(release))) {
      ADD_FAILURE() << difference;
    }
  }
};

TEST_P(RegressTest, ThePackageIsTheHistory) {
  std::vector<std::string> statements;
  if (GetParam() != kTestSetup) statements = RegressStatements(kTestSetup);
  for (std::string& statement : RegressStatements(GetParam())) {
    statements.push_back(std::move(statement));
  }
  const std::vector<std::string> good = HistoryIn(statements);
  ASSERT_FALSE(good.empty());
  const auto project = MakeProject(HistoryOf(good));
  if (!MakePackage(*project)) return;
  TestDatabase history(kServer), release(kServer);
  RunHistory(good, history);
  const Ran deploy = RunIn(project->path(), "ballast deploy --strategy release",
                           {{"DATABASE_URL", release.Url()}});
  ASSERT_EQ(deploy.status, 0) << deploy.out << deploy.err;
  ExpectSame(history, release);
  std::cout << fmt::format("{}: equal, {} statements\n", GetParam(), good.size());
}

std::vector<std::string> FilesToTry() {
  if (const char* chosen = std::getenv("BALLAST_REGRESS_FILES"); chosen != nullptr) {
    return Split(chosen, ' ');
  }
  std::vector<std::string> files = RegressFiles();
  if (files.empty()) files = {"none"};
  return files;
}

// collate.icu.utf8 → collate_icu_utf8: names of tests have letters, digits and underscores only.
std::string TestName(std::string file) {
  std::replace(file.begin(), file.end(), '.', '_');
  return file;
}

INSTANTIATE_TEST_SUITE_P(Files, RegressTest, ::testing::ValuesIn(FilesToTry()),
                         [](const auto& info) { return TestName(info.param); });

}  // namespace
}  // namespace ballast::testing
