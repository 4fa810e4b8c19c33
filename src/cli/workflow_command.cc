// SPDX-License-Identifier: Apache-2.0
#include "cli/workflow_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/text.h"
#include "cli/safe_text.h"

namespace ballast::cli {
namespace {

// Percent, CR and LF are escaped in values; colon and comma in properties, too
// (actions/toolkit packages/core/src/command.ts).
std::string EscapedValue(std::string text) {
  return ReplaceAll(ReplaceAll(ReplaceAll(std::move(text), "%", "%25"), "\r", "%0D"), "\n", "%0A");
}

std::string EscapedProperty(std::string text) {
  return ReplaceAll(ReplaceAll(EscapedValue(std::move(text)), ":", "%3A"), ",", "%2C");
}

}  // namespace

std::string WorkflowCommand(std::string_view level, const Place& where, const std::string& title,
                            const std::string& message) {
  const std::string place =
      where.file.empty()
          ? std::string()
          : fmt::format("file={},line={},", EscapedProperty(where.file), std::max(where.line, 1));
  return fmt::format("::{} {}title={}::{}\n", level, place, EscapedProperty(title),
                     EscapedValue(SafeText(message, false)));
}

std::string FromTop(const std::string& place, const std::string& file) {
  return (std::filesystem::path(place) / file).lexically_normal().generic_string();
}

}  // namespace ballast::cli
