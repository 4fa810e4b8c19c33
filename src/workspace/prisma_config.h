// SPDX-License-Identifier: Apache-2.0
// prisma.config.*: its literal values, found by reading the text; nothing is run.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "workspace/datasource_hint.h"

namespace ballast::workspace {

struct PrismaConfig {
  std::string file;
  std::optional<std::string> schema;           // relative to the file's folder, as written
  std::optional<std::string> migrations_path;  // the same
  UrlSource url;                               // datasource.url
  UrlSource direct_url;
  // The file imports "dotenv/config", which reads ./.env; otherwise no .env is read at all.
  bool loads_dotenv = false;
  std::vector<std::string> notices;  // a key that matters has a value that is not literal
};

// Understands text literals, env("X"), process.env.X, process.env["X"], and path.join or resolve of
// text literals (after __dirname or import.meta.dirname, if they say it).
PrismaConfig ReadPrismaConfig(std::string_view text, const std::string& file);

}  // namespace ballast::workspace
