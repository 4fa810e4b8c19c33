// SPDX-License-Identifier: Apache-2.0
#include "lint/names_and_locks.h"

#include <fmt/format.h>

#include <array>

#include "sql/quote.h"

namespace ballast::lint {
namespace {

std::string Named(const std::string& schema, const std::string& name) {
  return schema == "public" || schema.empty() ? name : schema + "." + name;
}

std::string RowsInWords(double rows) {
  constexpr double kThousand = 1e3;
  constexpr double kMillion = 1e6;
  constexpr double kTen = 10;
  if (rows >= kMillion * kTen) return fmt::format("{:.0f} M rows", rows / kMillion);
  if (rows >= kMillion) return fmt::format("{:.1f} M rows", rows / kMillion);
  if (rows >= kThousand * kTen) return fmt::format("{:.0f} k rows", rows / kThousand);
  return rows == 1 ? "1 row" : fmt::format("{:.0f} rows", rows);
}

std::string BytesInWords(int64_t bytes) {
  constexpr double kStep = 1024;
  constexpr std::array<const char*, 5> kUnits = {"bytes", "kB", "MB", "GB", "TB"};
  auto size = static_cast<double>(bytes);
  size_t unit = 0;
  for (; size >= kStep && unit + 1 < kUnits.size(); ++unit) size /= kStep;
  return fmt::format("{:.0f} {}", size, kUnits[unit]);
}

}  // namespace

std::string NameOf(const Relation& relation) {
  return Named(relation.schema, relation.name);
}

std::string NameOf(const EnumType& type) {
  return Named(type.schema, type.name);
}

std::string SqlNameOf(const Relation& relation) {
  return relation.schema == "public" ? sql::QuoteIdentifier(relation.name)
                                     : sql::QualifiedName(relation.schema, relation.name);
}

std::string DescribeBlocking(sql::LockMode mode, std::string_view table) {
  return fmt::format("blocks {} to {}", BlocksReads(mode) ? "reads and writes" : "writes", table);
}

std::string DescribeSize(const LiveTable& table) {
  const std::string bytes = BytesInWords(table.bytes);
  return table.rows < 0 ? bytes : RowsInWords(table.rows) + ", " + bytes;
}

}  // namespace ballast::lint
