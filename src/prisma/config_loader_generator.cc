// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "prisma/attribute_reader.h"
#include "prisma/block_settings.h"
#include "prisma/config_loader.h"
#include "prisma/preview_features.h"

namespace ballast::prisma {
namespace {

class GeneratorLoader {
 public:
  GeneratorLoader(const ConfigBlock& block, FeatureRules rules, Diagnostics& diagnostics)
      : block_(block), settings_(block), rules_(rules), diagnostics_(diagnostics) {}

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
    for (const Property* property : settings_.Rest()) {
      if (property->value->IsFunction("env")) ReadUrl(*property->value, diagnostics_);
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
      if (!feature && rules_.accept_unknown) {
        generator.preview_features.push_back(element->text);
        continue;
      }
      if (!feature) {
        diagnostics_.Error(fmt::format("The preview feature \"{}\" is not known. Expected one of: "
                                       "{}",
                                       element->text, ActivePreviewFeatures(rules_.postgres)),
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
  FeatureRules rules_;
  Diagnostics& diagnostics_;
};

}  // namespace

std::vector<Generator> LoadGenerators(const std::vector<ConfigBlock>& blocks, FeatureRules rules,
                                      Diagnostics& diagnostics) {
  std::vector<Generator> generators;
  for (const ConfigBlock& block : blocks) {
    std::optional<Generator> generator = GeneratorLoader(block, rules, diagnostics).Load();
    if (generator) generators.push_back(std::move(*generator));
  }
  return generators;
}

}  // namespace ballast::prisma
