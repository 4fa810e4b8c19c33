// SPDX-License-Identifier: Apache-2.0
// The locks and rewrites that the difference engine states for its statements, compared with
// pg_locks and pg_class.relfilenode. Each statement runs in a transaction of its own, over the
// pairs of tests/database/pairs, in both directions.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <set>

#include "base/text.h"
#include "difference/difference.h"
#include "introspect/catalog_reader.h"
#include "sql/classify.h"
#include "tests/support/pairs.h"
#include "tests/support/test_server.h"

namespace ballast::testing {
namespace {

using difference::LockMode;
using difference::Statement;

// What a statement did to tables, partitioned tables and views that existed before.
struct Effect {
  LockMode lock = LockMode::kNone;  // the strongest
  std::string relation;             // that has it
  bool rewrites = false;
};

class DifferenceLocksTest : public ::testing::TestWithParam<std::tuple<int, std::string>> {
 protected:
  catalog::Database ModelOf(postgres::Session& session) {
    EXPECT_TRUE(session.Query("BEGIN"));
    auto model = introspect::ReadCatalog(session);
    EXPECT_TRUE(session.Query("ROLLBACK"));
    EXPECT_TRUE(model.ok()) << model.error().message;
    return model.ok() ? *std::move(model) : catalog::Database{};
  }

  static std::map<std::string, std::pair<std::string, std::string>> Relations(
      postgres::Session& session) {
    std::map<std::string, std::pair<std::string, std::string>> relations;
    const auto rows = session.Query(
        "SELECT oid, oid::regclass, CASE relkind WHEN 'S' THEN 0 ELSE relfilenode END FROM "
        "pg_class WHERE oid >= 16384 AND relkind NOT IN ('t', 'c') "
        "AND relnamespace <> 'pg_toast'::regnamespace");
    EXPECT_TRUE(rows);
    for (const auto& row : rows->back().rows) relations[*row[0]] = {*row[1], *row[2]};
    return relations;
  }

  // Statement by statement, because roles of the setup can exist.
  static void SetUpPairs(const scratch::ScratchDatabase& database, const std::string& setup) {
    auto session = std::move(*database.Connect());
    for (const sql::Statement& statement : sql::ReadScript(setup))
      (void)session.Run(std::string(statement.text));
  }

  using Known = std::map<std::string, std::pair<std::string, std::string>>;

  // Runs it and commits; nullopt if it failed. `original`: relations before the script.
  std::optional<Effect> Run(postgres::Session& session, const Statement& statement,
                            const Known& original) {
    Known before = Relations(session);
    std::erase_if(before, [&](const auto& one) { return !original.contains(one.first); });
    if (!session.Query("BEGIN")) return std::nullopt;
    if (const auto outcome = session.Run(statement.text); !outcome.ok()) {
      (void)session.Run("ROLLBACK");
      return std::nullopt;
    }
    const auto locks = session.Query(
        "SELECT relation, mode FROM pg_locks WHERE locktype = 'relation' AND pid = "
        "pg_backend_pid()");
    EXPECT_TRUE(locks);
    Effect effect;
    for (const auto& row : locks->back().rows) {
      const auto relation = before.find(*row[0]);
      const LockMode mode = sql::LockModeOfPgLocks(*row[1]);
      EXPECT_NE(mode, LockMode::kNone) << *row[1];
      if (relation == before.end() || mode <= effect.lock) continue;
      effect.lock = mode;
      effect.relation = relation->second.first;
    }
    for (const auto& [oid, relation] : Relations(session)) {
      const auto old = before.find(oid);
      effect.rewrites |= old != before.end() && old->second.second != relation.second;
    }
    EXPECT_TRUE(session.Query("COMMIT"));
    return effect;
  }

  void Judge(const Statement& statement, const Effect& effect) {
    ++judged_;
    // Of sequences, all options are written, and the server takes the lock that those which change
    // need; attributes of composite types belong to no table.
    const bool of_others = statement.text.starts_with("ALTER SEQUENCE ") ||
                           statement.text.starts_with("COMMENT ON COLUMN ");
    if (of_others) return;
    const std::string_view actual = NameOf(effect.lock), stated = NameOf(statement.lock);
    const bool waits = effect.lock > LockMode::kShareUpdateExclusive;
    if (statement.lock < effect.lock && (waits || statement.lock != LockMode::kNone)) {
      failures_.push_back(fmt::format("lock {} of {}, stated is {}: {}", actual, effect.relation,
                                      stated, statement.text + "  in " + title_ + "\n"));
    }
    if (statement.lock > effect.lock && statement.lock != LockMode::kNone) {
      failures_.push_back(fmt::format("only lock {} of {}, stated is {}: {}", actual,
                                      effect.relation, stated,
                                      statement.text + "  in " + title_ + "\n"));
    }
    if (statement.rewrites != effect.rewrites) {
      failures_.push_back(fmt::format("rewrites {}, stated {}: {}", effect.rewrites,
                                      statement.rewrites,
                                      statement.text + "  in " + title_ + "\n"));
    }
  }

  void TryDirection(const scratch::ScratchDatabase& database, const catalog::Database& from,
                    const catalog::Database& to) {
    auto session = std::move(*database.Connect());
    difference::Options options;
    options.server_major = session.server_major();
    const auto script = difference::Diff(from, to, options);
    if (!script.ok()) return;
    EXPECT_TRUE(session.Query(
        "SET search_path = public; SET check_function_bodies = off; SET TimeZone = 'Asia/Tokyo'"));
    const Known original = Relations(session);
    for (const Statement& statement : script->statements) {
      const auto effect = Run(session, statement, original);
      if (!effect) return;  // it needs the transaction of the others
      Judge(statement, *effect);
    }
  }

  int judged_ = 0;
  std::string title_;
  std::vector<std::string> failures_;
};

TEST_P(DifferenceLocksTest, AreThoseOfTheServer) {
  const auto& [major, file_name] = GetParam();
  if (!HasMajor(major)) GTEST_SKIP() << "NO SERVER: " << major;
  const PairsFile file = ParsePairs(file_name);
  auto& server = **ServerOf(major);
  const auto setup = server.CreateDatabase("locks");
  ASSERT_TRUE(setup) << setup.error().message;
  SetUpPairs(*setup, file.setup);
  for (const Pair& pair : file.pairs) {
    if (pair.since > major || pair.is_on_page) continue;
    const auto a = server.CloneDatabase(*setup);
    const auto b = server.CloneDatabase(*setup);
    ASSERT_TRUE(a && b);
    auto session_a = std::move(*a->Connect()), session_b = std::move(*b->Connect());
    const bool ran = (pair.a.empty() || session_a.Run(pair.a).ok()) && session_b.Run(pair.b).ok();
    if (!ran) continue;
    const catalog::Database model_a = ModelOf(session_a), model_b = ModelOf(session_b);
    title_ = pair.a + " <> " + pair.b;
    TryDirection(*a, model_a, model_b);
    TryDirection(*b, model_b, model_a);
  }
  std::cout << fmt::format("{} on {}: {} statements\n", file_name, major, judged_);
  std::sort(failures_.begin(), failures_.end());
  EXPECT_TRUE(failures_.empty()) << failures_.size() << ":\n" << Join(failures_, "");
}

INSTANTIATE_TEST_SUITE_P(Slow, DifferenceLocksTest,
                         ::testing::Combine(::testing::Values(18),
                                            ::testing::Values("tables", "constraints", "types",
                                                              "changes", "order", "names")),
                         [](const auto& info) {
                           return fmt::format("{}_{}", std::get<1>(info.param),
                                              std::get<0>(info.param));
                         });

}  // namespace
}  // namespace ballast::testing
