// SPDX-License-Identifier: Apache-2.0
#include "catalog/snapshot_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/sha256.h"
#include "catalog/snapshot.h"

namespace ballast::catalog {
namespace {

constexpr std::string_view kSnapshotHead = "state\t";

Error Malformed(std::string_view what, const std::string& file, size_t line) {
  return MakeError(
      ErrorCode::kPackageEdited, fmt::format("line {} of {} {}", line, file, what),
      "restore the package from version control, or create it again with `ballast release create`",
      {file, static_cast<int>(line)});
}

// The lines of a text that ends with a line feed.
std::vector<std::string_view> LinesOf(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

// The third field of a line (kind, tab, object, tab, property, tab, value); nothing for other
// lines.
std::string_view PropertyOf(std::string_view line) {
  const size_t first = line.find('\t');
  const size_t second = first == std::string_view::npos ? first : line.find('\t', first + 1);
  const size_t third = second == std::string_view::npos ? second : line.find('\t', second + 1);
  const bool four_fields =
      third != std::string_view::npos && line.find('\t', third + 1) == std::string_view::npos;
  return four_fields ? line.substr(second + 1, third - second - 1) : std::string_view();
}

// Hashes lines joined by line feeds.
class LineHash {
 public:
  void Add(std::string_view line) {
    if (any_) hash_.Update("\n");
    any_ = true;
    hash_.Update(line);
  }
  std::string FinishHex() { return hash_.FinishHex(); }

 private:
  Sha256 hash_;
  bool any_ = false;
};

// The changes of one state, each side in the order of snapshots.
struct Changes {
  TextState state;
  std::vector<std::string_view> missing;
  std::vector<std::string_view> added;
  size_t line = 0;  // of the head
};

// The fingerprint of the base without the removed and with the added lines; nothing if a removed
// line is not in the base, or an added one is.
std::string FingerprintAfter(const std::vector<std::string_view>& base, const Changes& changes) {
  LineHash hash;
  auto missing = changes.missing.begin();
  auto added = changes.added.begin();
  const auto add = [&](std::string_view line) {
    const std::string_view property = PropertyOf(line);
    if (property != kLayoutProperty && property != kDependsOnProperty) hash.Add(line);
  };
  for (const std::string_view line : base) {
    while (added != changes.added.end() && *added < line) add(*added++);
    if (added != changes.added.end() && *added == line) return {};
    if (missing != changes.missing.end() && *missing == line) {
      ++missing;
    } else {
      add(line);
    }
  }
  while (added != changes.added.end()) add(*added++);
  return missing == changes.missing.end() ? hash.FinishHex() : std::string();
}

bool IsSorted(const std::vector<std::string_view>& lines) {
  return std::adjacent_find(lines.begin(), lines.end(), std::greater_equal<>()) == lines.end();
}

// "state", tab, fingerprint, tab, name.
bool TakeHead(std::string_view line, TextState& state) {
  if (!line.starts_with(kSnapshotHead)) return false;
  line.remove_prefix(kSnapshotHead.size());
  const size_t tab = line.find('\t');
  if (tab == std::string_view::npos || line.find('\t', tab + 1) != std::string_view::npos) {
    return false;
  }
  state.named_fingerprint = line.substr(0, tab);
  state.name = line.substr(tab + 1);
  return true;
}

bool TakeChange(std::string_view line, Changes& changes) {
  if (line.empty() || PropertyOf(line).empty()) return false;
  const bool missing = line.front() == '-';
  if (!missing && line.front() != '+') return false;
  (missing ? changes.missing : changes.added).push_back(line.substr(1));
  return true;
}

Result<std::vector<Changes>> ChangesOf(std::string_view text, const std::string& file) {
  std::vector<Changes> all;
  size_t number = 0;
  for (const std::string_view line : LinesOf(text)) {
    ++number;
    Changes next;
    if (TakeHead(line, next.state)) {
      next.line = number;
      all.push_back(std::move(next));
    } else if (all.empty() || !TakeChange(line, all.back())) {
      return Malformed("is neither a state nor a change of one", file, number);
    }
  }
  return all;
}

}  // namespace

Result<TextFingerprints> FingerprintsOfText(std::string_view text, const std::string& file) {
  if (!text.empty() && !text.ends_with('\n')) {
    return Malformed("has no end", file, LinesOf(text).size());
  }
  LineHash catalog;
  LineHash layout;
  std::string_view before;
  size_t number = 0;
  for (const std::string_view line : LinesOf(text)) {
    ++number;
    const std::string_view property = PropertyOf(line);
    if (property.empty()) return Malformed("is not a property", file, number);
    if (number > 1 && before >= line) return Malformed("is not in order", file, number);
    before = line;
    if (property == kDependsOnProperty) continue;
    layout.Add(line);
    if (property != kLayoutProperty) catalog.Add(line);
  }
  return TextFingerprints{catalog.FinishHex(), layout.FinishHex()};
}

Result<std::vector<TextState>> StatesOfText(std::string_view base, std::string_view text,
                                            const std::string& file) {
  TRY_ASSIGN(std::vector<Changes> all, ChangesOf(text, file));
  const std::vector<std::string_view> lines = LinesOf(base);
  std::vector<TextState> states;
  for (Changes& changes : all) {
    if (!IsSorted(changes.missing) || !IsSorted(changes.added)) {
      return Malformed("begins a state whose changes are not in order", file, changes.line);
    }
    changes.state.fingerprint = FingerprintAfter(lines, changes);
    if (changes.state.fingerprint != changes.state.named_fingerprint) {
      return Malformed("names a fingerprint that the state does not have", file, changes.line);
    }
    states.push_back(std::move(changes.state));
  }
  return states;
}

}  // namespace ballast::catalog
