// SPDX-License-Identifier: Apache-2.0
#include "workspace/fleet_file.h"

#include <fmt/format.h>

#include <set>

#include "workspace/toml.h"

namespace ballast::workspace {
namespace {

Error Bad(const std::string& file, const toml::source_region& where, std::string message) {
  return MakeError(ErrorCode::kConfigInvalid, std::move(message),
                   "docs/fleets.md lists the keys and their values",
                   {file, static_cast<int>(where.begin.line)});
}

class Reader {
 public:
  explicit Reader(const std::string& file) : file_(file) {}

  Result<FleetFile> Read(const toml::table& table) {
    FleetFile read;
    for (const auto& [key, node] : table) {
      if (key.str() == "url_template") {
        TRY(Text(key.str(), node, &read.url_template));
      } else if (key.str() == "target") {
        TRY(Targets(node, &read.targets));
      } else {
        return Unknown(key.str(), node);
      }
    }
    return read;
  }

 private:
  Status Text(std::string_view key, const toml::node& node, std::string* text) const {
    if (!node.is_string()) return TypeMismatch(key, node, "a string");
    *text = node.as_string()->get();
    return {};
  }

  Status Texts(std::string_view key, const toml::node& node,
               std::vector<std::string>* texts) const {
    const toml::array* list = node.as_array();
    if (list == nullptr) return TypeMismatch(key, node, "a list of strings");
    for (const toml::node& item : *list) {
      if (!item.is_string()) return TypeMismatch(key, item, "a list of strings");
      texts->push_back(item.as_string()->get());
    }
    return {};
  }

  Status Labels(const toml::node& node, std::map<std::string, std::string>* labels) const {
    const toml::table* table = node.as_table();
    if (table == nullptr)
      return TypeMismatch("labels", node, R"(a table such as { region = "eu" })");
    for (const auto& [key, value] : *table) {
      TRY(Text(key.str(), value, &(*labels)[std::string(key.str())]));
    }
    return {};
  }

  Status Key(std::string_view key, const toml::node& node, FleetEntry* entry) const {
    if (key == "name") return Text(key, node, &entry->name);
    if (key == "url") return Text(key, node, &entry->url);
    if (key == "url_command") return Text(key, node, &entry->url_command);
    if (key == "database") return Text(key, node, &entry->database);
    if (key == "schema") return Text(key, node, &entry->schema);
    if (key == "groups") return Texts(key, node, &entry->groups);
    if (key == "labels") return Labels(node, &entry->labels);
    return Unknown(key, node);
  }

  Status Targets(const toml::node& node, std::vector<FleetEntry>* targets) {
    const toml::array* list = node.as_array();
    if (list == nullptr) return TypeMismatch("target", node, "a list: write [[target]]");
    for (const toml::node& item : *list) {
      const toml::table* table = item.as_table();
      if (table == nullptr)
        return TypeMismatch("target", item, "a list of tables: write [[target]]");
      FleetEntry entry;
      entry.line = static_cast<int>(item.source().begin.line);
      for (const auto& [key, value] : *table) TRY(Key(key.str(), value, &entry));
      if (entry.name.empty()) return Bad(file_, item.source(), "a target has no \"name\"");
      if (!entry.url.empty() && !entry.url_command.empty()) {
        return Bad(file_, item.source(),
                   fmt::format("target \"{}\" has both \"url\" and \"url_command\"", entry.name));
      }
      if (!names_.insert(entry.name).second) {
        return Bad(file_, item.source(), fmt::format("two targets are named \"{}\"", entry.name));
      }
      targets->push_back(std::move(entry));
    }
    return {};
  }

  Error Unknown(std::string_view key, const toml::node& node) const {
    return Bad(file_, node.source(), fmt::format("the key \"{}\" is not known", key));
  }

  Error TypeMismatch(std::string_view key, const toml::node& node,
                     std::string_view expected) const {
    return Bad(file_, node.source(), fmt::format("the value of \"{}\" is not {}", key, expected));
  }

  const std::string& file_;
  std::set<std::string> names_;
};

}  // namespace

Result<FleetFile> ParseFleetFile(std::string_view text, const std::string& file) {
  toml::table table;
  try {
    table = toml::parse(text, file);
  } catch (const toml::parse_error& error) {
    return Bad(file, error.source(), fmt::format("it is not TOML: {}", error.description()));
  }
  return Reader(file).Read(table);
}

}  // namespace ballast::workspace
