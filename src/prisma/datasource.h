// SPDX-License-Identifier: Apache-2.0
// The settings of datasource and generator blocks.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "prisma/syntax.h"

namespace ballast::prisma {

enum class RelationMode { kForeignKeys, kPrisma };

// A url as written: a literal, or the name of an environment variable.
struct UrlSetting {
  std::string literal;
  std::string env;  // not empty for env("NAME")
  Span span;

  bool operator==(const UrlSetting& other) const {
    return literal == other.literal && env == other.env;
  }
};

// One entry of extensions = [name(map: …, schema: …, version: …)].
struct ExtensionSetting {
  std::string name;
  std::optional<std::string> mapped_name;
  std::optional<std::string> schema;
  std::optional<std::string> version;
  Span span;
};

struct Datasource {
  std::string name;
  std::string provider;
  Span span;
  std::optional<UrlSetting> url;
  std::optional<UrlSetting> direct_url;
  std::optional<UrlSetting> shadow_database_url;
  RelationMode relation_mode = RelationMode::kForeignKeys;
  std::vector<Identifier> schemas;  // sorted by name
  std::optional<Span> schemas_span;
  std::vector<ExtensionSetting> extensions;  // sorted by name
  std::optional<Span> extensions_span;

  bool HasSchema(std::string_view schema) const;
};

struct Generator {
  std::string name;
  std::vector<std::string> preview_features;  // as Prisma spells them
  Span span;
};

// "postgresql" and "postgres" are synonyms.
bool IsPostgres(std::string_view provider);

}  // namespace ballast::prisma
