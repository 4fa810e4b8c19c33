// SPDX-License-Identifier: Apache-2.0
#include "prisma/preview_features.h"

#include <fmt/ranges.h>

#include <array>

#include "base/text.h"

namespace ballast::prisma {
namespace {

constexpr std::array<std::string_view, 9> kActive = {"fullTextSearchPostgres",
                                                     "metrics",
                                                     "nativeDistinct",
                                                     "postgresqlExtensions",
                                                     "relationJoins",
                                                     "schemaEngineDriverAdapters",
                                                     "shardKeys",
                                                     "strictUndefinedChecks",
                                                     "views"};

// Accepted, but not offered.
constexpr std::array<std::string_view, 2> kHidden = {"reactNative", "typedSql"};

constexpr std::array<std::string_view, 40> kDeprecated = {"aggregateApi",
                                                          "atomicNumberOperations",
                                                          "clientExtensions",
                                                          "cockroachdb",
                                                          "connectOrCreate",
                                                          "createMany",
                                                          "dataProxy",
                                                          "deno",
                                                          "distinct",
                                                          "driverAdapters",
                                                          "extendedIndexes",
                                                          "extendedWhereUnique",
                                                          "fieldReference",
                                                          "filteredRelationCount",
                                                          "filterJson",
                                                          "fullTextIndex",
                                                          "fullTextSearch",
                                                          "groupBy",
                                                          "improvedQueryRaw",
                                                          "interactiveTransactions",
                                                          "jsonProtocol",
                                                          "microsoftSqlServer",
                                                          "middlewares",
                                                          "mongoDb",
                                                          "multiSchema",
                                                          "namedConstraints",
                                                          "nApi",
                                                          "nativeTypes",
                                                          "omitApi",
                                                          "orderByAggregateGroup",
                                                          "orderByNulls",
                                                          "orderByRelation",
                                                          "prismaSchemaFolder",
                                                          "queryCompiler",
                                                          "referentialActions",
                                                          "referentialIntegrity",
                                                          "selectRelationCount",
                                                          "tracing",
                                                          "transactionApi",
                                                          "uncheckedScalarInputs"};

template <size_t N>
std::optional<PreviewFeature> FindIn(const std::array<std::string_view, N>& names,
                                     std::string_view name, bool deprecated) {
  for (const std::string_view known : names) {
    if (EqualsIgnoringAsciiCase(known, name)) return PreviewFeature{known, deprecated};
  }
  return std::nullopt;
}

}  // namespace

std::optional<PreviewFeature> FindPreviewFeature(std::string_view name) {
  if (auto feature = FindIn(kActive, name, false)) return feature;
  if (auto feature = FindIn(kHidden, name, false)) return feature;
  return FindIn(kDeprecated, name, true);
}

std::string ActivePreviewFeatures(bool postgres) {
  const auto first = kActive.begin() + (postgres ? 0 : 1);  // the first is PostgreSQL's own
  return fmt::format("{}", fmt::join(first, kActive.end(), ", "));
}

}  // namespace ballast::prisma
