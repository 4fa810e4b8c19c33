// SPDX-License-Identifier: Apache-2.0
#include "workspace/prisma_version.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/text.h"
#include "workspace/files.h"

namespace ballast::workspace {
namespace {

namespace fs = std::filesystem;

// "6.19.0", "^7.1", "~5.22.0-dev.3", ">=6.0.0 <7", "npm:prisma@5": the first version in the text.
// No value for "latest", "*" and URLs.
std::optional<PrismaVersion> ParsePrismaVersion(std::string_view text) {
  if (text.starts_with("npm:")) text.remove_prefix(text.rfind('@') + 1);  // npos + 1: all stays
  const size_t begin = text.find_first_of("0123456789");
  if (begin == std::string_view::npos) return std::nullopt;
  const std::string_view prefix = text.substr(0, begin);
  if (prefix.find_first_not_of("^~>=v ") != std::string_view::npos) return std::nullopt;
  PrismaVersion version;
  const char* end = text.data() + text.size();
  const auto [after, failed] = std::from_chars(text.data() + begin, end, version.major);
  if (failed != std::errc() || version.major > 1000) return std::nullopt;
  if (after < end && *after == '.') std::from_chars(after + 1, end, version.minor);
  return version;
}
using Json = nlohmann::json;

constexpr const char* kPackages[] = {"prisma", "@prisma/client"};
constexpr size_t kLargestLock = size_t{64} << 20;

std::optional<std::string> Read(const fs::path& file) {
  std::error_code failed;
  const auto size = fs::file_size(file, failed);
  if (failed || size > kLargestLock) return std::nullopt;
  Result<std::optional<std::string>> text = ReadFileIfExists(file);
  return text.ok() ? *std::move(text) : std::nullopt;
}

Json ReadJson(const fs::path& file) {
  const std::optional<std::string> text = Read(file);
  return text ? Json::parse(*text, nullptr, /*allow_exceptions=*/false, /*ignore_comments=*/true)
              : Json();
}

// The text at a path of keys; empty when there is none.
std::string TextAt(const Json& json, const std::vector<std::string>& keys) {
  const Json* at = &json;
  for (const std::string& key : keys) {
    if (!at->is_object() || !at->contains(key)) return {};
    at = &at->at(key);
  }
  return at->is_string() ? at->get<std::string>() : std::string();
}

using Versions = std::optional<PrismaVersion>;

// The range that a package.json asks for; empty when it does not name Prisma.
std::string RangeOf(const Json& package) {
  for (const char* name : kPackages) {
    for (const char* kind : {"dependencies", "devDependencies", "optionalDependencies"}) {
      std::string range = TextAt(package, {kind, name});
      if (!range.empty()) return range;
    }
  }
  return {};
}

Versions FromNodeModules(const fs::path& folder) {
  for (const char* name : kPackages) {
    const Json package = ReadJson(folder / "node_modules" / name / "package.json");
    if (const auto version = ParsePrismaVersion(TextAt(package, {"version"}))) return version;
  }
  return std::nullopt;
}

// `inside`: the package's folder, from the folder of the lock file; "" for that folder itself.
Versions FromNpmLock(const fs::path& file, const std::string& inside) {
  const Json lock = ReadJson(file);
  for (const char* name : kPackages) {
    const std::string below = std::string("node_modules/") + name;
    for (const std::string& key :
         {inside.empty() ? below : fmt::format("{}/{}", inside, below), below}) {
      if (auto version = ParsePrismaVersion(TextAt(lock, {"packages", key, "version"}))) {
        return version;
      }
    }
    if (auto version = ParsePrismaVersion(TextAt(lock, {"dependencies", name, "version"}))) {
      return version;
    }
  }
  return std::nullopt;
}

std::string_view Unquoted(std::string_view text) {
  while (!text.empty() && (text.front() == '\'' || text.front() == '"')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == '\'' || text.back() == '"')) text.remove_suffix(1);
  return text;
}

// The part of a text from the line at `begin` until the next that is indented by `indent` blanks
// or fewer.
std::string_view SectionAt(std::string_view text, size_t begin, size_t indent) {
  size_t at = begin;
  while (at < text.size()) {
    const size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    const size_t first = line.find_first_not_of(' ');
    if (at > begin && first != std::string_view::npos && first <= indent) break;
    at = end + 1;
  }
  return text.substr(begin, std::min(at, text.size()) - begin);
}

// The version that a section of pnpm-lock.yaml has for Prisma: `prisma:` and a line `version:`
// below it, or `prisma: 5.1.0` as older files have it.
Versions VersionInPnpmSection(std::string_view section) {
  for (const char* name : kPackages) {
    for (const std::string& key : {fmt::format(" {}:", name), fmt::format(" '{}':", name)}) {
      const size_t found = section.find(key);
      if (found == std::string_view::npos) continue;
      std::string_view rest = section.substr(found + key.size());
      const std::string_view line = Trim(rest.substr(0, rest.find('\n')));
      if (const auto version = ParsePrismaVersion(Unquoted(line))) return version;
      const size_t below = rest.find(" version: ");
      if (below == std::string_view::npos) continue;
      rest = rest.substr(below + 10);
      return ParsePrismaVersion(Unquoted(Trim(rest.substr(0, rest.find('\n')))));
    }
  }
  return std::nullopt;
}

// pnpm-lock.yaml, which pnpm writes in one form: importers, then a folder, a kind, a package.
Versions FromPnpmLock(const fs::path& file, const std::string& inside) {
  const std::optional<std::string> text = Read(file);
  if (!text) return std::nullopt;
  const size_t importers = text->find("\nimporters:");
  if (importers == std::string::npos) {
    return VersionInPnpmSection(std::string_view(*text).substr(0, text->find("\npackages:")));
  }
  const std::string key = fmt::format("\n  {}:", inside.empty() ? "." : inside);
  const size_t folder = text->find(key, importers);
  if (folder == std::string::npos) return std::nullopt;
  return VersionInPnpmSection(SectionAt(*text, folder + 1, 2));
}

// yarn.lock: `prisma@^5.0.0:` or `"prisma@npm:^5.0.0":`, and a line with the version.
Versions FromYarnLock(const fs::path& file, const std::string& range) {
  const std::optional<std::string> text = Read(file);
  if (!text) return std::nullopt;
  Versions any;
  for (const char* begin : {"\nprisma@", "\n\"prisma@"}) {
    for (size_t at = text->find(begin); at != std::string::npos; at = text->find(begin, at + 1)) {
      const std::string_view section = SectionAt(*text, at + 1, 0);
      const size_t line = section.find("\n  version");
      if (line == std::string_view::npos) continue;
      std::string_view rest = section.substr(line + 10);
      if (rest.starts_with(':')) rest.remove_prefix(1);
      const auto version = ParsePrismaVersion(Unquoted(Trim(rest.substr(0, rest.find('\n')))));
      const bool in_range = section.substr(0, line).find(range) != std::string_view::npos;
      if (in_range && version) return version;
      if (!any) any = version;
    }
  }
  return any;
}

// bun.lock: "prisma": ["prisma@6.1.0", …]; for a package of the workspace whose version differs
// from that one, "the-package/prisma": [….
Versions FromBunLock(const fs::path& file, const std::string& package) {
  const std::optional<std::string> text = Read(file);
  if (!text) return std::nullopt;
  for (const std::string& place : {package + "/prisma", std::string("prisma")}) {
    const std::string key = fmt::format("\"{}\": [\"prisma@", place);
    const size_t found = text->find(key);
    if (found == std::string::npos) continue;
    return ParsePrismaVersion(std::string_view(*text).substr(found + key.size(), 40));
  }
  return std::nullopt;
}

// The lines below `key:`, which is indented by `indent` blanks; empty when there are none.
std::string_view YamlSection(std::string_view text, std::string_view key, size_t indent) {
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    const size_t blanks = std::min(line.find_first_not_of(' '), line.size());
    line = Trim(line.substr(0, line.find(" #")));
    if (blanks == indent && line.ends_with(':')) {
      line.remove_suffix(1);
      if (Unquoted(line) == key) {
        const std::string_view section = SectionAt(text, at, indent);
        return section.substr(std::min(section.find('\n'), section.size()));
      }
    }
    at = end + 1;
  }
  return {};
}

size_t IndentOf(std::string_view section) {
  const size_t first = section.find_first_not_of(" \n");
  if (first == std::string_view::npos) return 0;
  const size_t line = section.rfind('\n', first);
  return first - (line == std::string_view::npos ? 0 : line + 1);
}

Versions VersionInCatalog(std::string_view section) {
  for (const char* name : kPackages) {
    for (const std::string& line : Split(section, '\n')) {
      const std::string_view trimmed = Trim(line);
      const size_t colon = trimmed.find(": ");
      if (colon == std::string_view::npos || Unquoted(trimmed.substr(0, colon)) != name) continue;
      return ParsePrismaVersion(Unquoted(Trim(trimmed.substr(colon + 1))));
    }
  }
  return std::nullopt;
}

// A range that pnpm-workspace.yaml or .yarnrc.yml defines: under `catalog` (or the catalog
// "default") for "catalog:", under `catalogs` for "catalog:NAME".
Versions FromYamlCatalog(const fs::path& file, const std::string& name) {
  const std::optional<std::string> text = Read(file);
  if (!text) return std::nullopt;
  if (name.empty()) {
    if (auto version = VersionInCatalog(YamlSection(*text, "catalog", 0))) return version;
  }
  const std::string_view named = YamlSection(*text, "catalogs", 0);
  return VersionInCatalog(YamlSection(named, name.empty() ? "default" : name, IndentOf(named)));
}

// The same in package.json, where Bun has it, below "workspaces" or at the top.
Versions FromJsonCatalog(const fs::path& file, const std::string& name) {
  const Json package = ReadJson(file);
  for (const char* package_name : kPackages) {
    std::vector<std::string> path = {"catalog", package_name};
    if (!name.empty()) path = {"catalogs", name, package_name};
    std::vector<std::string> below = path;
    below.insert(below.begin(), "workspaces");
    for (const std::vector<std::string>& keys : {below, path}) {
      if (auto version = ParsePrismaVersion(TextAt(package, keys))) return version;
    }
  }
  return std::nullopt;
}

Versions FromCatalog(const fs::path& folder, const std::string& name) {
  for (const char* file : {"pnpm-workspace.yaml", ".yarnrc.yml"}) {
    if (const auto version = FromYamlCatalog(folder / file, name)) return version;
  }
  return FromJsonCatalog(folder / "package.json", name);
}

}  // namespace

std::optional<PrismaVersion> FindPrismaVersion(const fs::path& folder, const fs::path& top) {
  std::vector<fs::path> upward = {folder};
  while (upward.back() != top && upward.back().has_relative_path()) {
    upward.push_back(upward.back().parent_path());
  }
  for (const fs::path& at : upward) {
    if (const auto version = FromNodeModules(at)) return version;
  }
  fs::path package = folder;
  std::string range;
  std::string name;
  for (const fs::path& at : upward) {
    const Json json = ReadJson(at / "package.json");
    range = RangeOf(json);
    name = TextAt(json, {"name"});
    package = at;
    if (!range.empty()) break;
  }
  if (range.empty()) return std::nullopt;
  for (const fs::path& at : upward) {
    std::string inside = package.lexically_relative(at).string();
    if (inside == "." || inside.starts_with("..")) inside.clear();
    using Look = std::function<Versions()>;
    for (const Look& look : {Look([&] { return FromNpmLock(at / "package-lock.json", inside); }),
                             Look([&] { return FromPnpmLock(at / "pnpm-lock.yaml", inside); }),
                             Look([&] { return FromYarnLock(at / "yarn.lock", range); }),
                             Look([&] { return FromBunLock(at / "bun.lock", name); })}) {
      if (const auto version = look()) return version;
    }
  }
  if (const auto version = ParsePrismaVersion(range)) return version;
  constexpr std::string_view kCatalog = "catalog:";
  if (!range.starts_with(kCatalog)) return std::nullopt;
  const std::string named(Trim(std::string_view(range).substr(kCatalog.size())));
  for (const fs::path& at : upward) {
    if (const auto version = FromCatalog(at, named == "default" ? "" : named)) return version;
  }
  return std::nullopt;
}

}  // namespace ballast::workspace
