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

std::string WithLf(std::string_view script) {
  return ReplaceAll(std::string(script), "\r\n", "\n");
}
std::string WithCrlf(std::string_view script) {
  return ReplaceAll(std::string(script), "\n", "\r\n");
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

bool FitsExactly(std::string_view stored, std::string_view script) {
  const std::string checksum = ChecksumOf(script);
  return stored.size() == kDigestDigits ? stored == checksum : stored == Unpadded(checksum);
}

}  // namespace

Migration MakeMigration(std::string name, std::string_view file_bytes) {
  std::string script = IsUtf8(file_bytes) ? std::string(file_bytes) : DecodeUtf8Lossy(file_bytes);
  std::string checksum = Sha256Hex(script);
  return {std::move(name), std::move(script), std::move(checksum)};
}

std::string ChecksumOf(std::string_view script) {
  return IsUtf8(script) ? Sha256Hex(script) : Sha256Hex(DecodeUtf8Lossy(script));
}

bool ChecksumMatches(std::string_view stored, std::string_view script) {
  if (stored.empty()) return false;
  return FitsExactly(stored, script) || FitsExactly(stored, WithLf(script)) ||
         FitsExactly(stored, WithCrlf(script));
}

bool PrismaOrder(std::string_view a, std::string_view b) {
  const auto order = CollationKeyOf(a) <=> CollationKeyOf(b);
  return order != 0 ? order < 0 : a < b;
}

std::vector<std::string> SortMigrations(std::vector<Migration>& migrations) {
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
