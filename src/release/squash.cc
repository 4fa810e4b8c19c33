// SPDX-License-Identifier: Apache-2.0
#include "release/squash.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/shell_word.h"
#include "base/text.h"

namespace ballast::release {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kIndentation = 2;

Json Object(const DevelopmentBaseline& baseline) {
  return Json::parse(RenderDevelopmentBaseline(baseline));
}

Error Invalid(const std::string& problem, const std::string& file) {
  return MakeError(ErrorCode::kSquashRefused,
                   fmt::format("the record of the squash is not valid: {}", problem),
                   "restore the folder from version control", {file, 0});
}

// Reads keys of one object; remembers the first problem.
class Keys {
 public:
  Keys(const Json& json, const std::string& file) : json_(json), file_(file) {}

  std::string Text(const char* key) {
    const auto found = json_.find(key);
    if (found != json_.end() && found->is_string()) return found->get<std::string>();
    TypeMismatch(key, "a string");
    return {};
  }
  const Json& List(const char* key) {
    static const Json nothing = Json::array();
    const auto found = json_.find(key);
    if (found != json_.end() && found->is_array()) return *found;
    TypeMismatch(key, "a list");
    return nothing;
  }
  const Json& Record(const char* key) {
    static const Json nothing = Json::object();
    const auto found = json_.find(key);
    if (found != json_.end() && found->is_object()) return *found;
    TypeMismatch(key, "an object");
    return nothing;
  }
  Status Done() const {
    if (problem_.empty()) return {};
    return Invalid(problem_, file_);
  }

 private:
  void TypeMismatch(const char* key, const char* expected) {
    if (problem_.empty()) problem_ = fmt::format("the key \"{}\" is not {}", key, expected);
  }

  const Json& json_;
  const std::string& file_;
  std::string problem_;
};

Result<EarlierSquash> ParseEarlier(const Json& json, const std::string& file) {
  if (!json.is_object()) return Invalid("an earlier squash is not an object", file);
  Keys keys(json, file);
  EarlierSquash earlier{keys.Text("name"), keys.Text("checksum"), {}};
  for (const Json& name : keys.List("covers")) {
    if (!name.is_string()) return Invalid("a name in \"covers\" is not a string", file);
    earlier.covers.push_back(name.get<std::string>());
  }
  TRY(keys.Done());
  return earlier;
}

bool SortsBefore(const std::string& name, const std::string& next) {
  return next.empty() || (PrismaOrder(name, next) && name < next);
}

}  // namespace

std::string RenderSquash(const Squash& squash) {
  Json earlier = Json::array();
  for (const EarlierSquash& one : squash.earlier) {
    earlier.push_back({{"name", one.name}, {"checksum", one.checksum}, {"covers", one.covers}});
  }
  Json states = Json::array();
  for (const DevelopmentBaseline& state : squash.states) states.push_back(Object(state));
  const Json json = {{"format", kSquashFormat},
                     {"name", squash.name},
                     {"history_sha256", squash.history_sha256},
                     {"earlier", std::move(earlier)},
                     {"baseline", Object(squash.baseline)},
                     {"states", std::move(states)}};
  return json.dump(kIndentation, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<Squash> ParseSquash(std::string_view text, const std::string& file) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return Invalid("it is not a JSON object", file);
  const auto format = json.find("format");
  if (format == json.end() || !format->is_number_unsigned()) {
    return Invalid("the key \"format\" is not a whole number", file);
  }
  if (*format > kSquashFormat) {
    return MakeError(ErrorCode::kPackageTooNew,
                     fmt::format("the squash has format {}, but this program knows formats up to "
                                 "{}",
                                 format->dump(), kSquashFormat),
                     "use the version of ballast that created it, or a newer one", {file, 0});
  }
  Keys keys(json, file);
  Squash squash;
  squash.name = keys.Text("name");
  squash.history_sha256 = keys.Text("history_sha256");
  for (const Json& one : keys.List("earlier")) {
    TRY_ASSIGN(EarlierSquash earlier, ParseEarlier(one, file));
    squash.earlier.push_back(std::move(earlier));
  }
  const Json& baseline = keys.Record("baseline");
  const Json& states = keys.List("states");
  TRY(keys.Done());
  TRY_ASSIGN(squash.baseline, ParseDevelopmentBaseline(baseline.dump(), file));
  for (const Json& one : states) {
    TRY_ASSIGN(DevelopmentBaseline state, ParseDevelopmentBaseline(one.dump(), file));
    squash.states.push_back(std::move(state));
  }
  return squash;
}

namespace {

// The checksum with which the squash replaces a migration of this name; null: it does not.
const std::string* ReplacedChecksum(const Squash& squash, std::string_view name) {
  for (const CoveredMigration& covered : squash.baseline.coverage) {
    if (covered.name == name) return &covered.checksum;
  }
  for (const EarlierSquash& earlier : squash.earlier) {
    if (earlier.name == name) return &earlier.checksum;
  }
  return nullptr;
}

}  // namespace

std::vector<std::string> ReturnedMigrations(const Squash& squash,
                                            const std::vector<Migration>& migrations) {
  std::vector<std::string> names;
  for (const Migration& migration : migrations) {
    const bool replaced = ReplacedChecksum(squash, migration.name) != nullptr;
    if (replaced && migration.name != squash.name) names.push_back(migration.name);
  }
  return names;
}

Status CheckReturnedMigrations(const Squash& squash, const std::vector<Migration>& migrations,
                               const std::string& folder) {
  const std::vector<std::string> returned = ReturnedMigrations(squash, migrations);
  if (returned.empty()) return {};
  std::string paths;
  bool edited = false;
  for (const Migration& migration : migrations) {
    if (std::ranges::find(returned, migration.name) == returned.end()) continue;
    paths += " " + ShellWord(folder + "/" + migration.name);
    edited |=
        !ChecksumMatches(*ReplacedChecksum(squash, migration.name), migration.script.TextOrEmpty());
  }
  const bool one = returned.size() == 1;
  return MakeError(
      ErrorCode::kSquashRefused,
      fmt::format(
          "{} that {} replaces {} back in the migrations folder, and a deploy would run {} a "
          "second time: {}",
          Counted(returned.size(), "migration"), squash.name, one ? "is" : "are",
          one ? "it" : "them", JoinSome(returned)),
      (edited ? "put the change into a migration with a new name, then: git rm -r"
              : "remove what came back: git rm -r") +
          paths);
}

std::string SquashName(const std::string& last, const std::string& next,
                       const std::vector<std::string>& taken) {
  const size_t digits = std::min(last.find_first_not_of("0123456789"), last.size());
  for (const std::string& stem : {last.substr(0, digits), last}) {
    if (stem.empty()) continue;
    std::string name = stem + "_squashed";
    for (int number = 2; std::find(taken.begin(), taken.end(), name) != taken.end(); ++number) {
      name = fmt::format("{}_squashed_{}", stem, number);
    }
    if (SortsBefore(name, next)) return name;
  }
  return {};
}

}  // namespace ballast::release
