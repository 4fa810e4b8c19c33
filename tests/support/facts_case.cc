#include "tests/support/facts_case.h"

#include <gmock/gmock.h>

#include "postgres/facts_query.h"
#include "postgres/uncarried.h"
#include "sql/quote.h"

namespace ballast::testing {
namespace {

std::string Words(const catalog::Facts& a, const catalog::Facts& b) {
  std::string words;
  for (const catalog::Difference& difference : catalog::Diff(a, b, true)) {
    words += catalog::Describe(difference) + "\n";
  }
  return words;
}

// The facts must be found again by their own scope, by the server's hashes, and be all there is.
void ExpectWhole(postgres::Session& session, const postgres::ReadFactsResult& read) {
  const catalog::Scope scope = catalog::ScopeOf(read.facts);
  EXPECT_EQ(Words(read.facts, FactsOf(session, "public", scope).facts), "");
  for (const catalog::Scope& looked_at : {catalog::Scope{}, scope}) {
    const auto hashes =
        session.Query(postgres::FingerprintQuery(session.server_major(), looked_at));
    ASSERT_TRUE(hashes.ok()) << hashes.error().Detail("server_message");
    const std::vector<postgres::Value>& row = hashes->back().rows.at(0);
    EXPECT_EQ(row[0], catalog::Fingerprint(read.raw));
    EXPECT_EQ(row[1], catalog::LayoutFingerprint(read.raw));
    EXPECT_EQ(row[2] != "0", read.any_sensitive);
    EXPECT_EQ(row[3], std::to_string(read.raw.size()));
  }
  const auto uncarried = postgres::FindUncarried(session);
  ASSERT_TRUE(uncarried.ok()) << uncarried.error().Detail("server_message");
  EXPECT_THAT(*uncarried, ::testing::IsEmpty());
}

void RunCase(TestDatabase& db, const FactsCase& c, bool whole) {
  db.Run(std::string("BEGIN;") + c.setup);
  const postgres::ReadFactsResult before = FactsOf(db.session());
  db.Run(c.change);
  const postgres::ReadFactsResult after = FactsOf(db.session());
  EXPECT_EQ(Words(before.facts, after.facts), c.expected);
  EXPECT_NE(catalog::LayoutFingerprint(before.facts), catalog::LayoutFingerprint(after.facts));
  EXPECT_NE(catalog::LayoutFingerprint(before.raw), catalog::LayoutFingerprint(after.raw));
  if (whole) ExpectWhole(db.session(), after);
  (void)db.session().Run("ROLLBACK");
}

}  // namespace

postgres::ReadFactsResult FactsOf(postgres::Session& session, const std::string& schema,
                                  const catalog::Scope& scope) {
  (void)session.Run("SET jit = off; SET search_path = " + sql::QuoteIdentifier(schema));
  auto read = postgres::ReadFacts(session, scope);
  EXPECT_TRUE(read.ok()) << read.error().message << ": " << read.error().Detail("server_message");
  return read.ok() ? std::move(read).value() : postgres::ReadFactsResult{};
}

void RunFactsCases(TestDatabase& db, std::span<const FactsCase> cases) {
  const int major = db.session().server_major();
  for (const FactsCase& c : cases) {
    if (c.since > major) continue;
    SCOPED_TRACE(c.title);
    RunCase(db, c, major == TestMajors().back());
    if (::testing::Test::HasFatalFailure()) return;
  }
}

}  // namespace ballast::testing
