// SPDX-License-Identifier: Apache-2.0
#include "workspace/config_edit.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "workspace/config.h"
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
    at = NextCharacter(text, at);
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

// A part of the text: from `begin` to before `end`.
struct Range {
  size_t begin = 0;
  size_t end = 0;
};

Range RangeOf(std::string_view text, const toml::node& node) {
  return {OffsetOf(text, node.source().begin), OffsetOf(text, node.source().end)};
}

// Ranges of all values, and the beginnings of all table headers, in any order.
struct Places {
  std::vector<Range> values;
  std::vector<size_t> headers;
};

void FindPlaces(std::string_view text, const toml::node& node, Places* places) {
  if (const toml::array* array = node.as_array()) {
    if (!array->is_array_of_tables()) return places->values.push_back(RangeOf(text, node));
    for (const toml::node& element : *array) FindPlaces(text, element, places);
  } else if (const toml::table* table = node.as_table(); table != nullptr) {
    const size_t begin = OffsetOf(text, node.source().begin);
    if (table->is_inline()) return places->values.push_back(RangeOf(text, node));
    if (begin < text.size() && text[begin] == '[') places->headers.push_back(begin);
    for (const auto& [key, value] : *table) FindPlaces(text, value, places);
  } else {
    places->values.push_back(RangeOf(text, node));
  }
}

size_t EndOfLine(std::string_view text, size_t at) {
  const size_t end = text.find('\n', at);
  return end == std::string_view::npos ? text.size() : end + 1;
}

size_t BeginOfLine(std::string_view text, size_t at) {
  const size_t before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  return before == std::string_view::npos ? 0 : before + 1;
}

// The line that ends before `end`, trimmed.
std::string_view LineBefore(std::string_view text, size_t end) {
  const size_t begin = BeginOfLine(text, end - 1);
  return Trim(text.substr(begin, end - begin));
}

// Where a new key of the section goes: behind its keys and comments. The comment directly above the
// next header belongs to that header. `section` begins behind the section's own header.
size_t PlaceIn(std::string_view text, const Range& section, const Places& places) {
  size_t keys = section.begin;
  for (const Range& value : places.values) {
    const bool inside = value.begin >= section.begin && value.begin < section.end;
    if (inside) keys = std::max(keys, EndOfLine(text, value.end));
  }
  size_t place = section.end;
  if (place < text.size()) {
    while (place > keys && LineBefore(text, place).starts_with('#')) {
      place = BeginOfLine(text, place - 1);
    }
    if (place == 0) place = section.end;  // the file's own leading comment
  }
  while (place > keys && LineBefore(text, place).empty()) place = BeginOfLine(text, place - 1);
  return place;
}

// Inserts a line of its own, with empty lines where comments or a header are next to it.
std::string WithLineAt(const std::string& text, size_t place, const std::string& line) {
  std::string before = text.substr(0, place);
  const std::string after = text.substr(place);
  if (!before.empty() && !before.ends_with('\n')) before += '\n';
  const bool follows_comment =
      !before.empty() && LineBefore(before, before.size()).starts_with('#');
  const bool needs_gap = !after.empty() && after.front() != '\n' && after.front() != '\r';
  return before + (follows_comment ? "\n" : "") + line + "\n" + (needs_gap ? "\n" : "") + after;
}

constexpr size_t kWholeFile = std::string_view::npos;  // instead of a header

// The section that begins with this header.
Range SectionAt(std::string_view text, size_t header, const Places& places) {
  const bool is_top = header == kWholeFile;
  Range section{is_top ? 0 : EndOfLine(text, header), text.size()};
  for (const size_t other : places.headers) {
    if (is_top || other > header) section.end = std::min(section.end, BeginOfLine(text, other));
  }
  section.end = std::max(section.begin, section.end);
  return section;
}

std::string WithNewList(const std::string& text, const toml::table& root,
                        const std::string& project, const std::string& entry) {
  const toml::node* table = project.empty() ? nullptr : root["project"][project].node();
  if (!project.empty() && table == nullptr) {
    return WithLineAt(text, text.size(), "\n[project." + Quoted(project) + "]\n" + entry);
  }
  if (table != nullptr && table->is_table() && table->as_table()->is_inline()) {
    const size_t brace = RangeOf(text, *table).end - 1;
    const size_t last = text.find_last_not_of(" \t", brace - 1) + 1;
    const bool is_empty = table->as_table()->empty();
    return text.substr(0, last) + (is_empty ? " " : ", ") + entry + " " + text.substr(brace);
  }
  Places places;
  FindPlaces(text, root, &places);
  const size_t begin = table == nullptr ? text.size() : OffsetOf(text, table->source().begin);
  if (begin < text.size() && text[begin] == '[') {
    return WithLineAt(text, PlaceIn(text, SectionAt(text, begin, places), places), entry);
  }
  // The whole file, and a project with dotted keys: project.x.schema = …
  const std::string prefix = table == nullptr ? "" : "project." + Quoted(project) + ".";
  return WithLineAt(text, PlaceIn(text, SectionAt(text, kWholeFile, places), places),
                    prefix + entry);
}

// Whether a list has comments. Its elements may contain the sign of comments.
bool HasComments(std::string_view text, const toml::array& list) {
  const Range range = RangeOf(text, list);
  size_t at = range.begin;
  for (const toml::node& element : list) {
    const Range one = RangeOf(text, element);
    if (text.substr(at, one.begin - at).find('#') != std::string_view::npos) return true;
    at = one.end;
  }
  return text.substr(at, range.end - at).find('#') != std::string_view::npos;
}

bool Has(const std::vector<std::string>& list, const std::string& entry) {
  return std::find(list.begin(), list.end(), entry) != list.end();
}

// Removes the element with its comma, and the whole line if nothing else than a comment is on it.
void RemoveElement(std::string* text, const Range& element) {
  size_t end = text->find_first_not_of(" \t", element.end);
  if (end != std::string::npos && (*text)[end] == ',') ++end;
  end = std::min(end, text->size());
  const size_t line = BeginOfLine(*text, element.begin);
  const size_t line_end = EndOfLine(*text, end);
  const std::string_view rest = Trim(std::string_view(*text).substr(end, line_end - end));
  const bool alone = Trim(std::string_view(*text).substr(line, element.begin - line)).empty() &&
                     (rest.empty() || rest.starts_with('#'));
  if (alone) {
    text->erase(line, line_end - line);
  } else {
    text->erase(element.begin, end - element.begin);
  }
}

// Keeps the comments of the list: removes elements that are not expected and appends those missing.
std::string EditedList(const std::string& text, const toml::array& list,
                       const std::vector<std::string>& accepted) {
  std::string changed = text;
  const size_t close = RangeOf(text, list).end - 1;
  std::vector<std::string> present;
  std::string added;
  for (const toml::node& element : list) present.push_back(element.value_or(std::string()));
  for (const std::string& entry : accepted) {
    if (!Has(present, entry)) added += "  " + Quoted(entry) + ",\n";
  }
  if (!added.empty()) {
    const size_t line = BeginOfLine(changed, close);
    const bool own_line = Trim(std::string_view(changed).substr(line, close - line)).empty();
    changed.insert(own_line ? line : close, (own_line ? "" : "\n") + added);
  }
  for (size_t i = list.size(); i > 0; --i) {
    const Range element = RangeOf(text, list[i - 1]);
    if (!Has(accepted, present[i - 1])) {
      RemoveElement(&changed, element);
    } else if (i == list.size() && !added.empty() && changed[element.end] != ',') {
      changed.insert(element.end, ",");
    }
  }
  return changed;
}

std::string WithList(const std::string& text, const toml::array& list,
                     const std::vector<std::string>& accepted) {
  std::vector<std::string> expected;  // in the order of the file
  for (const toml::node& element : list) {
    const std::string entry = element.value_or(std::string());
    if (Has(accepted, entry) && !Has(expected, entry)) expected.push_back(entry);
  }
  const bool all_stay = expected.size() == list.size();
  for (const std::string& entry : accepted) {
    if (!Has(expected, entry)) expected.push_back(entry);
  }
  if (all_stay && expected.size() == list.size()) return text;
  if (HasComments(text, list)) return EditedList(text, list, accepted);
  const Range range = RangeOf(text, list);
  std::string changed = text;
  if (expected.empty()) {  // the whole line, if nothing else is on it
    const size_t line = BeginOfLine(text, range.begin);
    const size_t end = EndOfLine(text, range.end);
    const std::string_view key = Trim(std::string_view(text).substr(line, range.begin - line));
    const bool alone = Trim(std::string_view(text).substr(range.end, end - range.end)).empty();
    if (alone && key.starts_with("accepted")) return changed.erase(line, end - line);
  }
  return changed.replace(range.begin, range.end - range.begin, RenderList(expected));
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
  std::vector<std::string> own;  // the list of the whole file holds for each project
  for (const std::string& entry : accepted) {
    const bool is_shared = !project.empty() && Has(config.accepted, entry);
    if (!is_shared && !Has(own, entry)) own.push_back(entry);
  }
  const toml::node* list =
      project.empty() ? root["accepted"].node() : root["project"][project]["accepted"].node();
  if (list != nullptr && list->is_array()) return WithList(text, *list->as_array(), own);
  if (own.empty()) return text;
  return WithNewList(text, root, project, "accepted = " + RenderList(own));
}

}  // namespace ballast::workspace
