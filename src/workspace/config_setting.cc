// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "base/duration.h"
#include "base/nearest_name.h"
#include "base/text.h"
#include "workspace/config_internal.h"

namespace ballast::workspace {

Error ConfigError(const std::string& file, const toml::source_region& where, std::string message) {
  return MakeError(ErrorCode::kConfigInvalid, std::move(message),
                   "docs/configuration.md lists the keys and their values",
                   {file, static_cast<int>(where.begin.line)});
}

Status ConfigSetting::Read(std::string* text) const {
  if (!node_.is_string()) return MustBe("a string");
  if (node_.as_string()->get().empty()) return IsEmpty();
  *text = node_.as_string()->get();
  return {};
}

Status ConfigSetting::Read(std::optional<std::string>* text) const {
  text->emplace();
  return Read(&**text);
}

Status ConfigSetting::Read(std::vector<std::string>* texts) const {
  if (!node_.is_array()) return MustBe("a list of strings");
  texts->clear();
  for (const toml::node& item : *node_.as_array()) {
    if (!item.is_string()) return MustBe("a list of strings");
    if (item.as_string()->get().empty()) return IsEmpty();
    texts->push_back(item.as_string()->get());
  }
  return {};
}

Status ConfigSetting::Read(std::optional<int64_t>* milliseconds) const {
  if (node_.is_integer() && node_.as_integer()->get() >= 0) {
    *milliseconds = node_.as_integer()->get();
  } else if (node_.is_string()) {
    *milliseconds = ParseMilliseconds(node_.as_string()->get());
  }
  return *milliseconds ? Status() : MustBe("a time such as \"30s\" or 1500 (milliseconds)");
}

Status ConfigSetting::ReadStrategy(std::string* strategy) const {
  TRY(Read(strategy));
  const std::vector<std::string> known = {"auto", "release", "development", "history"};
  if (std::find(known.begin(), known.end(), *strategy) != known.end()) return {};
  return MustBe("one of " + Join(known, ", ") + DidYouMean(*strategy, known));
}

Status ConfigSetting::ReadReference(std::string* reference) const {
  TRY(Read(reference));
  if (reference->starts_with("env:") && reference->size() > 4) return {};
  reference->clear();
  return MustBe("\"env:VARIABLE\": do not put secrets into this file");
}

Status ConfigSetting::Unknown(const std::vector<std::string>& known) const {
  return ConfigError(file_, node_.source(),
                     fmt::format("the key \"{}\" is not known{}", key_, DidYouMean(key_, known)));
}

Status ConfigSetting::MustBe(std::string_view expected) const {
  return ConfigError(file_, node_.source(),
                     fmt::format("the value of \"{}\" is not {}", key_, expected));
}

Status ConfigSetting::IsEmpty() const {
  return ConfigError(
      file_, node_.source(),
      fmt::format("the value of \"{}\" is empty; delete the line for the default", key_));
}

bool IsConfigName(std::string_view name) {
  constexpr std::string_view kAllowed =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
  return !name.empty() && name.size() <= 64 && name.front() != '.' &&
         name.find_first_not_of(kAllowed) == std::string_view::npos;
}

}  // namespace ballast::workspace
