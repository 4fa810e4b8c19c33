// SPDX-License-Identifier: Apache-2.0
// Which of the configuration's keys decide the database, by the version of Prisma.
#include "workspace/prisma_config.h"

namespace ballast::workspace {
namespace {

using State = ConfigValue::State;

constexpr std::string_view kDatasource = "datasource.";
constexpr std::string_view kDirectUrl = "datasource.directUrl";
constexpr std::string_view kEngine = "engine";
// Before 6.12 and since.
constexpr std::string_view kAdapters[] = {"migrate.adapter", "adapter"};

bool IsText(const ConfigValue& value, std::string_view text) {
  return value.state == State::kText && value.text == text;
}

}  // namespace

// Whether the file itself has the key, with any value but undefined.
bool PrismaConfig::Has(std::string_view key, const Variables& variables) const {
  const ConfigValue value = ReadWritten(key, variables);
  return value.state == State::kText || (value.state == State::kNotUnderstood && value.what == key);
}

ConfigValue PrismaConfig::ReadAdapter(const Variables& variables) const {
  for (const std::string_view key : kAdapters) {
    if (Has(key, variables)) return ReadWritten(key, variables);
  }
  return ReadWritten(kEngine, variables);
}

DatabaseSource PrismaConfig::SourceOfDatabase(const Variables& variables,
                                              const Variables* uncertain) const {
  if (!Exists()) return DatabaseSource::kSchema;
  const ConfigValue engine = ReadWritten(kEngine, variables, uncertain);
  const bool has_adapter = Has(kAdapters[0], variables) || Has(kAdapters[1], variables);
  if (version_ >= kPrisma7) {
    const bool has_datasource = ReadWritten("datasource", variables).state != State::kAbsent;
    const bool connects = !has_datasource && (has_adapter || IsText(engine, "js"));
    return connects ? DatabaseSource::kAdapter : DatabaseSource::kConfig;
  }
  if (version_ < kConfigEngine) {
    return has_adapter ? DatabaseSource::kAdapter : DatabaseSource::kSchema;
  }
  if (engine.state == State::kNotUnderstood) return DatabaseSource::kUnknown;
  if (IsText(engine, "js")) return DatabaseSource::kAdapter;
  return IsText(engine, "classic") ? DatabaseSource::kConfig : DatabaseSource::kSchema;
}

std::string_view PrismaConfig::IgnoredKey(const Variables& variables) const {
  if (!Exists()) return {};
  if (version_ >= kPrisma7) {
    return ReadWritten(kDirectUrl, variables).state == State::kText ? kDirectUrl : "";
  }
  const bool has_datasource = ReadWritten("datasource", variables).state != State::kAbsent;
  const bool ignores = SourceOfDatabase(variables, nullptr) == DatabaseSource::kSchema;
  return has_datasource && ignores ? "datasource" : "";
}

ConfigValue PrismaConfig::Read(std::string_view key, const Variables& variables,
                               const Variables* uncertain) const {
  if (!Exists() || !key.starts_with(kDatasource)) return ReadWritten(key, variables, uncertain);
  if (version_ >= kPrisma7 && key == kDirectUrl) return {};
  switch (SourceOfDatabase(variables, uncertain)) {
    case DatabaseSource::kConfig:
      return ReadWritten(key, variables, uncertain);
    case DatabaseSource::kUnknown:
      return ReadWritten(kEngine, variables, uncertain);
    default:
      return {};
  }
}

}  // namespace ballast::workspace
