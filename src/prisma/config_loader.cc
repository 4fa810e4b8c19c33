#include "prisma/config_loader.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "prisma/attribute_reader.h"
#include "prisma/preview_features.h"

namespace ballast::prisma {
namespace {

// The properties of a block by name; the last of several counts. Those asked for are taken out.
class Settings {
 public:
  explicit Settings(const ConfigBlock& block) {
    for (const Property& property : block.properties) {
      if (property.value) values_.insert_or_assign(property.name.text, &property);
    }
  }

  // Nothing may follow "key =" but a value.
  static bool AllHaveValues(const ConfigBlock& block, std::string_view kind,
                            Diagnostics& diagnostics) {
    for (const Property& property : block.properties) {
      if (property.value) continue;
      diagnostics.Error(fmt::format("Property {} in {} {} needs to be assigned a value",
                                    property.name.text, kind, block.name.text),
                        block.span);
      return false;
    }
    return true;
  }

  const Property* Take(std::string_view name) {
    const auto found = values_.find(name);
    if (found == values_.end()) return nullptr;
    const Property* property = found->second;
    values_.erase(found);
    return property;
  }

  const Value* TakeValue(std::string_view name) {
    const Property* property = Take(name);
    return property == nullptr ? nullptr : &*property->value;
  }

  // What nobody asked for, in the order of the source.
  std::vector<const Property*> Rest() const {
    std::vector<const Property*> rest;
    for (const auto& [name, property] : values_) rest.push_back(property);
    std::sort(rest.begin(), rest.end(),
              [](const Property* a, const Property* b) { return a->span.begin < b->span.begin; });
    return rest;
  }

 private:
  std::map<std::string_view, const Property*> values_;
};

std::optional<UrlSetting> ReadEnv(const Value& call, Diagnostics& diagnostics) {
  if (!call.empty_arguments.empty()) {
    diagnostics.Error("The env function expects a singular, unnamed, string argument.", call.span);
    return std::nullopt;
  }
  if (call.arguments.size() != 1 || call.trailing_comma) {
    diagnostics.Error("Exactly one string parameter must be passed to the env function.",
                      call.span);
    return std::nullopt;
  }
  const Argument& argument = call.arguments[0];
  if (argument.name) {
    diagnostics.Warning("The env function doesn't expect named arguments", argument.span);
  }
  const auto name = AsString(argument.value, diagnostics);
  if (!name) return std::nullopt;
  return UrlSetting{"", std::string(*name), call.span};
}

std::optional<UrlSetting> ReadUrl(const Value& value, Diagnostics& diagnostics) {
  if (value.IsFunction("env")) return ReadEnv(value, diagnostics);
  if (value.Is(ValueKind::kString)) return UrlSetting{value.text, "", value.span};
  ReportMismatch("String", value, diagnostics);
  return std::nullopt;
}

std::vector<const Value*> ElementsOf(const Value& value) {
  std::vector<const Value*> elements;
  if (!value.Is(ValueKind::kArray)) return {&value};
  for (const Value& element : value.elements) elements.push_back(&element);
  return elements;
}

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
  void Complain(std::string_view message, std::string_view subject, Span span) {
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
      Complain(value->Is(ValueKind::kString)
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
      Complain(fmt::format("Invalid relation mode setting: \"{}\". Supported values: \"prisma\", "
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

  void LoadExtension(const Value& value) {
    ExtensionSetting extension;
    extension.name = value.text;
    extension.span = value.span;
    std::map<std::string_view, std::optional<std::string>> given;
    for (const Argument& argument : value.arguments) {
      if (!argument.name) {
        diagnostics_.Invalid("The argument must have a name", argument.span);
        continue;
      }
      const std::string& name = argument.name->text;
      if (given.contains(name)) {
        diagnostics_.Invalid(fmt::format("The argument `{}` can only be defined once", name),
                             argument.span);
        continue;
      }
      const auto text = AsString(argument.value, diagnostics_);
      given[name] = text ? std::optional(std::string(*text)) : std::nullopt;
      const bool known = name == "map" || name == "schema" || name == "version";
      if (known && !text) {
        diagnostics_.Invalid(fmt::format("The `{}` argument must be a string literal", name),
                             argument.span);
      } else if (!known) {
        diagnostics_.Error(fmt::format("Argument not known: \"{}\".", name), argument.span);
      }
    }
    extension.mapped_name = given["map"];
    extension.schema = given["schema"];
    extension.version = given["version"];
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

class GeneratorLoader {
 public:
  GeneratorLoader(const ConfigBlock& block, Diagnostics& diagnostics)
      : block_(block), settings_(block), diagnostics_(diagnostics) {}

  std::optional<Generator> Load() {
    if (!Settings::AllHaveValues(block_, "generator", diagnostics_)) return std::nullopt;
    const Value* engine = settings_.TakeValue("engineType");
    if (engine != nullptr && !engine->Is(ValueKind::kString)) {
      ReportMismatch("String", *engine, diagnostics_);
    }
    const Value* provider = settings_.TakeValue("provider");
    if (provider == nullptr) {
      diagnostics_.Error(fmt::format("Argument \"provider\" is missing in generator block \"{}\".",
                                     block_.name.text),
                         block_.span);
      return std::nullopt;
    }
    if (!ReadUrl(*provider, diagnostics_)) return std::nullopt;
    if (const Value* output = settings_.TakeValue("output")) ReadUrl(*output, diagnostics_);
    if (const Value* targets = settings_.TakeValue("binaryTargets")) {
      for (const Value* target : ElementsOf(*targets)) ReadUrl(*target, diagnostics_);
    }
    Generator generator{block_.name.text, {}, block_.span};
    if (const Value* features = settings_.TakeValue("previewFeatures")) {
      LoadFeatures(*features, generator);
    }
    return generator;
  }

 private:
  void LoadFeatures(const Value& value, Generator& generator) {
    bool valid = true;
    for (const Value* element : ElementsOf(value)) {
      valid &= AsString(*element, diagnostics_).has_value();
    }
    if (!valid) return;
    for (const Value* element : ElementsOf(value)) {
      const std::optional<PreviewFeature> feature = FindPreviewFeature(element->text);
      if (!feature) {
        diagnostics_.Error(fmt::format("The preview feature \"{}\" is not known. Expected one of: "
                                       "{}",
                                       element->text, ActivePreviewFeatures()),
                           value.span);
        continue;
      }
      if (feature->deprecated) {
        diagnostics_.Warning(
            fmt::format("Preview feature \"{}\" is deprecated. The functionality can be used "
                        "without specifying it as a preview feature.",
                        element->text),
            value.span);
      }
      generator.preview_features.emplace_back(feature->name);
    }
  }

  const ConfigBlock& block_;
  Settings settings_;
  Diagnostics& diagnostics_;
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

std::vector<Generator> LoadGenerators(const std::vector<ConfigBlock>& blocks,
                                      Diagnostics& diagnostics) {
  std::vector<Generator> generators;
  for (const ConfigBlock& block : blocks) {
    std::optional<Generator> generator = GeneratorLoader(block, diagnostics).Load();
    if (generator) generators.push_back(std::move(*generator));
  }
  return generators;
}

}  // namespace ballast::prisma
