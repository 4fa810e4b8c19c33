// SPDX-License-Identifier: Apache-2.0
// Migrations as Prisma sees them: a folder's name, its script, and the script's checksum.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ballast::release {

// The text of a script, or none. It is immutable and shared between copies, because a script can be
// larger than everything else in memory.
class Script {
 public:
  Script() = default;
  Script(std::string text) : text_(std::make_shared<const std::string>(std::move(text))) {}
  Script(const char* text) : Script(std::string(text)) {}

  bool has_value() const { return text_ != nullptr; }
  explicit operator bool() const { return has_value(); }
  const std::string& operator*() const { return *text_; }
  const std::string* operator->() const { return text_.get(); }
  const std::string& TextOrEmpty() const;

  friend bool operator==(const Script& a, const Script& b) {
    return a.text_ == b.text_ || (a && b && *a == *b);
  }

 private:
  std::shared_ptr<const std::string> text_;
};

struct Migration {
  std::string name;  // the folder's name, exactly
  // The text that is sent to the server: migration.sql decoded as UTF-8 with replacement
  // characters. Absent if the folder has no migration.sql; Prisma still counts it as a migration
  // and fails with P3015 when it reaches it.
  Script script;
  std::string checksum;  // of the script; empty if there is none

  bool operator==(const Migration&) const = default;
};

Migration MakeMigration(std::string name, std::string file_bytes);

// SHA-256 hex of the decoded script, as Prisma stores it (prisma-engines
// schema-engine/connectors/schema-connector/src/checksum.rs).
std::string ChecksumOf(std::string_view script);

// Whether a stored checksum is one of the script: of its bytes, with CRLF→LF, with LF→CRLF, or in
// the old unpadded form.
bool ChecksumMatches(std::string_view stored, std::string_view script);

// The order in which Prisma ≥ 6.6 runs them (JavaScript localeCompare, ICU root collation).
bool PrismaOrder(std::string_view a, std::string_view b);

// Sorts by PrismaOrder. Returns the names whose position differs in byte order (Prisma < 6.6).
std::vector<std::string> SortMigrations(std::vector<Migration>& migrations);

// A migration that a baseline covers. A coverage is a set; the vector keeps the order of the
// history.
struct CoveredMigration {
  std::string name;
  std::string checksum;

  bool operator==(const CoveredMigration&) const = default;
};
using Coverage = std::vector<CoveredMigration>;

bool Covers(const Coverage& coverage, std::string_view name);
Coverage CoverageOf(const std::vector<Migration>& migrations);

}  // namespace ballast::release
