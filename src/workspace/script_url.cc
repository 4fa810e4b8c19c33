// SPDX-License-Identifier: Apache-2.0
#include "workspace/script_url.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "base/text.h"
#include "workspace/expression_parser.h"
#include "workspace/script_reassignments.h"

namespace ballast::workspace {
namespace {

constexpr std::string_view kUnreserved =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
constexpr std::string_view kDelimiters = "!$&'()*+,%";

bool Has(std::string_view characters, char c) {
  return characters.find(c) != std::string_view::npos;
}

bool IsOf(std::string_view text, std::string_view further) {
  return std::ranges::all_of(text, [&](char c) { return Has(kUnreserved, c) || Has(further, c); });
}

// name, or name:password, neither of them empty.
bool IsPlainUser(std::string_view user) {
  const size_t colon = user.find(':');
  const std::string_view name = user.substr(0, colon);
  if (name.empty() || !IsOf(name, kDelimiters)) return false;
  if (colon == std::string_view::npos) return true;
  const std::string_view password = user.substr(colon + 1);
  return !password.empty() && IsOf(password, kDelimiters);
}

bool IsPlainHost(std::string_view host) {
  const size_t colon = host.find(':');
  const std::string_view name = host.substr(0, colon);
  if (name.empty() || !IsOf(name, {})) return false;
  if (colon == std::string_view::npos) return true;
  const std::string_view port = host.substr(colon + 1);
  int number = 0;
  const auto [end, failed] = std::from_chars(port.data(), port.data() + port.size(), number);
  return failed == std::errc() && end == port.data() + port.size() && port[0] != '0' &&
         port[0] != '-' && number <= 65535;
}

// Without "." and ".." as names, which would be resolved.
bool IsPlainPath(std::string_view path) {
  if (!IsOf(path, "!$&'()*+,%;=:@/")) return false;
  return path.find("/.") == std::string_view::npos && !ContainsIgnoringAsciiCase(path, "%2e");
}

using Parameters = std::vector<std::pair<std::string, std::string>>;

// application/x-www-form-urlencoded; nothing if it is not UTF-8.
std::optional<std::string> Decoded(std::string_view text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto high = text[i] == '%' && i + 2 < text.size() ? HexDigit(text[i + 1]) : std::nullopt;
    const auto low = high ? HexDigit(text[i + 2]) : std::nullopt;
    if (low) {
      decoded += static_cast<char>(*high * 16 + *low);
      i += 2;
    } else {
      decoded += text[i] == '+' ? ' ' : text[i];
    }
  }
  return IsUtf8(decoded) ? std::optional(decoded) : std::nullopt;
}

std::optional<Parameters> ParametersOf(std::string_view query) {
  Parameters parameters;
  for (const std::string& part : Split(query, '&')) {
    if (part.empty()) continue;
    const size_t sign = std::min(part.find('='), part.size());
    const auto name = Decoded(std::string_view(part).substr(0, sign));
    const auto value = Decoded(std::string_view(part).substr(std::min(sign + 1, part.size())));
    if (!name || !value) return std::nullopt;
    parameters.emplace_back(*name, *value);
  }
  return parameters;
}

std::string Encoded(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const bool is_plain = c != '~' && (c == '*' || Has(kUnreserved, c));
    encoded += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return encoded;
}

// False: the call is not understood.
bool Change(std::string_view method, const std::vector<std::string>& arguments,
            Parameters* parameters) {
  const std::string& name = arguments.front();
  const auto has_name = [&](const auto& parameter) { return parameter.first == name; };
  if (method == "delete") {
    std::erase_if(*parameters, has_name);
    return arguments.size() == 1;
  }
  if (arguments.size() != 2) return false;
  const auto found = std::ranges::find_if(*parameters, has_name);
  if (method == "append" || found == parameters->end()) {
    parameters->emplace_back(name, arguments[1]);
    return true;
  }
  found->second = arguments[1];
  parameters->erase(std::remove_if(found + 1, parameters->end(), has_name), parameters->end());
  return true;
}

bool IsNewUrl(const Expression& e) {
  return e.kind == ExpressionKind::kNew && e.parts.size() == 2 &&
         e.parts[0].kind == ExpressionKind::kName && e.parts[0].text == "URL";
}

bool Names(const std::vector<Token>& tokens, std::string_view name) {
  return std::ranges::any_of(tokens, [&](const Token& token) {
    if (token.kind == TokenKind::kWord && token.text == name) return true;
    return std::ranges::any_of(token.expressions,
                               [&](const auto& inside) { return Names(inside, name); });
  });
}

// Where one name is used: by calls that change the URL, and by what reads it.
class UrlUses {
 public:
  UrlUses(const std::vector<Token>& tokens, std::string_view name, size_t declared)
      : tokens_(tokens), name_(name), declared_(declared) {}

  // The calls in order; empty if there are none, or if it is used in another way.
  std::vector<Expression> Find() {
    int depth = 0;
    for (size_t i = 0; i < tokens_.size(); ++i) {
      if (TextAt(tokens_, i) == "(" || TextAt(tokens_, i) == "[" || TextAt(tokens_, i) == "{") {
        depth += tokens_[i].kind == TokenKind::kSign ? 1 : 0;
      }
      if (IsClosingBracket(tokens_[i])) --depth;
      const bool in_template = std::ranges::any_of(
          tokens_[i].expressions, [&](const auto& inside) { return Names(inside, name_); });
      const bool is_name = tokens_[i].kind == TokenKind::kWord && tokens_[i].text == name_;
      if (in_template) return {};
      if (!is_name || i == declared_ || IsOther(i)) continue;
      if (!AddUse(i, depth)) return {};
    }
    return std::move(calls_);
  }

 private:
  // A member or a key of that name.
  bool IsOther(size_t at) const {
    const std::string_view before = at > 0 ? TextAt(tokens_, at - 1) : std::string_view();
    const bool is_key = TextAt(tokens_, at + 1) == ":" && (before == "{" || before == ",");
    return is_key || before == "." || before == "?.";
  }

  bool AddUse(size_t at, int depth) {
    if (at < declared_) return false;
    const std::string_view member = TextAt(tokens_, at + 2);
    const bool reads =
        TextAt(tokens_, at + 1) == "." &&
        ((member == "href" && !IsAssignmentSign(TextAt(tokens_, at + 3))) || member == "toString");
    if (reads) {
      was_read_ = true;
      return true;
    }
    if (was_read_ || depth != 0 || !BeginsStatement(tokens_, at)) return false;
    TokenCursor cursor(tokens_, at);
    Expression call = cursor.ParseExpression();
    if (SearchParameterMethod(call, name_).empty() || !cursor.EndsStatement()) return false;
    calls_.push_back(std::move(call));
    return true;
  }

  const std::vector<Token>& tokens_;
  std::string_view name_;
  size_t declared_;
  bool was_read_ = false;
  std::vector<Expression> calls_;
};

}  // namespace

bool IsPlainUrl(std::string_view text) {
  const size_t scheme = text.find("://");
  if (scheme == std::string_view::npos) return false;
  const std::string_view protocol = text.substr(0, scheme);
  if (protocol != "postgresql" && protocol != "postgres") return false;
  std::string_view rest = text.substr(scheme + 3);
  if (const size_t query = rest.find('?'); query != std::string_view::npos) {
    if (query + 1 == rest.size() || !IsOf(rest.substr(query + 1), "!$&'()*+,%;=:@/?")) return false;
    rest = rest.substr(0, query);
  }
  const size_t slash = std::min(rest.find('/'), rest.size());
  std::string_view host = rest.substr(0, slash);
  if (const size_t at = host.rfind('@'); at != std::string_view::npos) {
    if (!IsPlainUser(host.substr(0, at))) return false;
    host = host.substr(at + 1);
  }
  return IsPlainHost(host) && IsPlainPath(rest.substr(slash));
}

bool IsPlainUrlPath(std::string_view path) {
  return IsOf(path, "!$&'()*+,;=:@/");
}

std::string_view SearchParameterMethod(const Expression& call, std::string_view name) {
  if (call.kind != ExpressionKind::kCall || call.parts.size() < 2) return {};
  const Expression& method = call.parts[0];
  if (method.kind != ExpressionKind::kMember) return {};
  const Expression& parameters = method.parts[0];
  const bool is_of_name =
      parameters.kind == ExpressionKind::kMember && parameters.text == "searchParams" &&
      parameters.parts[0].kind == ExpressionKind::kName && parameters.parts[0].text == name;
  const bool changes = method.text == "set" || method.text == "append" || method.text == "delete";
  return is_of_name && changes ? std::string_view(method.text) : std::string_view();
}

std::string WithSearchParameter(const std::string& url, std::string_view method,
                                const std::vector<std::string>& arguments) {
  const size_t query = std::min(url.find('?'), url.size());
  auto parameters = ParametersOf(std::string_view(url).substr(std::min(query + 1, url.size())));
  if (arguments.empty() || !parameters || !Change(method, arguments, &*parameters)) return {};
  std::string changed = url.substr(0, query);
  char sign = '?';
  for (const auto& [name, value] : *parameters) {
    // A blank becomes "+", which not every reader of URLs takes for one.
    if (Has(name, ' ') || Has(value, ' ') || !IsUtf8(name) || !IsUtf8(value)) return {};
    changed += fmt::format("{}{}={}", sign, Encoded(name), Encoded(value));
    sign = '&';
  }
  return changed;
}

void FollowUrlObjects(const std::vector<Token>& tokens, Script* script) {
  for (auto& [name, value] : script->constants) {
    const auto declared = script->declared.find(name);
    if (!IsNewUrl(value) || declared == script->declared.end()) continue;
    std::vector<Expression> calls = UrlUses(tokens, name, declared->second).Find();
    if (calls.empty()) continue;
    Expression changed{ExpressionKind::kChangedUrl, name, {std::move(value)}, {}, 0};
    changed.line = changed.parts[0].line;
    for (Expression& call : calls) changed.parts.push_back(std::move(call));
    value = std::move(changed);
    script->changes.erase(name);
  }
}

}  // namespace ballast::workspace
