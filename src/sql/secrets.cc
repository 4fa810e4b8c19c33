// SPDX-License-Identifier: Apache-2.0
#include "sql/secrets.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <set>

#include "base/text.h"
#include "sql/lexer.h"

namespace ballast::sql {
namespace {

constexpr std::string_view kCover = "********";
// Shorter ones are covered between their quotes only: a letter is in every word.
constexpr size_t kTelling = 3;
constexpr int kDepth = 3;  // code within strings within code

// Words in front of "key" that make it a secret; one of rows, sorting or languages is none.
constexpr auto kSecretKeys = std::to_array<std::string_view>(
    {"access",     "account", "activation", "admin",  "aes",        "anon",        "api",
     "app",        "auth",    "client",     "crypto", "decryption", "deploy",      "encrypt",
     "encryption", "hmac",    "host",       "jwt",    "license",    "licence",     "master",
     "pgp",        "private", "recovery",   "root",   "rsa",        "sas",         "secret",
     "security",   "service", "session",    "shared", "signature",  "signing",     "ssh",
     "ssl",        "stripe",  "symmetric",  "tls",    "webhook",    "service_role"});

bool IsLetter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0;
}

// Whether a word in snake or camel case, or after another character, begins at this place.
bool BeginsWord(std::string_view name, size_t at) {
  if (at == 0 || !IsLetter(name[at - 1])) return true;
  return std::islower(static_cast<unsigned char>(name[at - 1])) != 0 &&
         std::isupper(static_cast<unsigned char>(name[at])) != 0;
}

// "api_key", "apiKey", "\"apikey\"".
bool NamesSecretKey(std::string_view name) {
  constexpr std::string_view kKey = "key";
  while (!name.empty() && !IsLetter(name.back())) name.remove_suffix(1);
  const std::string lower = ToLowerAscii(name);
  if (!lower.ends_with(kKey)) return false;
  std::string_view rest = std::string_view(lower).substr(0, lower.size() - kKey.size());
  while (!rest.empty() && !IsLetter(rest.back())) rest.remove_suffix(1);
  return std::any_of(kSecretKeys.begin(), kSecretKeys.end(), [&](std::string_view kind) {
    return rest.ends_with(kind) && BeginsWord(name, rest.size() - kind.size());
  });
}

// The name of an option or clause whose value must not be seen.
bool NamesSecret(std::string_view name) {
  for (const char* word : {"password", "passwd", "secret", "token", "passphrase", "credential"}) {
    if (ContainsIgnoringAsciiCase(name, word)) return true;
  }
  return NamesSecretKey(name);
}

// Whether two characters side by side belong to one word.
bool Continues(char left, char right) {
  const auto of_word = [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c >= 0x80;
  };
  return of_word(static_cast<unsigned char>(left)) && of_word(static_cast<unsigned char>(right));
}

class Search {
 public:
  void Read(std::string_view script, int depth) {
    const std::vector<Token> tokens = Tokenize(script);
    TokenReader at(script, tokens);
    bool of_role = false;  // CREATE or ALTER ROLE, USER or GROUP
    for (; !at.AtEnd(); at.Skip()) {
      if (at.Is(";")) of_role = false;
      of_role = of_role || IsOfRole(at);
      if (at.Is("insert", 0) && at.Is("into", 1)) ReadInsert(at);
      if (at.Kind() == TokenKind::kString) {
        const std::string text = StringContent(at.Text());
        // set_config('app.password', '…'), jsonb_build_object('password', '…')
        const bool has_arguments = NamesSecret(text) && at.Text(1) == ",";
        if (has_arguments && text.find('%') != text.npos) {
          ReadFormat(at, text);
        } else if (has_arguments) {
          ReadValue(at, false);
        }
        ReadString(text, depth);
      } else if (IsName(at.Kind()) && (NamesSecret(at.Text()) || Encrypts(at))) {
        ReadValue(at, of_role);
      }
    }
  }

  std::vector<std::string> Found() && {
    std::sort(found_.begin(), found_.end(), [](const std::string& a, const std::string& b) {
      return a.size() != b.size() ? a.size() > b.size() : a < b;
    });
    found_.erase(std::unique(found_.begin(), found_.end()), found_.end());
    return std::move(found_);
  }

 private:
  static bool IsName(TokenKind kind) {
    return kind == TokenKind::kWord || kind == TokenKind::kQuotedName;
  }
  static bool IsOfRole(const TokenReader& at) {
    return (at.Is("create") || at.Is("alter")) &&
           (at.Is("role", 1) || at.Is("user", 1) || at.Is("group", 1)) && !at.Is("mapping", 2);
  }

  // crypt('…', …), pgp_sym_encrypt('…', '…')
  static bool Encrypts(const TokenReader& at) {
    return ContainsIgnoringAsciiCase(at.Text(), "crypt") && at.Text(1) == "(";
  }

  void AddString(std::string_view token) {
    const std::string secret = StringContent(token);
    Add(secret);
    Add(ReplaceAll(secret, "'", "''"));
  }

  // After a name that suggests a secret: = '…', := '…', TO '…', "…" in JSON, or all strings among
  // the arguments. Without its quotes, which it should have, a password is a word like another:
  // then only where roles are made.
  void ReadValue(TokenReader at, bool of_role) {
    at.Skip();
    if (at.Text() == "(") return ReadArguments(at);
    const bool json = at.Text() == ":";
    while (at.Text() == "=" || at.Text() == ":" || at.Text() == ">" || at.Text() == "," ||
           at.Is("to")) {
      at.Skip();
    }
    if (at.Kind() == TokenKind::kString) {
      AddString(at.Text());
    } else if (json && at.Kind() == TokenKind::kQuotedName) {
      Add(NameContent(at.Text()));
    } else if (of_role && !at.AtEnd() && at.Kind() != TokenKind::kSymbol && !at.Is("null")) {
      Add(std::string(at.Text()));
    }
  }

  void ReadArguments(TokenReader at) {
    int depth = 0;
    for (; !at.AtEnd() && !at.Is(";"); at.Skip()) {
      if (at.Kind() == TokenKind::kString) AddString(at.Text());
      if (at.Text() == "(") ++depth;
      if (at.Text() == ")" && --depth == 0) return;
    }
  }

  // format('… PASSWORD %L', …): the arguments whose place follows a name that suggests a secret.
  void ReadFormat(TokenReader at, const std::string& format) {
    const std::set<size_t> secret = SecretArguments(format);
    size_t argument = 0;
    int depth = 0;
    for (at.Skip(); !at.AtEnd() && depth >= 0; at.Skip()) {
      if (at.Text() == "(") ++depth;
      if (at.Text() == ")") --depth;
      if (at.Text() == "," && depth == 0) ++argument;
      if (at.Kind() == TokenKind::kString && secret.contains(argument)) AddString(at.Text());
    }
  }

  // Counted from 1 (PostgreSQL manual, "format").
  static std::set<size_t> SecretArguments(const std::string& format) {
    std::set<size_t> secret;
    size_t next = 0;
    for (size_t at = format.find('%'); at != format.npos; at = format.find('%', at + 1)) {
      if (at + 1 < format.size() && format[at + 1] == '%') {
        ++at;
        continue;
      }
      const size_t number = format.find_first_not_of("0123456789", at + 1);
      const bool numbered = number != format.npos && format[number] == '$' && number > at + 1;
      const size_t argument =
          numbered ? std::strtoul(format.c_str() + at + 1, nullptr, 10) : next + 1;
      next = argument;
      if (FollowsSecretName(std::string_view(format).substr(0, at))) secret.insert(argument);
    }
    return secret;
  }

  // PASSWORD %L, password = %L, "app.password" TO %L
  static bool FollowsSecretName(std::string_view text) {
    const std::vector<Token> tokens = Tokenize(text);
    for (auto token = tokens.rbegin(); token != tokens.rend(); ++token) {
      const std::string_view word = text.substr(token->offset, token->length);
      // The quote around the argument begins a string that ends after it.
      const bool between =
          token->kind == TokenKind::kSymbol || word == "'" || EqualsIgnoringAsciiCase(word, "to");
      if (!between) return NamesSecret(word);
    }
    return false;
  }

  // INSERT INTO t (a, password) VALUES (1, '…'), (2, '…'): by the place of the column.
  void ReadInsert(TokenReader at) {
    at.Skip(2);
    at.TakeName();
    if (at.Text() != "(") return;
    const std::vector<bool> secret = SecretColumns(at);
    at.SkipParentheses();
    if (!at.Take("values")) return;
    while (at.Text() == "(") {
      ReadRow(at, secret);
      at.SkipParentheses();
      if (at.Text() == ",") at.Skip();
    }
  }

  static std::vector<bool> SecretColumns(TokenReader at) {
    std::vector<bool> secret(1, false);
    for (at.Skip(); !at.AtEnd() && at.Text() != ")"; at.Skip()) {
      if (at.Text() == ",") secret.push_back(false);
      if (IsName(at.Kind()) && NamesSecret(at.Text())) secret.back() = true;
    }
    return secret;
  }

  void ReadRow(TokenReader at, const std::vector<bool>& secret) {
    size_t column = 0;
    int depth = 0;
    for (; !at.AtEnd(); at.Skip()) {
      if (at.Text() == "(") ++depth;
      if (at.Text() == ")" && --depth == 0) return;
      if (at.Text() == "," && depth == 1) ++column;
      const bool covered = column < secret.size() && secret[column];
      if (covered && at.Kind() == TokenKind::kString) AddString(at.Text());
    }
  }

  void ReadString(const std::string& text, int depth) {
    for (size_t at = text.find("://"); at != std::string::npos; at = text.find("://", at + 3)) {
      const std::string_view authority = std::string_view(text).substr(at + 3);
      const size_t end = authority.substr(0, authority.find_first_of(" \t\r\n'\"")).rfind('@');
      const size_t colon = authority.find(':');
      if (end != std::string_view::npos && colon < end) {
        Add(std::string(authority.substr(colon + 1, end - colon - 1)));
      }
    }
    ReadPairs(text);
    if (depth > 0 && MayHoldSecret(text)) Read(text, depth - 1);
  }

  static bool MayHoldSecret(std::string_view text) {
    return NamesSecret(text) || ContainsIgnoringAsciiCase(text, "key") ||
           text.find("://") != std::string_view::npos;
  }

  // "host=h password=x", "password = 'x y'", "…?password=x&…"
  void ReadPairs(const std::string& text) {
    for (size_t at = text.find('='); at != std::string::npos; at = text.find('=', at + 1)) {
      const std::string_view before = Trim(std::string_view(text).substr(0, at));
      const size_t name =
          before.find_last_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_");
      if (!NamesSecret(before.substr(name == std::string_view::npos ? 0 : name + 1))) continue;
      std::string_view value = std::string_view(text).substr(at + 1);
      value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
      const bool quoted = value.starts_with('\'');
      if (quoted) value.remove_prefix(1);
      Add(std::string(value.substr(0, value.find_first_of(quoted ? "'" : " \t\r\n&'\""))));
    }
  }

  void Add(std::string secret) {
    if (secret.empty()) return;
    if (secret.size() < kTelling) secret = "'" + secret + "'";
    found_.push_back(std::move(secret));
  }

  std::vector<std::string> found_;
};

}  // namespace

std::vector<std::string> SecretsIn(std::string_view script) {
  Search search;
  search.Read(script, kDepth);
  return std::move(search).Found();
}

std::vector<std::string> SecretsInMessage(std::string message) {
  std::replace(message.begin(), message.end(), '"', ' ');
  return SecretsIn(message);
}

std::string WithoutSecret(std::string text, std::string_view secret) {
  if (secret.empty()) return text;
  std::string covered;
  size_t from = 0;
  for (size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at)) {
    const size_t end = at + secret.size();
    const bool within_word = (at > 0 && Continues(text[at - 1], secret.front())) ||
                             (end < text.size() && Continues(secret.back(), text[end]));
    if (within_word) {
      ++at;
      continue;
    }
    covered += text.substr(from, at - from);
    covered += kCover;
    from = at = end;
  }
  return covered + text.substr(from);
}

std::string WithoutSecrets(std::string text, const std::vector<std::string>& secrets) {
  for (const std::string& secret : secrets) text = WithoutSecret(std::move(text), secret);
  return text;
}

}  // namespace ballast::sql
