// SPDX-License-Identifier: Apache-2.0
#include "lint/allowance.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "sql/lexer.h"
#include "sql/split.h"

namespace ballast::lint {
namespace {

constexpr std::string_view kMark = "ballast:allow";

constexpr std::string_view kBlanks = " \t\r\n";

// The names after the mark: separated by commas, up to the end of the comment or the first word
// that follows without one.
void ReadNames(std::string_view text, AllowComment* comment) {
  for (bool more = true; more;) {
    text = Trim(text);
    const size_t end = std::min(text.find_first_of(std::string(kBlanks) + ","), text.size());
    const std::string_view name = text.substr(0, end);
    if (name.empty()) return;
    if (const auto rule = RuleNamed(name)) {
      comment->rules.push_back(*rule);
    } else {
      comment->unknown.emplace_back(name);
    }
    text = Trim(text.substr(end));
    more = text.starts_with(',');
    if (more) text.remove_prefix(1);
  }
}

// What a comment says, without its delimiters.
std::string_view ContentOf(std::string_view comment) {
  if (comment.ends_with("*/")) comment.remove_suffix(2);
  comment.remove_prefix(2);
  return comment;
}

// Whether the mark at this place is the first word of the comment or of one of its lines, which can
// be behind a frame of "*" and "-".
bool IsFirstWord(std::string_view content, size_t mark) {
  const size_t line = content.rfind('\n', mark);
  const std::string_view before =
      content.substr(0, mark).substr(line == std::string_view::npos ? 0 : line + 1);
  const std::string_view after = content.substr(mark + kMark.size());
  return before.find_first_not_of(" \t*-") == std::string_view::npos &&
         (after.empty() || kBlanks.find(after.front()) != std::string_view::npos);
}

// Finds the marks in the comments, and the statement that each refers to.
class MarkReader {
 public:
  explicit MarkReader(std::string_view script)
      : script_(script), statements_(sql::SplitScript(script)) {}

  std::vector<AllowComment> Read() {
    for (const sql::Comment& comment : sql::CommentsIn(script_)) {
      ReadComment(ContentOf(script_.substr(comment.offset, comment.length)));
    }
    return std::move(found_);
  }

 private:
  void ReadComment(std::string_view content) {
    for (size_t mark = content.find(kMark); mark != std::string_view::npos;
         mark = content.find(kMark, mark + kMark.size())) {
      const auto offset = static_cast<size_t>(content.data() - script_.data()) + mark;
      AllowComment comment;
      comment.statement = StatementAt(offset);
      comment.line = LineAt(script_, offset);
      comment.in_sentence = !IsFirstWord(content, mark);
      const size_t names = mark + kMark.size();
      const size_t next = std::min(content.find(kMark, names), content.size());
      if (!comment.in_sentence) ReadNames(content.substr(names, next - names), &comment);
      found_.push_back(std::move(comment));
    }
  }

  // In a statement, or after it on its last line: that one. Else the next one; -1: there is none.
  int StatementAt(size_t offset) const {
    const auto next =
        std::ranges::upper_bound(statements_, offset, {}, &sql::StatementText::offset);
    const auto index = static_cast<int>(next - statements_.begin());
    if (index > 0) {
      const sql::StatementText& previous = *(next - 1);
      const size_t end = previous.offset + previous.text.size();
      const bool same_line =
          offset < end || script_.substr(end, offset - end).find('\n') == std::string_view::npos;
      if (same_line) return index - 1;
    }
    return next == statements_.end() ? -1 : index;
  }

  std::string_view script_;
  std::vector<sql::StatementText> statements_;
  std::vector<AllowComment> found_;
};

}  // namespace

std::vector<AllowComment> AllowComments(std::string_view script) {
  if (script.find(kMark) == std::string_view::npos) return {};
  return MarkReader(script).Read();
}

AllowList ParseAllowList(const std::vector<std::string>& entries) {
  AllowList list;
  for (const std::string& entry : entries) {
    const std::string_view text = Trim(entry);
    const size_t end = std::min(text.find_first_of(" \t"), text.size());
    const std::optional<Rule> rule = RuleNamed(text.substr(0, end));
    const std::string_view object = Trim(text.substr(end));
    if (!rule) {
      list.unknown.push_back(entry);
    } else {
      list.entries.push_back({*rule, object.empty() ? "*" : std::string(object)});
    }
  }
  return list;
}

}  // namespace ballast::lint
