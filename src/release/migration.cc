// SPDX-License-Identifier: Apache-2.0
#include "release/migration.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "base/sha256.h"
#include "base/text.h"
#include "release/collation.h"

namespace ballast::release {
namespace {

constexpr size_t kDigestDigits = 64;

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

// The checksum with `from` written as `to`, without a copy of the script.
std::string ChecksumWith(std::string_view script, std::string_view from, std::string_view to) {
  Sha256 hash;
  while (true) {
    const size_t at = script.find(from);
    hash.Update(script.substr(0, at));
    if (at == std::string_view::npos) return hash.FinishHex();
    hash.Update(to);
    script.remove_prefix(at + from.size());
  }
}

// Each byte in hex without its leading zero, as very old versions of Prisma wrote it.
std::string Unpadded(std::string_view hex) {
  std::string out;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) {
    if (hex[i] != '0') out += hex[i];
    out += hex[i + 1];
  }
  return out;
}

bool Fits(std::string_view stored, const std::string& checksum) {
  return stored.size() == kDigestDigits ? stored == checksum : stored == Unpadded(checksum);
}

}  // namespace

const std::string& Script::TextOrEmpty() const {
  static const std::string empty;
  return text_ == nullptr ? empty : *text_;
}

Migration MakeMigration(std::string name, std::string file_bytes) {
  std::string script = IsUtf8(file_bytes) ? std::move(file_bytes) : DecodeUtf8Lossy(file_bytes);
  std::string checksum = Sha256Hex(script);
  return {std::move(name), std::move(script), std::move(checksum)};
}

std::string ChecksumOf(std::string_view script) {
  return IsUtf8(script) ? Sha256Hex(script) : Sha256Hex(DecodeUtf8Lossy(script));
}

bool ChecksumMatches(std::string_view stored, std::string_view script) {
  if (stored.empty()) return false;
  if (!IsUtf8(script)) return ChecksumMatches(stored, DecodeUtf8Lossy(script));
  return Fits(stored, Sha256Hex(script)) || Fits(stored, ChecksumWith(script, "\r\n", "\n")) ||
         Fits(stored, ChecksumWith(script, "\n", "\r\n"));
}

bool PrismaOrder(std::string_view a, std::string_view b) {
  const size_t first =
      static_cast<size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first - a.begin());
  if (first < std::min(a.size(), b.size()) && IsDigit(a[first]) && IsDigit(b[first])) {
    return a[first] < b[first];  // two digits differ at the first level of the collation
  }
  const auto order = CollationKeyOf(a) <=> CollationKeyOf(b);
  return order != 0 ? order < 0 : a < b;
}

namespace {

void SortByCollation(std::vector<Migration>& migrations) {
  std::vector<std::pair<CollationKey, size_t>> keys;
  for (size_t i = 0; i < migrations.size(); ++i) {
    keys.emplace_back(CollationKeyOf(migrations[i].name), i);
  }
  std::sort(keys.begin(), keys.end(), [&](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first
                              : migrations[a.second].name < migrations[b.second].name;
  });
  std::vector<Migration> sorted;
  sorted.reserve(migrations.size());
  for (const auto& [key, index] : keys) sorted.push_back(std::move(migrations[index]));
  migrations = std::move(sorted);
}

}  // namespace

std::vector<std::string> SortMigrations(std::vector<Migration>& migrations) {
  if (!std::is_sorted(migrations.begin(), migrations.end(),
                      [](const auto& a, const auto& b) { return PrismaOrder(a.name, b.name); })) {
    SortByCollation(migrations);
  }
  std::vector<std::string> by_bytes;
  by_bytes.reserve(migrations.size());
  for (const Migration& migration : migrations) by_bytes.push_back(migration.name);
  std::sort(by_bytes.begin(), by_bytes.end());
  std::vector<std::string> moved;
  for (size_t i = 0; i < migrations.size(); ++i) {
    if (migrations[i].name != by_bytes[i]) moved.push_back(migrations[i].name);
  }
  return moved;
}

bool Covers(const Coverage& coverage, std::string_view name) {
  return std::any_of(coverage.begin(), coverage.end(),
                     [&](const CoveredMigration& covered) { return covered.name == name; });
}

Coverage CoverageOf(const std::vector<Migration>& migrations) {
  Coverage coverage;
  coverage.reserve(migrations.size());
  for (const Migration& migration : migrations) {
    coverage.push_back({migration.name, migration.checksum});
  }
  return coverage;
}

}  // namespace ballast::release
