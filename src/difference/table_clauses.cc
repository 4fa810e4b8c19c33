// SPDX-License-Identifier: Apache-2.0
#include "difference/table_clauses.h"

#include <fmt/format.h>

#include <vector>

#include "base/text.h"

namespace ballast::difference {
namespace {

void ParseParameters(const std::string& text, TableClauses& tail) {
  for (const std::string& part : Split(text, ',')) {
    const std::string option(Trim(part));
    const size_t equals = option.find('=');
    if (equals != option.npos)
      tail.parameters[option.substr(0, equals)] = option.substr(equals + 1);
  }
}

// Cuts the last clause that begins with this word, where the tail has one.
std::string CutClause(std::string& text, const std::string& word) {
  size_t at = text.rfind(" " + word);
  size_t length = word.size() + 1;
  if (at == text.npos) {
    if (!text.starts_with(word)) return {};
    at = 0;
    length = word.size();
  }
  std::string clause = text.substr(at + length);
  text.resize(at);
  return clause;
}

}  // namespace

TableClauses ParseTableClauses(const std::string& tail) {
  TableClauses parts;
  parts.head = tail;
  parts.tablespace = CutClause(parts.head, "TABLESPACE ");
  if (parts.head.ends_with(")")) {
    std::string with = CutClause(parts.head, "WITH (");
    if (!with.empty()) with.pop_back();
    ParseParameters(with, parts);
  }
  parts.method = CutClause(parts.head, "USING ");
  return parts;
}

std::string ResetParameters(const TableClauses& from, const TableClauses& to) {
  std::vector<std::string> names;
  for (const auto& [name, value] : from.parameters) {
    if (!to.parameters.contains(name)) names.push_back(name);
  }
  return names.empty() ? "" : " RESET (" + Join(names, ", ") + ")";
}

std::string SetParameters(const TableClauses& from, const TableClauses& to) {
  std::vector<std::string> values;
  for (const auto& [name, value] : to.parameters) {
    const auto before = from.parameters.find(name);
    const bool same = before != from.parameters.end() && before->second == value;
    if (!same) values.push_back(fmt::format("{}={}", name, value));
  }
  return values.empty() ? "" : " SET (" + Join(values, ", ") + ")";
}

}  // namespace ballast::difference
