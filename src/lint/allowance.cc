// SPDX-License-Identifier: Apache-2.0
#include "lint/allowance.h"

#include <algorithm>

#include "base/text.h"
#include "sql/lexer.h"
#include "sql/split.h"

namespace ballast::lint {
namespace {

constexpr std::string_view kMark = "ballast:allow";

// The names after the mark: separated by commas, up to the end of the comment or the first word
// that follows without one.
void ReadNames(std::string_view text, AllowComment* comment) {
  text = text.substr(0, text.find("*/"));
  for (bool more = true; more;) {
    text = Trim(text);
    const size_t end = std::min(text.find_first_of(", \t\r"), text.size());
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

// Reads text outside of tokens, between two statements or in one: blanks, comments and semicolons.
class GapReader {
 public:
  GapReader(std::string_view script, std::vector<AllowComment>* comments)
      : script_(script), comments_(comments) {}

  // `previous` and `next`: the statements around it; -1: there is none.
  void Read(size_t begin, size_t end, int previous, int next) {
    bool same_line = previous >= 0;
    for (size_t at = begin; at < end;) {
      const size_t stop = std::min(script_.find('\n', at), end);
      ReadLine(at, stop, same_line ? previous : next);
      same_line = false;
      at = stop + 1;
    }
  }

 private:
  void ReadLine(size_t begin, size_t end, int statement) {
    const std::string_view line = script_.substr(begin, end - begin);
    const size_t mark = line.find(kMark);
    if (mark == std::string_view::npos) return;
    AllowComment comment;
    comment.statement = statement;
    comment.line = LineAt(script_, begin);
    ReadNames(line.substr(mark + kMark.size()), &comment);
    comments_->push_back(std::move(comment));
  }

  std::string_view script_;
  std::vector<AllowComment>* comments_;
};

}  // namespace

std::vector<AllowComment> AllowComments(std::string_view script) {
  std::vector<AllowComment> comments;
  if (script.find(kMark) == std::string_view::npos) return comments;
  GapReader reader(script, &comments);
  size_t at = 0;
  int index = 0;
  for (const sql::StatementText& piece : sql::SplitScript(script)) {
    reader.Read(at, piece.offset, index - 1, index);
    at = piece.offset;
    for (const sql::Token& token : sql::Tokenize(piece.text)) {
      reader.Read(at, piece.offset + token.offset, index, index);
      at = piece.offset + token.offset + token.length;
    }
    at = piece.offset + piece.text.size();
    ++index;
  }
  reader.Read(at, script.size(), index - 1, -1);
  return comments;
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
