// Migrations as Prisma sees them: a folder's name, its script, and the script's checksum.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ballast::release {

struct Migration {
  std::string name;  // the folder's name, exactly
  // What is sent to the server: migration.sql decoded as UTF-8 with replacement. Absent when the
  // folder has no migration.sql (prisma-facts: still a migration, P3015 when it is reached).
  std::optional<std::string> script;
  std::string checksum;  // of the script; empty when there is none

  bool operator==(const Migration&) const = default;
};

Migration MakeMigration(std::string name, std::string_view file_bytes);

// SHA-256 hex of the decoded script, as Prisma stores it (prisma-engines
// schema-engine/connectors/schema-connector/src/checksum.rs).
std::string ChecksumOf(std::string_view script);

// Whether a stored checksum fits the script: raw, CRLF→LF, LF→CRLF, and the historic unpadded form.
bool ChecksumMatches(std::string_view stored, std::string_view script);

// The order in which Prisma ≥ 6.6 runs them (JavaScript localeCompare, ICU root collation).
bool PrismaOrder(std::string_view a, std::string_view b);

// Sorts by PrismaOrder; the names whose place differs in byte order (Prisma < 6.6) are returned.
std::vector<std::string> SortMigrations(std::vector<Migration>& migrations);

// A migration that a baseline stands for. Coverage is a set; the vector keeps the history's order.
struct CoveredMigration {
  std::string name;
  std::string checksum;

  bool operator==(const CoveredMigration&) const = default;
};
using Coverage = std::vector<CoveredMigration>;

bool Covers(const Coverage& coverage, std::string_view name);
Coverage CoverageOf(const std::vector<Migration>& migrations);

}  // namespace ballast::release
