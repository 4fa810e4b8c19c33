// SPDX-License-Identifier: Apache-2.0
#include "introspect/snapshot_reader.h"

#include <fmt/format.h>

#include <utility>

#include "base/check.h"
#include "base/server_versions.h"
#include "base/text.h"
#include "introspect/snapshot_query.h"
#include "sql/canonical.h"

namespace ballast::introspect {
namespace {

Error TooOld(const postgres::Session& session) {
  return MakeError(ErrorCode::kServerTooOld,
                   fmt::format("the server is PostgreSQL {}; its catalog cannot be read",
                               session.server_version_text()),
                   fmt::format("use a server of version {} or newer", kOldestServerMajor));
}

// The text of a field that may be NULL; the query gives none.
const std::string& TextOf(const postgres::Value& value) {
  static const std::string empty;
  return value ? *value : empty;
}

Status AddRow(const std::vector<postgres::Value>& row, ReadSnapshotResult* result) {
  TRY_ASSIGN(catalog::ObjectProperty entry, catalog::ParseProperty(TextOf(row[0])));
  result->raw.push_back(entry);
  if (postgres::IsTrue(row[1])) {
    result->any_sensitive = true;
    entry.value = sql::CanonicalText(entry.value);
  } else if (postgres::IsTrue(row[2])) {
    entry.value = sql::RereadText(entry.value);
  }
  result->snapshot.push_back(std::move(entry));
  return {};
}

}  // namespace

Result<ReadSnapshotResult> ReadSnapshot(postgres::Session& session, const catalog::Scope& scope,
                                        const std::string& first) {
  if (session.server_major() < kOldestServerMajor) return TooOld(session);
  TRY_ASSIGN(const std::vector<postgres::Rows> results,
             session.Query(first + IsolatedMessage(SnapshotQuery(session.server_major(), scope))));
  BALLAST_CHECK(results.size() > 1);
  ReadSnapshotResult result;
  // The last result is that of CLOSE.
  for (const auto& row : results[results.size() - 2].rows) TRY(AddRow(row, &result));
  result.raw = catalog::SortedSnapshot(std::move(result.raw));
  result.snapshot = catalog::SortedSnapshot(std::move(result.snapshot));
  return result;
}

}  // namespace ballast::introspect
