// SPDX-License-Identifier: Apache-2.0
#include "fleet/member.h"

#include <fmt/format.h>

#include "postgres/password_command.h"

namespace ballast::fleet {
namespace {

std::string PercentEncoded(std::string_view text) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string encoded;
  for (const char c : text) {
    if (kPlain.find(c) != std::string_view::npos) {
      encoded += c;
    } else {
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

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

Error Of(const Member& member, Error error) {
  error.message = fmt::format("target \"{}\": {}", member.name, error.message);
  return error;
}

}  // namespace

Result<std::string> ExpandTemplate(const std::string& url_template, const Member& member) {
  std::string url;
  std::string_view rest = url_template;
  while (true) {
    const size_t open = rest.find('{');
    url += rest.substr(0, open);
    if (open == std::string_view::npos) return url;
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
    url += PercentEncoded(*value);
    rest.remove_prefix(close + 1);
  }
}

Result<postgres::Target> TargetOf(const Member& member, const std::string& password_command) {
  std::string url = member.url;
  if (!member.url_command.empty()) {
    Result<std::string> printed = postgres::RunPasswordCommand(member.url_command);
    if (!printed) {
      Error error = Of(member, std::move(printed).error());
      error.hint = "run its url_command by hand; it has to print the URL on stdout";
      return error;
    }
    url = *std::move(printed);
  }
  Result<postgres::Target> target = postgres::ParseUrl(url);
  if (!target) return Of(member, std::move(target).error());
  if (!member.database.empty()) target = target->WithDatabase(member.database);
  if (!member.schema.empty()) target->schema = member.schema;
  target->password_command = password_command;
  return target;
}

}  // namespace ballast::fleet
