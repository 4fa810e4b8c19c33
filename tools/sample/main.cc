// SPDX-License-Identifier: Apache-2.0
// ballast-sample [--migrations N] [--tables T] [--seed S] [--plain] [--modern] DIR
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "tools/sample/generate.h"

namespace {

namespace fs = std::filesystem;

constexpr const char* kUsage =
    "usage: ballast-sample [--migrations N] [--tables T] [--seed S] [--plain] [--modern] DIR\n"
    "Writes a Prisma project with N migrations (120) and about T tables (40) into DIR/prisma.\n"
    "  --plain   nothing that needs a superuser or gives other values each time\n"
    "  --modern  with syntax that needs PostgreSQL 15\n";

struct Arguments {
  ballast::sample::Options options;
  std::string folder;
  bool good = true;
};

Arguments ParseArguments(int count, char** values) {
  Arguments arguments;
  for (int i = 1; i < count; ++i) {
    const std::string word = values[i];
    const bool has_next = i + 1 < count;
    if (word == "--plain") {
      arguments.options.plain = true;
    } else if (word == "--modern") {
      arguments.options.modern = true;
    } else if (word == "--migrations" && has_next) {
      arguments.options.migrations = std::atoi(values[++i]);
    } else if (word == "--tables" && has_next) {
      arguments.options.tables = std::atoi(values[++i]);
    } else if (word == "--seed" && has_next) {
      arguments.options.seed = std::strtoull(values[++i], nullptr, 10);
    } else if (!word.starts_with("-") && arguments.folder.empty()) {
      arguments.folder = word;
    } else {
      arguments.good = false;
    }
  }
  arguments.good = arguments.good && !arguments.folder.empty();
  return arguments;
}

bool WriteFile(const fs::path& path, const std::string& bytes) {
  std::error_code failed;
  fs::create_directories(path.parent_path(), failed);
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << bytes;
  return out.flush().good();
}

}  // namespace

int main(int count, char** values) {
  const Arguments arguments = ParseArguments(count, values);
  if (!arguments.good) {
    std::fputs(kUsage, stderr);
    return 2;
  }
  for (const auto& [path, bytes] : ballast::sample::Generate(arguments.options)) {
    if (WriteFile(fs::path(arguments.folder) / path, bytes)) continue;
    std::fprintf(stderr, "cannot write %s/%s\n", arguments.folder.c_str(), path.c_str());
    return 3;
  }
  return 0;
}
