// SPDX-License-Identifier: Apache-2.0
#include "sql/named_roles.h"

#include <algorithm>
#include <array>
#include <vector>

#include "sql/lexer.h"
#include "sql/nested_code.h"
#include "sql/split.h"

namespace ballast::sql {
namespace {

constexpr size_t kLongestName = 63;

// They only occur where roles are looked up, or where an error is not the end.
constexpr std::array<std::string_view, 12> kReadRoles = {
    "pg_roles", "pg_authid",  "pg_user",          "pg_shadow",     "pg_group",  "rolname",
    "usename",  "to_regrole", "applicable_roles", "enabled_roles", "exception", "pg_has_role"};

// What can follow TO and FROM without being the name of a role.
constexpr std::array<std::string_view, 6> kNoRole = {"public",       "current_user", "session_user",
                                                     "current_role", "user",         "group"};

template <size_t kSize>
bool IsOneOf(const TokenReader& reader, const std::array<std::string_view, kSize>& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return reader.Is(word); });
}

bool CouldBeRole(std::string_view text) {
  if (text.empty() || text.size() > kLongestName || text.starts_with("pg_")) return false;
  const auto is_letter = [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c > 0x7f;
  };
  if (!is_letter(static_cast<unsigned char>(text.front()))) return false;
  const bool plain = std::all_of(text.begin(), text.end(), [&](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return is_letter(byte) || (byte >= '0' && byte <= '9') || c == '-' || c == '.' || c == '@';
  });
  return plain && text != "public" && text != "none";
}

class Finder {
 public:
  void Read(std::string_view code, int depth) {
    const std::vector<Token> tokens = Tokenize(code);
    verb_ = {};
    for (TokenReader reader(code, tokens); !reader.AtEnd(); reader.Skip()) {
      if (reader.Kind() == TokenKind::kString) {
        ReadString(StringContent(reader.Text()), depth);
        continue;
      }
      ReadWord(reader);
    }
  }

  NamedRoles Take() {
    if (found_.reads_roles) found_.names.merge(strings_);
    return std::move(found_);
  }

 private:
  void ReadString(const std::string& text, int depth) {
    if (CouldBeRole(text)) strings_.insert(text);
    if (!CouldBeCode(text) || depth == kDeepestCode) return;
    const std::string verb = verb_;
    Read(text, depth + 1);
    verb_ = verb;
  }

  void ReadWord(TokenReader reader) {
    found_.reads_roles = found_.reads_roles || IsOneOf(reader, kReadRoles);
    if (reader.Is("grant") || reader.Is("revoke") || reader.Is("policy") || reader.Is("owner")) {
      found_.revokes = found_.revokes || reader.Is("revoke");
      verb_ = NameContent(reader.Text());
    } else if (reader.Text() == ";") {
      verb_ = {};
    } else if (verb_ == "revoke" ? reader.Take("from") : !verb_.empty() && reader.Take("to")) {
      TakeRoles(reader);
      if (verb_ == "owner") verb_ = {};
    }
  }

  void TakeRoles(TokenReader& reader) {
    do {
      reader.Take("group");
      const bool name =
          reader.Kind() == TokenKind::kQuotedName || reader.Kind() == TokenKind::kWord;
      if (!name) return;
      const std::string role = NameContent(reader.Text());
      if (!IsOneOf(reader, kNoRole) && CouldBeRole(role)) found_.names.insert(role);
      reader.Skip();
    } while (reader.Take(","));
  }

  NamedRoles found_;
  std::set<std::string> strings_;
  std::string verb_;  // of the statement: "grant", "revoke", "policy", "owner"
};

}  // namespace

NamedRoles FindNamedRoles(std::string_view script) {
  Finder finder;
  finder.Read(script, 0);
  NamedRoles found = finder.Take();
  for (StatementIterator walk(script); walk.Next();) {
    TokenReader reader = walk.reader();
    if (!reader.Take("create")) continue;
    if (!reader.Take("role") && !reader.Take("group") && !reader.Take("user")) continue;
    if (reader.Is("mapping") || reader.AtEnd()) continue;
    found.created.insert(NameContent(reader.Text()));
  }
  return found;
}

}  // namespace ballast::sql
