// SPDX-License-Identifier: Apache-2.0
#include "introspect/snapshot_template.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <vector>

#include "base/check.h"
#include "base/text.h"
#include "catalog/own_schemas.h"
#include "catalog/property_name.h"
#include "sql/quote.h"

namespace ballast::introspect {
namespace {

// Words that only some versions quote (pg_get_keywords), by the first such version.
struct Keyword {
  std::string_view word;
  int since;
};
constexpr std::array<Keyword, 13> kNewKeywords = {{{"json", 17},
                                                   {"json_array", 16},
                                                   {"json_arrayagg", 16},
                                                   {"json_exists", 17},
                                                   {"json_object", 16},
                                                   {"json_objectagg", 16},
                                                   {"json_query", 17},
                                                   {"json_scalar", 17},
                                                   {"json_serialize", 17},
                                                   {"json_table", 17},
                                                   {"json_value", 17},
                                                   {"merge_action", 17},
                                                   {"system_user", 16}}};

std::string Quoted(const std::string& expression, int major) {
  const std::string name = fmt::format("({})::text", expression);
  std::string words;
  for (const Keyword& keyword : kNewKeywords) {
    if (keyword.since > major)
      words += (words.empty() ? "'" : ", '") + std::string(keyword.word) + "'";
  }
  if (words.empty()) return fmt::format("quote_ident({})", name);
  return fmt::format("CASE WHEN {0} IN ({1}) THEN '\"' || {0} || '\"' ELSE quote_ident({0}) END",
                     name, words);
}

bool LooksAtCatalog(const catalog::Scope& scope) {
  return scope.everything ||
         std::find(scope.schemas.begin(), scope.schemas.end(), "pg_catalog") != scope.schemas.end();
}

}  // namespace

bool IsUnmanagedKind(std::string_view kind, const catalog::Scope& scope) {
  static constexpr std::array<std::string_view, 8> kKinds = {
      "extension", "publication",          "subscription", "event trigger",
      "language",  "foreign data wrapper", "server",       "other schema"};
  return scope.others && std::find(kKinds.begin(), kKinds.end(), kind) != kKinds.end();
}

namespace {

std::string GlobalTest(const std::string& kind, const std::string& object,
                       const catalog::Scope& scope) {
  if (scope.everything || IsUnmanagedKind(kind, scope)) return "true";
  std::string list;
  for (const std::string& global : scope.globals) {
    if (global.rfind(kind + " ", 0) != 0) continue;
    list += (list.empty() ? "" : ", ") + sql::QuoteLiteral(global.substr(kind.size() + 1));
  }
  return list.empty() ? "false" : fmt::format("({}) IN ({})", object, list);
}

bool LeavesDefaultPrivileges(const catalog::Scope& scope) {
  return !scope.everything &&
         std::none_of(scope.globals.begin(), scope.globals.end(), [](const std::string& global) {
           return global.starts_with("default privileges ") ||
                  global.starts_with("database default privileges ");
         });
}

// The arguments are those of @expected.
std::string ExpectedTest(const std::vector<std::string>& arguments, const catalog::Scope& scope) {
  std::string list;
  for (const std::string& line : scope.privileges) {
    const Result<catalog::ObjectProperty> entry = catalog::ParseProperty(line);
    if (!entry.ok()) continue;
    list += fmt::format("{}({}, {}, {}, {})", list.empty() ? "" : ", ",
                        sql::QuoteLiteral(entry->kind), sql::QuoteLiteral(entry->object),
                        sql::QuoteLiteral(entry->property), sql::QuoteLiteral(entry->value));
  }
  if (list.empty()) return "false";
  return fmt::format(
      "EXISTS (SELECT FROM (VALUES {}) x (kind, object, property, value) WHERE x.kind = {} AND "
      "x.object = {} AND x.property = {} AND {} = ANY (string_to_array(x.value, ', ')))",
      list, arguments[0], arguments[1], arguments[2], arguments[3]);
}

// Whether the scope has properties of that name.
bool AsksFor(std::string_view name, const catalog::Scope& scope) {
  return std::ranges::any_of(scope.privileges, [&](const std::string& line) {
    const Result<catalog::ObjectProperty> entry = catalog::ParseProperty(line);
    return entry.ok() && catalog::ReadPropertyName(entry->property).rest.starts_with(name);
  });
}

// Rows for VALUES; the scope has some.
std::string Conditions(const catalog::Scope& scope) {
  std::vector<std::string> rows;
  for (const std::string& line : scope.privileges) {
    const Result<catalog::ObjectProperty> entry = catalog::ParseProperty(line);
    if (!entry.ok() || !catalog::IsConditionOn(entry->property)) continue;
    const catalog::PropertyName name = catalog::ReadPropertyName(entry->property);
    const bool revoked = name.rest.starts_with(catalog::kRevokedFrom);
    const std::string_view words = revoked ? catalog::kRevokedFrom : catalog::kOptionalGrantTo;
    const std::string note = name.part.empty() ? "" : std::string(name.part) + " ";
    rows.push_back(fmt::format("({}, {}, {}, {}, {}, {}, {})", sql::QuoteLiteral(entry->kind),
                               sql::QuoteLiteral(entry->object), sql::QuoteLiteral(note),
                               sql::QuoteLiteral(entry->property),
                               sql::QuoteLiteral(std::string(name.rest.substr(words.size()))),
                               revoked, sql::QuoteLiteral(entry->value)));
  }
  return Join(rows, ", ");
}

std::string Published(const catalog::Scope& scope) {
  std::vector<std::string> rows;
  for (const std::string& line : scope.privileges) {
    const Result<catalog::ObjectProperty> entry = catalog::ParseProperty(line);
    if (!entry.ok() || !entry->property.starts_with(catalog::kPublishedBy)) continue;
    rows.push_back(
        fmt::format("({}, {}, {}, {})", sql::QuoteLiteral(entry->kind),
                    sql::QuoteLiteral(entry->object), sql::QuoteLiteral(entry->property),
                    sql::QuoteLiteral(entry->property.substr(catalog::kPublishedBy.size()))));
  }
  return Join(rows, ", ");
}

std::string Roles(const catalog::Scope& scope) {
  std::vector<std::string> rows;
  for (const std::string& global : scope.globals) {
    constexpr std::string_view kRole = "role ";
    if (global.starts_with(kRole)) {
      rows.push_back("(" + sql::QuoteLiteral(global.substr(kRole.size())) + ")");
    }
  }
  return Join(rows, ", ");
}

// From after an opening parenthesis to after the closing one; skips quotes.
size_t EndOfArguments(std::string_view text, size_t start) {
  int depth = 1;
  for (size_t i = start; i < text.size(); ++i) {
    if (text[i] == '\'') i = text.find('\'', i + 1);
    BALLAST_CHECK(i != std::string_view::npos);
    if (text[i] == '(') ++depth;
    if (text[i] == ')' && --depth == 0) return i + 1;
  }
  BALLAST_CHECK(false);
  return text.size();
}

std::vector<std::string> ArgumentsOf(std::string_view text) {
  std::vector<std::string> arguments(1);
  int depth = 0;
  bool quoted = false;
  for (const char c : text) {
    if (c == '\'') quoted = !quoted;
    if (!quoted && c == '(') ++depth;
    if (!quoted && c == ')') --depth;
    if (!quoted && depth == 0 && c == ',') {
      arguments.emplace_back();
    } else {
      arguments.back() += c;
    }
  }
  for (std::string& argument : arguments) argument = std::string(Trim(argument));
  return arguments;
}

// The values of all properties as the text of a record, which distinguishes all lists of values,
// under the name of the first property. Names that are expressions are part of the values; the
// layout property is separate.
std::string PropertiesInOneRow(const std::vector<std::string>& properties,
                               const QueryDialect& dialect) {
  const std::string layout = fmt::format("'{}'", catalog::kLayoutProperty);
  std::string name;
  std::vector<std::string> values;
  std::string place = "0";
  for (const std::string& property : properties) {
    const std::vector<std::string> parts =
        ArgumentsOf(std::string_view(property).substr(1, property.size() - 2));
    BALLAST_CHECK(parts.size() == 3);
    const std::string value = ExpandSnapshotTemplate(parts[1], dialect);
    if (name.empty()) name = parts[0];
    if (parts[0] == layout) {
      place = fmt::format("COALESCE(({})::integer, 0)", value);
      continue;
    }
    if (!parts[0].starts_with('\'')) values.push_back(ExpandSnapshotTemplate(parts[0], dialect));
    values.push_back(value);
  }
  return fmt::format("(SELECT {}, ROW({})::text, {})", name, Join(values, ", "), place);
}

// The properties of the dialect's vocabulary.
std::vector<std::string> PropertiesOfVocabulary(const std::vector<std::string>& properties,
                                                const QueryDialect& dialect) {
  constexpr std::string_view from = "@from(";
  std::vector<std::string> known;
  for (const std::string& property : properties) {
    if (!property.starts_with(from)) {
      known.push_back(property);
      continue;
    }
    const std::vector<std::string> arguments = ArgumentsOf(
        std::string_view(property).substr(from.size(), property.size() - from.size() - 1));
    BALLAST_CHECK(arguments.size() == 2);
    if (dialect.scope->vocabulary >= std::atoi(arguments[0].c_str())) {
      known.push_back(arguments[1]);
    }
  }
  return known;
}

std::string Properties(const std::vector<std::string>& all, const QueryDialect& dialect) {
  const std::vector<std::string> properties = PropertiesOfVocabulary(all, dialect);
  if (dialect.form == QueryForm::kRows) return PropertiesInOneRow(properties, dialect);
  return fmt::format("(VALUES {})", ExpandSnapshotTemplate(Join(properties, ",\n  "), dialect));
}

// Options that may contain a password are recognized by name. The first vocabulary omitted their
// values, so it did not detect changes of them.
std::string SecretText(const std::string& option, int vocabulary) {
  const std::string hidden =
      vocabulary < 2 ? "'<secret>'"
                     : fmt::format(
                           "'{}' || encode(sha256(convert_to(substr({}, position('=' IN {}) + 1), "
                           "'UTF8')), 'hex') || '>'",
                           catalog::kHiddenValue, option, option);
  return fmt::format(
      "CASE WHEN {0} ~* '^[^=]*(passw|secret|token|key)[^=]*=' "
      "THEN split_part({0}, '=', 1) || '=' || {1} ELSE {0} END",
      option, hidden);
}

// The first vocabulary did not escape the separator.
std::string ListText(const std::string& text, const std::string& order, int vocabulary) {
  if (vocabulary < 2) return fmt::format("string_agg({}, ', ' ORDER BY {})", text, order);
  return fmt::format(
      R"(string_agg(replace(replace({}, E'\\', E'\\\\'), ',', E'\\,'), ', ' ORDER BY {}))", text,
      order);
}

std::string ExpandMacro(std::string_view name, const std::vector<std::string>& arguments,
                        const QueryDialect& dialect) {
  const auto expanded = [&](size_t i) { return ExpandSnapshotTemplate(arguments[i], dialect); };
  if (name == "q" && arguments.size() == 1) return Quoted(expanded(0), dialect.major);
  if (name == "since" && arguments.size() == 3) {
    return expanded(dialect.major >= std::atoi(arguments[0].c_str()) ? 1 : 2);
  }
  if (name == "vocabulary" && arguments.size() == 3) {
    return expanded(dialect.scope->vocabulary >= std::atoi(arguments[0].c_str()) ? 1 : 2);
  }
  if (name == "secret" && arguments.size() == 1) {
    return SecretText(expanded(0), dialect.scope->vocabulary);
  }
  if (name == "list" && arguments.size() == 2) {
    return ListText(expanded(0), expanded(1), dialect.scope->vocabulary);
  }
  if (name == "role" && arguments.size() == 1) {
    return fmt::format(
        "CASE {0} WHEN 0 THEN 'PUBLIC' WHEN (SELECT base FROM me) THEN '<owner>' "
        "ELSE quote_ident(pg_get_userbyid({0})) END",
        expanded(0));
  }
  if (name == "platform" && arguments.size() == 2) {
    return expanded(LeavesDefaultPrivileges(*dialect.scope) ? 0 : 1);
  }
  if (name == "expected" && arguments.size() == 4) {
    return ExpectedTest({expanded(0), expanded(1), expanded(2), expanded(3)}, *dialect.scope);
  }
  if (name == "stated" && arguments.size() == 4) {
    if (dialect.scope->everything) return "true";
    return ExpectedTest({expanded(0), expanded(1), expanded(2), expanded(3)}, *dialect.scope);
  }
  if (name == "optional" && arguments.size() == 1) {
    return AsksFor(catalog::kOptionalGrantTo, *dialect.scope) ? expanded(0) : std::string();
  }
  if (name == "conditions") return Conditions(*dialect.scope);
  if (name == "published") return Published(*dialect.scope);
  if (name == "roles") return Roles(*dialect.scope);
  if (name == "properties") return Properties(arguments, dialect);
  if (name == "own_schemas") return catalog::kOwnSchemas;
  if (name == "catalog") return LooksAtCatalog(*dialect.scope) ? "true" : "false";
  BALLAST_CHECK(name == "global" && arguments.size() == 2);
  return GlobalTest(arguments[0], expanded(1), *dialect.scope);
}

}  // namespace

std::string ExpandSnapshotTemplate(std::string_view text, const QueryDialect& dialect) {
  std::string result;
  for (;;) {
    const size_t at = text.find('@');
    result += text.substr(0, at);
    if (at == std::string_view::npos) return result;
    const size_t open = text.find('(', at);
    BALLAST_CHECK(open != std::string_view::npos);
    const size_t end = EndOfArguments(text, open + 1);
    const std::string_view name = text.substr(at + 1, open - at - 1);
    result += ExpandMacro(name, ArgumentsOf(text.substr(open + 1, end - open - 2)), dialect);
    text.remove_prefix(end);
  }
}

}  // namespace ballast::introspect
