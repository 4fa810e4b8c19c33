// SPDX-License-Identifier: Apache-2.0
#include "release/rollback_script.h"

#include <fmt/format.h>

#include "base/printable.h"
#include "base/sha256.h"

namespace ballast::release {
namespace {

constexpr std::string_view kChecksumMark = "-- sha256:";

}  // namespace

std::string RenderRollback(const RollbackHead& head, const std::string& statements) {
  std::string body;
  if (!head.losses.empty()) body += "-- Lost, unless it is kept with `--keep-data`:\n";
  for (const std::string& object : head.losses) body += "--   " + Printable(object) + "\n";
  if (!head.made_again.empty()) {
    body += "-- Made again without the data that the upgrade has dropped:\n";
  }
  for (const std::string& object : head.made_again) body += "--   " + Printable(object) + "\n";
  for (const std::string& notice : head.notices) body += "-- " + Printable(notice) + "\n";
  body += "\n" + statements;
  const std::string title = fmt::format(
      "-- Takes a database of {} back to {}: ballast rollback --to {}\n"
      "-- Written and proven by ballast. To use a script of your own, replace this file and run\n"
      "-- `ballast release create {} --replace`, which proves yours.\n",
      head.from, head.to, head.to, head.from);
  return title + std::string(kChecksumMark) + Sha256Hex(title + body) + "\n" + body;
}

bool IsWrittenRollback(std::string_view text) {
  const size_t mark = text.find(kChecksumMark);
  if (mark == std::string_view::npos) return false;
  const size_t end = text.find('\n', mark);
  if (end == std::string_view::npos) return false;
  const std::string_view written =
      text.substr(mark + kChecksumMark.size(), end - mark - kChecksumMark.size());
  const std::string rest = std::string(text.substr(0, mark)) + std::string(text.substr(end + 1));
  return Sha256Hex(rest) == written;
}

std::vector<std::string> RollbackTransactions(const std::string& text) {
  const std::string line = std::string("\n") + kCommitLine;
  const size_t at = text.find(line);
  if (at == std::string::npos) return {text};
  return {text.substr(0, at + 1), text.substr(at + line.size())};
}

}  // namespace ballast::release
