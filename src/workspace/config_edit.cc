// SPDX-License-Identifier: Apache-2.0
#include "workspace/config_edit.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "workspace/config.h"
#include "workspace/files.h"
#include "workspace/toml.h"

namespace ballast::workspace {
namespace {

// The byte of a position that toml++ gives: lines and columns from 1, columns in code points.
size_t OffsetOf(std::string_view text, const toml::source_position& position) {
  size_t at = 0;
  for (toml::source_index line = 1; line < position.line && at < text.size(); ++line) {
    at = std::min(text.find('\n', at), text.size() - 1) + 1;
  }
  for (toml::source_index column = 1; column < position.column && at < text.size(); ++column) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) ++at;
  }
  return at;
}

std::string Quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (c == '\n' || c == '\t' || c == '\r') {
      quoted += c == '\n' ? "\\n" : c == '\t' ? "\\t" : "\\r";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      quoted += fmt::format("\\u{:04X}", static_cast<unsigned char>(c));
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

std::string RenderList(const std::vector<std::string>& entries) {
  if (entries.empty()) return "[]";
  std::string list = "[\n";
  for (const std::string& entry : entries) list += "  " + Quoted(entry) + ",\n";
  return list + "]";
}

// The line after the header of a table, or the first line of the text for the whole file.
size_t PlaceInTable(const std::string& text, const toml::node* table) {
  if (table == nullptr) return 0;
  const size_t header = OffsetOf(text, table->source().begin);
  const size_t end = text.find('\n', header);
  return end == std::string::npos ? text.size() : end + 1;
}

}  // namespace

Result<std::string> WithAccepted(const std::string& text, const std::string& file,
                                 const std::string& project,
                                 const std::vector<std::string>& accepted) {
  TRY_ASSIGN(const Config config, ParseConfig(text, file));  // what is written stays readable
  toml::table root;
  try {
    root = toml::parse(text, file);
  } catch (const toml::parse_error& error) {
    return MakeError(ErrorCode::kConfigInvalid, std::string(error.description()), {}, {file, 0});
  }
  const std::string entry = "accepted = " + RenderList(accepted) + "\n";
  const toml::node* table = project.empty() ? nullptr : root["project"][project].node();
  const toml::node* list =
      project.empty() ? root["accepted"].node() : root["project"][project]["accepted"].node();
  std::string changed = text;
  if (list != nullptr) {
    const size_t begin = OffsetOf(text, list->source().begin);
    const size_t end = OffsetOf(text, list->source().end);
    return changed.replace(begin, end - begin, RenderList(accepted));
  }
  if (!project.empty() && table == nullptr) {
    if (!changed.empty() && !changed.ends_with('\n')) changed += '\n';
    return changed + "\n[project." + Quoted(project) + "]\n" + entry;
  }
  size_t place = PlaceInTable(text, table);
  if (place == text.size() && !text.empty() && !text.ends_with('\n')) {
    changed += '\n';
    ++place;
  }
  return changed.insert(place, entry);
}

Status StoreConfig(const std::filesystem::path& file, const std::string& text) {
  const std::filesystem::path draft = file.string() + ".new";
  std::error_code failed;
  std::filesystem::remove(draft, failed);
  TRY(CreateFile(draft, text, 0644));
  std::filesystem::rename(draft, file, failed);
  if (!failed) return {};
  return MakeError(ErrorCode::kCannotWrite,
                   fmt::format("{} cannot be written: {}", file.string(), failed.message()), {},
                   {file.string(), 0});
}

}  // namespace ballast::workspace
