#include "apply/message.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "base/text.h"

namespace ballast::apply {
namespace {

constexpr std::string_view kMarker = "ballast:script:";
constexpr std::string_view kEndMarker = "ballast:end";

std::string_view LineText(std::string_view script, int line) {
  size_t start = 0;
  for (int i = 1; i < line && start != std::string_view::npos; ++i) {
    start = script.find('\n', start);
    if (start != std::string_view::npos) ++start;
  }
  if (start == std::string_view::npos) return {};
  const std::string_view text = script.substr(start);
  return Trim(text.substr(0, text.find('\n'))).substr(0, 120);
}

bool IsMarker(const postgres::Rows& rows, std::string_view prefix) {
  return rows.columns.size() == 1 && rows.rows.size() == 1 && rows.rows[0][0] &&
         rows.rows[0][0]->starts_with(prefix);
}

}  // namespace

size_t ByteOffset(std::string_view text, int position) {
  size_t offset = 0;
  for (int characters = 1; characters < position && offset < text.size(); ++characters) {
    ++offset;
    while (offset < text.size() && (static_cast<unsigned char>(text[offset]) & 0xC0) == 0x80) {
      ++offset;
    }
  }
  return offset;
}

void Message::AddOwn(std::string_view sql) {
  text_ += sql;
}

void Message::AddMarker(std::string_view word) {
  text_ += fmt::format("SELECT '{}';\n", word);
}

void Message::AddScript(std::string_view name, std::string_view script) {
  AddMarker(fmt::format("{}{}", kMarker, scripts_.size()));
  scripts_.push_back({text_.size(), script.size(), std::string(name)});
  text_ += script;
  // The script may end inside a line comment, and need not end with a semicolon.
  text_ += "\n;\n";
  AddMarker(kEndMarker);
}

bool Message::HasScript(std::string_view name) const {
  return std::any_of(scripts_.begin(), scripts_.end(),
                     [&](const Segment& script) { return script.name == name; });
}

int Message::ScriptsBegun(const postgres::Outcome& outcome) const {
  int begun = 0;
  for (const postgres::Rows& rows : outcome.results) {
    if (IsMarker(rows, kMarker)) ++begun;
  }
  return begun;
}

Culprit Message::CulpritOf(const postgres::Outcome& outcome) const {
  if (outcome.error && outcome.error->position > 0) {
    const size_t offset = ByteOffset(text_, outcome.error->position);
    for (const Segment& script : scripts_) {
      if (offset < script.start || offset > script.start + script.length) continue;
      const std::string_view text = std::string_view(text_).substr(script.start, script.length);
      const int line = LineAt(text, offset - script.start);
      return {script.name, line, std::string(LineText(text, line))};
    }
    return {};
  }
  int open = -1;
  for (const postgres::Rows& rows : outcome.results) {
    if (IsMarker(rows, kMarker)) open = std::atoi(rows.rows[0][0]->c_str() + kMarker.size());
    if (IsMarker(rows, kEndMarker)) open = -1;
  }
  if (open < 0 || static_cast<size_t>(open) >= scripts_.size()) return {};
  return {scripts_[open].name, 0, {}};
}

}  // namespace ballast::apply
