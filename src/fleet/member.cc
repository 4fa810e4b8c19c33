// SPDX-License-Identifier: Apache-2.0
#include "fleet/member.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "base/url_password.h"
#include "postgres/password_command.h"
#include "postgres/percent_encoding.h"
#include "postgres/url_argument.h"

namespace ballast::fleet {
namespace {

// Null: the member has none.
const std::string* ValueOf(const Member& member, std::string_view placeholder) {
  const std::string* value = nullptr;
  if (placeholder == "name") value = &member.name;
  if (placeholder == "database") value = &member.database;
  if (placeholder == "schema") value = &member.schema;
  if (value == nullptr) {
    const auto label = member.labels.find(std::string(placeholder));
    if (label != member.labels.end()) value = &label->second;
  }
  return value == nullptr || value->empty() ? nullptr : value;
}

// For libpq's "key=value" form.
std::string Escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (std::string_view(" \t\r\n\f\v'\\").find(c) != std::string_view::npos) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

// The text with its placeholders replaced.
Result<std::string> Filled(std::string_view rest, const Member& member,
                           std::string (*encode)(std::string_view)) {
  std::string filled;
  while (true) {
    const size_t open = rest.find('{');
    filled += rest.substr(0, open);
    if (open == std::string_view::npos) return filled;
    const size_t close = rest.find('}', open);
    if (close == std::string_view::npos) {
      return MakeError(ErrorCode::kUsageError, "the URL template has a { without a }",
                       "docs/fleets.md describes the template");
    }
    const std::string_view placeholder = rest.substr(open + 1, close - open - 1);
    const std::string* value = ValueOf(member, placeholder);
    if (value == nullptr) {
      return MakeError(ErrorCode::kUsageError,
                       fmt::format("the URL template asks for {{{}}}, which target \"{}\" does not "
                                   "have",
                                   placeholder, member.name),
                       "use {name}, {database}, {schema} or the name of a label");
    }
    filled += encode(*value);
    rest.remove_prefix(close + 1);
  }
}

// The names in braces.
std::set<std::string> PlaceholdersIn(std::string_view text) {
  std::set<std::string> names;
  for (size_t open = text.find('{'); open != text.npos; open = text.find('{', open + 1)) {
    const size_t close = text.find('}', open);
    if (close == text.npos) break;
    names.insert(std::string(text.substr(open + 1, close - open - 1)));
  }
  return names;
}

// The same of the values of password and sslpassword in libpq's "key=value" form.
std::set<std::string> PlaceholdersInPasswords(std::string_view text) {
  constexpr std::string_view kKeyword = "password";
  constexpr std::string_view kBlanks = " \t\r\n\f\v";
  std::set<std::string> names;
  for (size_t at = text.find(kKeyword); at != text.npos; at = text.find(kKeyword, at)) {
    at += kKeyword.size();
    const size_t equals = text.find_first_not_of(kBlanks, at);
    if (equals == text.npos || text[equals] != '=') continue;
    const size_t value = text.find_first_not_of(kBlanks, equals + 1);
    if (value == text.npos) break;
    const bool quoted = text[value] == '\'';
    const size_t end = quoted ? text.find('\'', value + 1) : text.find_first_of(kBlanks, value);
    names.merge(PlaceholdersIn(text.substr(value, end - value)));
  }
  return names;
}

// Those that stand in a password of the template.
std::set<std::string> SecretsOf(const std::string& url_template) {
  if (url_template.find("://") == std::string::npos) return PlaceholdersInPasswords(url_template);
  std::set<std::string> secrets = PlaceholdersIn(url_template);
  for (const std::string& shown : PlaceholdersIn(MaskUrlPasswords(url_template))) {
    secrets.erase(shown);
  }
  return secrets;
}

}  // namespace

std::map<std::string, std::string> ShownLabels(const Member& member) {
  std::map<std::string, std::string> shown = member.labels;
  for (auto& [name, value] : shown) {
    const bool secret =
        member.secrets.contains(name) || ContainsIgnoringAsciiCase(name, "password");
    value = secret ? "***" : MaskUrlPasswords(value);
  }
  return shown;
}

Status ApplyTemplate(const std::string& url_template, Member& member) {
  std::string url, database;
  const size_t scheme = url_template.find("://");
  if (scheme == std::string::npos) {
    TRY_ASSIGN(url, Filled(url_template, member, &Escaped));
  } else {
    const std::string_view text = url_template;
    const size_t tail = std::min(text.find_first_of("?#", scheme), text.size());
    const size_t begin = std::min(text.find('/', scheme + 3), tail - 1) + 1;
    const size_t end = std::min(text.find('/', begin), tail);
    const std::string_view path = text.substr(begin, end - begin);
    TRY_ASSIGN(const std::string filled, Filled(path, member, &postgres::PercentEncode));
    if (filled != path) database = postgres::PercentDecode(filled);  // it has a placeholder
    TRY_ASSIGN(const std::string before,
               Filled(text.substr(0, begin), member, &postgres::PercentEncode));
    TRY_ASSIGN(const std::string after, Filled(text.substr(end), member, &postgres::PercentEncode));
    url = before + (database.empty() ? std::string(path) : "") + after;
  }
  // The template has put them where they belong.
  if (url_template.find("{database}") != std::string::npos) member.database.clear();
  if (url_template.find("{schema}") != std::string::npos) member.schema.clear();
  if (member.database.empty()) member.database = std::move(database);
  member.url = std::move(url);
  member.variable.clear();
  member.secrets = SecretsOf(url_template);
  return {};
}

std::string UrlArgument(const Member& member,
                        const std::map<std::string, std::string, std::less<>>& process) {
  const bool replaced = !member.database.empty() || !member.schema.empty();
  const auto value = process.find(member.variable);
  if (!replaced && value != process.end() && value->second == member.url) {
    return fmt::format("\"${}\"", member.variable);
  }
  const Result<postgres::Target> target =
      member.url_command.empty() ? TargetOf(member, {}) : Result<postgres::Target>(Error());
  return target ? postgres::UrlArgument(member.url, *target) : postgres::UnknownUrlArgument();
}

Result<postgres::Target> TargetOf(const Member& member, const std::string& password_command) {
  std::string url = member.url;
  if (!member.url_command.empty()) {
    const postgres::CommandWords words = {
        "the url_command", "run it by hand; it has to print the URL of the target on stdout"};
    TRY_ASSIGN(url, postgres::RunPasswordCommand(member.url_command,
                                                 postgres::kPasswordCommandLimit, words));
  }
  TRY_ASSIGN(postgres::Target target,
             postgres::ParseUrl(url, fmt::format("target {}", member.name)));
  if (!member.database.empty()) target = target.WithDatabase(member.database);
  if (!member.schema.empty()) target.schema = member.schema;
  target.password_command = password_command;
  return target;
}

}  // namespace ballast::fleet
