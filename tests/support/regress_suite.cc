// SPDX-License-Identifier: Apache-2.0
#include "tests/support/regress_suite.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <regex>

#include "base/text.h"
#include "sql/split.h"
#include "tests/support/corpus.h"

namespace ballast::testing {
namespace {

namespace fs = std::filesystem;

std::string Folder() {
  const char* folder = std::getenv("BALLAST_REGRESS");
  return folder == nullptr ? "" : std::string(folder) + "/sql/";
}

// Without psql's commands: those on lines of their own, and those that end a statement (\gset).
std::string WithoutPsql(const std::string& script) {
  static const std::regex copy(R"(^\s*copy\s[^;]*\sfrom\s+stdin\b.*$)", std::regex::icase);
  static const std::regex at_end(R"(\\(g|gset|gexec|gx|gdesc|crosstabview|watch)\b.*$)");
  std::string text;
  bool in_data = false;
  for (const std::string& line : Split(script, '\n')) {
    if (in_data) {
      in_data = line != "\\.";
    } else if (std::regex_match(line, copy)) {
      in_data = true;
    } else if (!Trim(line).starts_with("\\")) {
      text += std::regex_replace(line, at_end, ";") + "\n";
    }
  }
  return text;
}

bool HasNoPlace(const std::string& statement) {
  static const std::regex out(
      R"(^(begin|start\s+transaction|commit|end|rollback|abort|savepoint|release|prepare\s+transaction)"
      R"(|(create|alter|drop)\s+(database|tablespace|subscription)|alter\s+system|checkpoint|load)"
      R"(|reindex\s+(\(.*\)\s*)?(system|database)|copy|vacuum|analyze|cluster;|listen|explain|show|select\s+pg_sleep)\b)",
      std::regex::icase);
  return std::regex_search(statement, out) || statement.find(":'") != statement.npos ||
         statement.find(":\"") != statement.npos || statement.find("\\;") != statement.npos;
}

}  // namespace

std::vector<std::string> RegressFiles() {
  std::vector<std::string> names;
  if (Folder().empty() || !fs::is_directory(Folder())) return names;
  for (const auto& entry : fs::directory_iterator(Folder())) {
    if (entry.path().extension() == ".sql") names.push_back(entry.path().stem());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::vector<std::string> RegressStatements(const std::string& file) {
  std::vector<std::string> statements;
  const std::string script = WithoutPsql(ReadWholeFile(Folder() + file + ".sql"));
  for (const sql::StatementText& piece : sql::SplitScript(script)) {
    std::string statement(piece.text);
    if (!statement.empty() && !HasNoPlace(statement)) statements.push_back(std::move(statement));
  }
  return statements;
}

}  // namespace ballast::testing
