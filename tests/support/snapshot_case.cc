// SPDX-License-Identifier: Apache-2.0
#include "tests/support/snapshot_case.h"

#include <gmock/gmock.h>

#include <map>

#include "introspect/snapshot_query.h"
#include "introspect/unsupported_objects.h"
#include "sql/quote.h"

namespace ballast::testing {
namespace {

std::vector<std::string> OptionalKindsOf(postgres::Session& session) {
  const auto rows = session.Query(introspect::OptionalKindsQuery(session.server_major(), {}));
  EXPECT_TRUE(rows.ok()) << rows.error().Detail("server_message");
  std::vector<std::string> kinds;
  if (!rows.ok()) return kinds;
  for (const auto& row : rows->back().rows) kinds.push_back(row[0].value_or(""));
  return kinds;
}

// Hashed without the optional kinds that are not among these.
Hashes LeanHashes(postgres::Session& session, const std::vector<std::string>& kinds) {
  const auto hashes =
      session.Query(introspect::FingerprintQuery(session.server_major(), {}, kinds));
  EXPECT_TRUE(hashes.ok()) << hashes.error().Detail("server_message");
  return hashes.ok() ? hashes->back().rows.at(0) : Hashes(3);
}

// Reading in the snapshot's own scope must give the same snapshot, and the server's hashes in every
// scope that has them all, and they must be all there is.
void ExpectWhole(postgres::Session& session, const introspect::ReadSnapshotResult& read) {
  const catalog::Scope scope = catalog::ScopeOf(read.snapshot);
  EXPECT_EQ(DifferencesOf(read.snapshot, SnapshotOf(session, "public", scope).snapshot), "");
  EXPECT_EQ(ServerHashesOf(session), ServerHashesOf(session, scope));
  const auto unsupported = introspect::FindUnsupportedObjects(session);
  ASSERT_TRUE(unsupported.ok()) << unsupported.error().Detail("server_message");
  EXPECT_THAT(*unsupported, ::testing::IsEmpty());
}

struct Reading {
  introspect::ReadSnapshotResult read;
  Hashes hashes;
  std::vector<std::string> kinds;
};

Reading ReadingOf(postgres::Session& session) {
  introspect::ReadSnapshotResult read = SnapshotOf(session);
  return {std::move(read), ServerHashesOf(session), OptionalKindsOf(session)};
}

// The server's hashes must distinguish exactly what snapshots distinguish.
void ExpectHashesLikeSnapshot(const Reading& before, const Reading& after) {
  EXPECT_EQ(before.hashes[0] == after.hashes[0],
            catalog::Fingerprint(before.read.raw) == catalog::Fingerprint(after.read.raw));
  EXPECT_NE(before.hashes[1], after.hashes[1]);
}

// Leaving out the kinds that are not there changes nothing; what came to one that was not there
// is seen.
void ExpectLeanLikeWhole(postgres::Session& session, const Reading& before, const Reading& after) {
  EXPECT_EQ(LeanHashes(session, after.kinds), after.hashes);
  const Hashes lean = LeanHashes(session, before.kinds);
  EXPECT_TRUE(lean[2] == "t" || lean[1] != before.hashes[1]);
}

// What was set up, by the text of it: many cases begin with the same.
using Beginnings = std::map<std::string, Reading>;

void RunCase(TestDatabase& db, const SnapshotCase& c, bool whole, Beginnings* beginnings) {
  db.Run(std::string("BEGIN;") + c.setup);
  auto known = beginnings->find(c.setup);
  if (known == beginnings->end()) {
    known = beginnings->emplace(c.setup, ReadingOf(db.session())).first;
  }
  const Reading& before = known->second;
  db.Run(c.change);
  const Reading after = ReadingOf(db.session());
  EXPECT_EQ(DifferencesOf(before.read.snapshot, after.read.snapshot), c.expected);
  EXPECT_NE(catalog::LayoutFingerprint(before.read.snapshot),
            catalog::LayoutFingerprint(after.read.snapshot));
  EXPECT_NE(catalog::LayoutFingerprint(before.read.raw),
            catalog::LayoutFingerprint(after.read.raw));
  ExpectHashesLikeSnapshot(before, after);
  if (whole) ExpectLeanLikeWhole(db.session(), before, after);
  if (whole) ExpectWhole(db.session(), after.read);
  (void)db.session().Run("ROLLBACK");
}

}  // namespace

std::string DifferencesOf(const catalog::Snapshot& a, const catalog::Snapshot& b) {
  std::string words;
  for (const catalog::Difference& difference : catalog::Diff(a, b, true)) {
    words += catalog::Describe(difference) + "\n";
  }
  return words;
}

Hashes ServerHashesOf(postgres::Session& session, const catalog::Scope& scope) {
  const auto hashes = session.Query(introspect::FingerprintQuery(session.server_major(), scope));
  EXPECT_TRUE(hashes.ok()) << hashes.error().Detail("server_message");
  return hashes.ok() ? hashes->back().rows.at(0) : Hashes(3);
}

introspect::ReadSnapshotResult SnapshotOf(postgres::Session& session, const std::string& schema,
                                          const catalog::Scope& scope) {
  (void)session.Run("SET jit = off; SET search_path = " + sql::QuoteIdentifier(schema));
  auto read = introspect::ReadSnapshot(session, scope);
  EXPECT_TRUE(read.ok()) << read.error().message << ": " << read.error().Detail("server_message");
  return read.ok() ? std::move(read).value() : introspect::ReadSnapshotResult{};
}

void RunSnapshotCases(TestDatabase& db, std::span<const SnapshotCase> cases) {
  const int major = db.session().server_major();
  Beginnings beginnings;
  for (const SnapshotCase& c : cases) {
    if (c.since > major) continue;
    SCOPED_TRACE(c.title);
    RunCase(db, c, major == TestMajors().back(), &beginnings);
    if (::testing::Test::HasFatalFailure()) return;
  }
}

}  // namespace ballast::testing
