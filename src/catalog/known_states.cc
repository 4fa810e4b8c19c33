// SPDX-License-Identifier: Apache-2.0
#include "catalog/known_states.h"

#include <fmt/format.h>

#include <optional>
#include <set>

#include "base/text.h"

namespace ballast::catalog {
namespace {

constexpr std::string_view kStateHead = "state";

std::set<std::string> LinesOf(const Snapshot& snapshot) {
  std::set<std::string> lines;
  for (const ObjectProperty& entry : snapshot) lines.insert(RenderProperty(entry));
  return lines;
}

void AppendMissing(const std::set<std::string>& a, const std::set<std::string>& b, char sign,
                   std::string& text) {
  for (const std::string& line : a) {
    if (!b.contains(line)) text += sign + line + '\n';
  }
}

Error Malformed(std::string message, Place where) {
  return MakeError(ErrorCode::kPackageEdited, std::move(message),
                   "restore the file from the release package", std::move(where));
}

// A state that is being read, as far as its lines are known.
struct StateDraft {
  KnownState state;
  std::set<std::string> lines;
  Place where;
};

Result<KnownState> Finish(StateDraft draft) {
  for (const std::string& line : draft.lines) {
    Result<ObjectProperty> entry = ParseProperty(line);
    if (!entry) return Malformed(entry.error().message, draft.where);
    draft.state.snapshot.push_back(*std::move(entry));
  }
  if (Fingerprint(draft.state.snapshot) != draft.state.fingerprint) {
    return Malformed(
        fmt::format("the snapshot of {} does not match its fingerprint", draft.state.name),
        draft.where);
  }
  return std::move(draft.state);
}

// False if the line removes what does not exist, or adds what exists.
bool Change(const std::string& line, std::set<std::string>& lines) {
  if (line.starts_with('-')) return lines.erase(line.substr(1)) == 1;
  return line.starts_with('+') && lines.insert(line.substr(1)).second;
}

}  // namespace

std::string RenderStates(const Snapshot& base, const std::vector<KnownState>& states) {
  const std::set<std::string> base_lines = LinesOf(base);
  std::string text;
  for (const KnownState& state : states) {
    text += fmt::format("{}\t{}\t{}\n", kStateHead, state.fingerprint, state.name);
    const std::set<std::string> lines = LinesOf(state.snapshot);
    AppendMissing(base_lines, lines, '-', text);
    AppendMissing(lines, base_lines, '+', text);
  }
  return text;
}

Result<std::vector<KnownState>> ParseStates(const Snapshot& base, std::string_view text,
                                            const std::string& file) {
  const std::set<std::string> base_lines = LinesOf(base);
  std::vector<KnownState> states;
  std::optional<StateDraft> draft;
  int number = 0;
  for (const std::string& line : Split(text, '\n')) {
    const Place where{file, ++number};
    if (line.empty()) continue;
    const std::vector<std::string> fields = Split(line, '\t');
    if (fields.front() == kStateHead && fields.size() == 3) {
      if (draft) {
        TRY_ASSIGN(KnownState state, Finish(*std::move(draft)));
        states.push_back(std::move(state));
      }
      draft = StateDraft{{fields[2], fields[1], {}}, base_lines, where};
    } else if (!draft || !Change(line, draft->lines)) {
      return Malformed("this line is neither a state nor a change of the base", where);
    }
  }
  if (draft) {
    TRY_ASSIGN(KnownState state, Finish(*std::move(draft)));
    states.push_back(std::move(state));
  }
  return states;
}

}  // namespace ballast::catalog
