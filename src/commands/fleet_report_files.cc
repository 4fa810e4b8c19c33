// SPDX-License-Identifier: Apache-2.0
#include "commands/fleet_report_files.h"

#include <fmt/format.h>

#include "workspace/files.h"

namespace ballast::commands {
namespace {

namespace fs = std::filesystem;

// The file name of a target's report, without extension.
std::string FileNameOf(const std::string& name) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
  std::string file;
  for (const char c : name) {
    const bool plain = kPlain.find(c) != std::string_view::npos && !(file.empty() && c == '.');
    file += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return file;
}

}  // namespace

Status FleetReportFiles::Open(const std::string& folder) {
  folder_ = folder;
  if (folder.empty()) return {};
  std::error_code error;
  fs::create_directories(folder_, error);
  return error ? Status(workspace::CannotWrite(folder_, error.value())) : Status();
}

Status FleetReportFiles::Write(
    const std::string& name, const DeployReport& report,
    const std::function<std::string(const DeployReport&)>& render) const {
  if (folder_.empty() || !render) return {};
  const fs::path file = folder_ / (FileNameOf(name) + ".json");
  return workspace::ReplaceFile(file, render(report), 0644);
}

}  // namespace ballast::commands
