// SPDX-License-Identifier: Apache-2.0
#include "catalog/rows.h"

#include "base/text.h"
#include "sql/quote.h"

namespace ballast::catalog {
namespace {

constexpr size_t kMostRows = 500;
constexpr size_t kMostBytes = 200000;

bool IsPlainNumber(const std::string& text) {
  const size_t start = text.starts_with('-') ? 1 : 0;
  const size_t first = text.find_first_not_of("0123456789.", start);
  if (text.size() == start || first != std::string::npos) return false;
  return start == 0 || text.find_first_of("123456789") != std::string::npos;
}

std::string HeadOf(const TableContent& content) {
  std::vector<std::string> names;
  for (const RowColumn& column : content.columns) {
    names.push_back(sql::QuoteIdentifier(column.name));
  }
  return "INSERT INTO " + QuotedName(content.table) + " (" + Join(names, ", ") + ")" +
         (content.overriding ? " OVERRIDING SYSTEM VALUE" : "") + " VALUES\n";
}

std::string RowText(const TableContent& content,
                    const std::vector<std::optional<std::string>>& row) {
  std::string text = "    (";
  for (size_t at = 0; at < row.size(); ++at) {
    if (at > 0) text += ", ";
    const RowColumn& column = content.columns[at];
    if (!column.clock.empty() && row[at] == kTheClock) {
      text += column.clock;
    } else if (!column.new_id.empty() && row[at] == kANewId) {
      text += column.new_id;
    } else {
      text += RenderValue(row[at], column.bare);
    }
  }
  return text + ")";
}

bool HasLocalTimes(const TableContent& content) {
  for (size_t at = 0; at < content.columns.size(); ++at) {
    if (content.columns[at].clock != "LOCALTIMESTAMP") continue;
    for (const auto& row : content.rows) {
      if (row[at] == kTheClock) return true;
    }
  }
  return false;
}

}  // namespace

std::string RenderValue(const std::optional<std::string>& value, bool bare) {
  if (!value) return "NULL";
  if (bare && *value == "t") return "true";
  if (bare && *value == "f") return "false";
  return bare && IsPlainNumber(*value) ? *value : sql::QuoteLiteral(*value);
}

std::string RenderRows(const TableContent& content) {
  const std::string head = HeadOf(content);
  if (content.columns.empty()) {
    std::string text;
    for (size_t at = 0; at < content.rows.size(); ++at) {
      text += "INSERT INTO " + QuotedName(content.table) + " DEFAULT VALUES;\n";
    }
    return text;
  }
  // The baseline runs in UTC (apply/compile.cc); the time of day is that of the database's zone.
  const bool local = HasLocalTimes(content);
  std::string text = local ? "SET LOCAL timezone TO DEFAULT;\n" : "";
  size_t rows = 0;
  size_t bytes = 0;
  for (const auto& row : content.rows) {
    const std::string line = RowText(content, row);
    const bool next = rows == kMostRows || (rows > 0 && bytes + line.size() > kMostBytes);
    if (next) {
      text += ";\n";
      rows = bytes = 0;
    }
    text += rows == 0 ? head : std::string(",\n");
    text += line;
    bytes += line.size();
    ++rows;
  }
  if (rows > 0) text += ";\n";
  return local ? text + "SET LOCAL timezone = 'UTC';\n" : text;
}

}  // namespace ballast::catalog
