#include "postgres/facts_reader.h"

#include <fmt/format.h>

#include <utility>

#include "base/text.h"
#include "postgres/facts_query.h"
#include "sql/canonical.h"

namespace ballast::postgres {
namespace {

Error TooOld(const Session& session) {
  return MakeError(ErrorCode::kServerTooOld,
                   fmt::format("the server is PostgreSQL {}; its catalog cannot be read",
                               session.server_version_text()),
                   fmt::format("use a server of version {} or newer", kOldestMajor));
}

// The text of a field that may be NULL; the query gives none.
const std::string& TextOf(const Value& value) {
  static const std::string empty;
  return value ? *value : empty;
}

Status AddRow(const std::vector<Value>& row, ReadFactsResult* result) {
  TRY_ASSIGN(catalog::Fact fact, catalog::ParseFact(TextOf(row[0])));
  result->raw.push_back(fact);
  if (TextOf(row[1]) == "t") {
    result->any_sensitive = true;
    fact.value = sql::CanonicalText(fact.value);
  }
  result->facts.push_back(std::move(fact));
  return {};
}

}  // namespace

Result<ReadFactsResult> ReadFacts(Session& session, const catalog::Scope& scope) {
  if (session.server_major() < kOldestMajor) return TooOld(session);
  TRY_ASSIGN(const std::vector<Rows> results,
             session.Query(FactsQuery(session.server_major(), scope)));
  ReadFactsResult result;
  for (const std::vector<Value>& row : results.back().rows) TRY(AddRow(row, &result));
  result.raw = catalog::SortedFacts(std::move(result.raw));
  result.facts = catalog::SortedFacts(std::move(result.facts));
  return result;
}

}  // namespace ballast::postgres
