// SPDX-License-Identifier: Apache-2.0
#include "difference/storage_parameters.h"

#include <vector>

#include "base/text.h"
#include "catalog/render_ddl.h"

namespace ballast::difference {
namespace {

bool IsOfPartitionedTable(const DatabaseDefinitions& side, const catalog::Index& index) {
  const catalog::TableObject* table = side.TableNamed(index.table);
  return table == nullptr || table->partitioned;
}

// The statements without the parameters.
std::string WithoutParameters(const catalog::IndexObject& index) {
  catalog::Index plain = index.index;
  plain.parameters.clear();
  return catalog::RenderCreateIndex(plain) + catalog::SetStatements(index.statistics);
}

}  // namespace

StorageParameters StorageParametersOf(const catalog::IndexObject* index) {
  StorageParameters parameters;
  if (index == nullptr) return parameters;
  for (const std::string& item : Split(index->index.parameters, ',')) {
    const std::string text(Trim(item));
    if (!text.empty()) parameters[text.substr(0, text.find('='))] = text;
  }
  return parameters;
}

std::optional<std::string> AlterIndexParameters(
    const DatabaseDefinitions& from, size_t before, const DatabaseDefinitions& to, size_t after,
    const std::function<bool(const std::string&)>& keeps) {
  const catalog::IndexObject* old = from.IndexAt(before);
  const catalog::IndexObject* now = to.IndexAt(after);
  if (old == nullptr || now == nullptr || IsOfPartitionedTable(to, now->index)) return std::nullopt;
  if (WithoutParameters(*old) != WithoutParameters(*now)) return std::nullopt;
  const StorageParameters had = StorageParametersOf(old);
  const StorageParameters has = StorageParametersOf(now);
  if (had == has) return std::nullopt;
  std::vector<std::string> set;
  std::vector<std::string> reset;
  for (const auto& [name, text] : has) {
    const auto found = had.find(name);
    if (found == had.end() || found->second != text) set.push_back(text);
  }
  for (const auto& [name, text] : had) {
    if (!has.contains(name) && !keeps(name)) reset.push_back(name);
  }
  const std::string alter = "ALTER INDEX " + QuotedName({now->index.table.schema, now->index.name});
  std::string statements;
  if (!set.empty()) statements += alter + " SET (" + Join(set, ", ") + ");\n";
  if (!reset.empty()) statements += alter + " RESET (" + Join(reset, ", ") + ");\n";
  return statements;
}

}  // namespace ballast::difference
