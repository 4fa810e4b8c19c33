// SPDX-License-Identifier: Apache-2.0
// The cases of tests/golden/layouts.txt and corpora_layouts.txt: parsed, and written to a folder;
// for tests.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/text.h"
#include "workspace/files.h"
#include "workspace/test_folder.h"

namespace ballast::workspace {

struct LayoutCase {
  std::string name;
  std::string prisma;  // the version; empty: unspecified
  std::string start = ".";
  std::map<std::string, std::string> options;  // schema, project
  std::map<std::string, std::string, std::less<>> variables;
  std::map<std::string, std::string> expected;  // schema, migrations, url, error …
  bool judged = true;                           // by Prisma's own loader
  std::string judge_start;                      // where Prisma is started; empty: `start`
  std::string judge_schema;                     // for its --schema; empty: that of the options
  bool is_only_answered = false;                // Prisma has an answer, and ballast refuses
  bool has_git = true;
  std::vector<std::pair<std::string, std::string>> files;

  std::string Expected(const std::string& key) const {
    const auto found = expected.find(key);
    return found == expected.end() ? std::string() : found->second;
  }
};

inline std::string LayoutFile(const std::string& text) {
  const std::string model = "model A {\n  id Int @id\n}\n";
  const auto datasource = [](const std::string& provider, bool url) {
    return "datasource db {\n  provider = \"" + provider + "\"\n" +
           (url ? "  url      = env(\"DATABASE_URL\")\n" : "") + "}\n";
  };
  if (text == "@pg\n") return datasource("postgresql", true) + model;
  if (text == "@pg7\n") return datasource("postgresql", false) + model;
  if (text == "@sqlite\n") return datasource("sqlite", true) + model;
  if (text == "@datasource\n") return datasource("postgresql", true);
  if (text == "@model\n") return model;
  if (text == "@lock\n") return "provider = \"postgresql\"\n";
  if (text == "@sqlite-lock\n") return "provider = \"sqlite\"\n";
  return text;
}

inline void SetJudge(const std::string& value, LayoutCase* c) {
  const std::string how = value.substr(0, value.find(' '));
  const std::string what = value.substr(how.size() + 1);
  c->judged = how != "no";
  c->is_only_answered = how == "answers";
  if (how == "from") c->judge_start = what;
  if (how == "with") c->judge_schema = what;
}

// The cases of a file in tests/golden.
inline std::vector<LayoutCase> ReadLayoutCases(const std::string& file = "layouts.txt") {
  const char* source = std::getenv("BALLAST_SOURCE_DIR");
  const auto text =
      ReadFile(std::filesystem::path(source == nullptr ? "." : source) / "tests/golden" / file);
  if (!text.ok()) return {};
  std::vector<LayoutCase> cases;
  for (const std::string& line : Split(*text, '\n')) {
    if (line.starts_with("== ")) {
      cases.emplace_back();
      cases.back().name = line.substr(3);
    } else if (cases.empty() || (cases.back().files.empty() && line.empty())) {
      continue;
    } else if (line.starts_with("-- ") && line.ends_with(" --")) {
      cases.back().files.emplace_back(line.substr(3, line.size() - 6), "");
    } else if (!cases.back().files.empty()) {
      cases.back().files.back().second += line + "\n";
    } else {
      LayoutCase& c = cases.back();
      const std::string key = line.substr(0, line.find(' '));
      const std::string value = line.substr(key.size() + 1);
      const std::string name = value.substr(0, value.find('='));
      const std::string rest = value.substr(std::min(name.size() + 1, value.size()));
      if (key == "prisma")
        c.prisma = value;
      else if (key == "start")
        c.start = value;
      else if (key == "option")
        c.options[name] = rest;
      else if (key == "env")
        c.variables[name] = rest;
      else if (key == "judge")
        SetJudge(value, &c);
      else if (key == "without")
        c.has_git = false;
      else
        c.expected[key] = value;
    }
  }
  for (LayoutCase& c : cases) {  // the empty line between two cases
    for (auto& [path, content] : c.files) {
      while (content.ends_with("\n\n")) content.pop_back();
      if (content == "\n") content.clear();
    }
  }
  return cases;
}

// Writes the case as a checkout; the folder where the command is started exists.
inline void WriteLayout(const LayoutCase& c, const TestFolder& folder) {
  namespace fs = std::filesystem;
  if (c.has_git) {
    folder.Write(".git/HEAD", "ref: refs/heads/main\n");
    folder.Write(".git/config", "[core]\n\trepositoryformatversion = 0\n\tbare = false\n");
    folder.MakeFolder(".git/objects");
    folder.MakeFolder(".git/refs");
  }
  folder.MakeFolder(c.start);
  if (!c.prisma.empty()) {
    folder.Write("node_modules/prisma/package.json", "{\"version\": \"" + c.prisma + "\"}");
  }
  for (const auto& [path, content] : c.files) {
    if (content.starts_with("@link ")) {
      const std::string target(Trim(content.substr(6)));
      fs::create_directories((folder.Path() / path).parent_path());
      fs::create_symlink(target, folder.Path() / path);
    } else {
      folder.Write(path, LayoutFile(content));
    }
  }
}

}  // namespace ballast::workspace
