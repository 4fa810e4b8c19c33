// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>

#include "prisma/attribute_reader.h"
#include "prisma/block_settings.h"
#include "prisma/config_loader.h"

namespace ballast::prisma {
namespace {

class DatasourceLoader {
 public:
  DatasourceLoader(const ConfigBlock& block, UrlNeed need, Diagnostics& diagnostics)
      : block_(block), settings_(block), need_(need), diagnostics_(diagnostics) {}

  std::optional<Datasource> Load() {
    if (!Settings::AllHaveValues(block_, "datasource", diagnostics_)) return std::nullopt;
    source_.name = block_.name.text;
    source_.span = block_.span;
    if (!LoadProvider()) return std::nullopt;
    LoadRelationMode();
    LoadExtensions();
    if (!LoadUrls()) return std::nullopt;
    if (const Property* features = settings_.Take("previewFeatures")) {
      diagnostics_.Error(
          "Preview features are only supported in the generator block. Please move this field to "
          "the generator block.",
          features->span);
    }
    LoadSchemas();
    for (const Property* property : settings_.Rest()) {
      diagnostics_.Error(fmt::format("Property not known: \"{}\".", property->name.text),
                         property->span);
    }
    return std::move(source_);
  }

 private:
  void AddError(std::string_view message, std::string_view subject, Span span) {
    diagnostics_.Error(fmt::format("Error validating datasource `{}`: {}", subject, message), span);
  }

  void Missing(std::string_view argument) {
    diagnostics_.Error(fmt::format("Argument \"{}\" is missing in data source block \"{}\".",
                                   argument, block_.name.text),
                       block_.span);
  }

  bool LoadProvider() {
    const Value* value = settings_.TakeValue("provider");
    if (value == nullptr) {
      Missing("provider");
      return false;
    }
    if (value->IsFunction("env")) {
      diagnostics_.Error("A datasource must not use the env() function in the provider argument.",
                         block_.span);
      return false;
    }
    if (!value->Is(ValueKind::kString) || value->text.empty()) {
      AddError(value->Is(ValueKind::kString)
                   ? "The provider argument in a datasource must not be empty"
                   : "The provider argument in a datasource must be a string literal",
               block_.name.text, value->span);
      return false;
    }
    source_.provider = value->text;
    constexpr std::string_view kKnown[] = {"postgresql", "postgres", "mysql",      "sqlite",
                                           "sqlserver",  "mongodb",  "cockroachdb"};
    if (std::find(std::begin(kKnown), std::end(kKnown), value->text) != std::end(kKnown)) {
      return true;
    }
    diagnostics_.Error(fmt::format("Datasource provider not known: \"{}\".", value->text),
                       value->span);
    return false;
  }

  void LoadRelationMode() {
    const Property* mode = settings_.Take("relationMode");
    const Property* integrity = settings_.Take("referentialIntegrity");
    if (integrity != nullptr) {
      diagnostics_.Warning(
          "The `referentialIntegrity` attribute is deprecated. Please use `relationMode` instead. "
          "Learn more at https://pris.ly/d/relation-mode",
          integrity->span);
    }
    if (mode != nullptr && integrity != nullptr) {
      diagnostics_.Error(
          "The `referentialIntegrity` and `relationMode` attributes cannot be used together. "
          "Please use only `relationMode` instead.",
          integrity->span);
      return;
    }
    const Property* said = mode != nullptr ? mode : integrity;
    if (said == nullptr) return;
    const auto text = AsString(*said->value, diagnostics_);
    if (!text || *text == "foreignKeys") return;
    if (*text == "prisma") {
      source_.relation_mode = RelationMode::kPrisma;
    } else {
      AddError(fmt::format("Invalid relation mode setting: \"{}\". Supported values: \"prisma\", "
                           "\"foreignKeys\"",
                           *text),
               "relationMode", block_.span);
    }
  }

  void LoadExtensions() {
    const Property* property = settings_.Take("extensions");
    if (property == nullptr) return;
    bool valid = true;
    for (const Value* value : ElementsOf(*property->value)) {
      if (value->Is(ValueKind::kConstant) || value->Is(ValueKind::kFunction)) continue;
      ReportMismatch("constant or function", *value, diagnostics_);
      valid = false;
    }
    if (!valid) return;
    source_.extensions_span = property->span;
    for (const Value* value : ElementsOf(*property->value)) LoadExtension(*value);
    std::stable_sort(source_.extensions.begin(), source_.extensions.end(),
                     [](const auto& a, const auto& b) { return a.name < b.name; });
  }

  struct GivenArgument {
    std::optional<std::string> text;
    Span span;
  };

  std::map<std::string_view, GivenArgument> ReadExtensionArguments(const Value& value) {
    std::map<std::string_view, GivenArgument> given;
    for (const Argument& argument : value.arguments) {
      if (!argument.name) {
        diagnostics_.Invalid("The argument must have a name", argument.span);
      } else if (given.contains(argument.name->text)) {
        diagnostics_.Invalid(
            fmt::format("The argument `{}` can only be defined once", argument.name->text),
            argument.span);
      } else {
        const auto text = AsString(argument.value, diagnostics_);
        given[argument.name->text] = {text ? std::optional(std::string(*text)) : std::nullopt,
                                      argument.span};
      }
    }
    return given;
  }

  void LoadExtension(const Value& value) {
    ExtensionSetting extension;
    extension.name = value.text;
    extension.span = value.span;
    std::map<std::string_view, GivenArgument> given = ReadExtensionArguments(value);
    const auto take = [&](std::string_view name) -> std::optional<std::string> {
      const auto found = given.find(name);
      if (found == given.end()) return std::nullopt;
      const GivenArgument argument = found->second;
      given.erase(found);
      if (!argument.text) {
        diagnostics_.Invalid(fmt::format("The `{}` argument must be a string literal", name),
                             argument.span);
      }
      return argument.text;
    };
    extension.mapped_name = take("map");
    extension.schema = take("schema");
    extension.version = take("version");
    for (const auto& [name, argument] : given) {
      diagnostics_.Error(fmt::format("Argument not known: \"{}\".", name), argument.span);
    }
    source_.extensions.push_back(std::move(extension));
  }

  bool LoadUrls() {
    const Value* url = settings_.TakeValue("url");
    if (url != nullptr) {
      source_.url = ReadUrl(*url, diagnostics_);
      if (!source_.url) return false;
    } else if (need_ == UrlNeed::kRequired) {
      Missing("url");
      return false;
    }
    if (const Value* shadow = settings_.TakeValue("shadowDatabaseUrl")) {
      source_.shadow_database_url = ReadUrl(*shadow, diagnostics_);
      const auto& read = source_.shadow_database_url;
      if (read && read->env.empty() && read->literal.empty()) {
        source_.shadow_database_url = std::nullopt;
      }
    }
    if (const Value* direct = settings_.TakeValue("directUrl")) {
      source_.direct_url = ReadUrl(*direct, diagnostics_);
    }
    CheckShadow(source_.direct_url, "directUrl");
    CheckShadow(source_.url, "url");
    return true;
  }

  void CheckShadow(const std::optional<UrlSetting>& other, std::string_view name) {
    if (!source_.shadow_database_url || !other || !(*source_.shadow_database_url == *other)) return;
    diagnostics_.Error(
        fmt::format("shadowDatabaseUrl is the same as {} for datasource \"{}\". Please specify a "
                    "different database as shadow database to avoid data loss.",
                    name, block_.name.text),
        other->span);
  }

  void LoadSchemas() {
    const Value* value = settings_.TakeValue("schemas");
    if (value == nullptr) return;
    bool valid = true;
    std::vector<Identifier> schemas;
    for (const Value* element : ElementsOf(*value)) {
      const auto name = AsString(*element, diagnostics_);
      valid &= name.has_value();
      if (name) schemas.push_back({std::string(*name), element->span});
    }
    if (!valid) return;
    if (schemas.empty()) {
      diagnostics_.Error("If provided, the schemas array can not be empty.", value->span);
      return;
    }
    std::stable_sort(schemas.begin(), schemas.end(),
                     [](const auto& a, const auto& b) { return a.text < b.text; });
    for (size_t i = 0; i + 1 < schemas.size(); ++i) {
      if (schemas[i].text != schemas[i + 1].text) continue;
      diagnostics_.Error("Duplicated schema names are not allowed", schemas[i].span);
    }
    source_.schemas = std::move(schemas);
    source_.schemas_span = value->span;
  }

  const ConfigBlock& block_;
  Settings settings_;
  UrlNeed need_;
  Diagnostics& diagnostics_;
  Datasource source_;
};

}  // namespace

std::vector<Datasource> LoadDatasources(const std::vector<ConfigBlock>& blocks, UrlNeed need,
                                        Diagnostics& diagnostics) {
  std::vector<Datasource> sources;
  for (const ConfigBlock& block : blocks) {
    std::optional<Datasource> source = DatasourceLoader(block, need, diagnostics).Load();
    if (source) sources.push_back(std::move(*source));
  }
  if (sources.size() < 2) return sources;
  for (const ConfigBlock& block : blocks) {
    diagnostics.Error(
        fmt::format("Error validating datasource `{}`: You defined more than one datasource. This "
                    "is not allowed yet because support for multiple databases has not been "
                    "implemented yet.",
                    block.name.text),
        block.span);
  }
  return sources;
}

}  // namespace ballast::prisma
