// SPDX-License-Identifier: Apache-2.0
// The command line as values; the only file that includes CLI11 is options.cc.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "commands/deploy.h"
#include "commands/doctor.h"
#include "commands/hotfix.h"
#include "commands/init.h"
#include "commands/inspect.h"
#include "commands/list_names.h"
#include "commands/release.h"
#include "commands/release_list.h"
#include "commands/resolve.h"
#include "commands/schema_check.h"
#include "commands/scratch.h"
#include "commands/status.h"
#include "commands/template_database.h"
#include "project/trust.h"

namespace ballast::cli {

enum class Output { kText, kJson };
enum class Color { kAuto, kAlways, kNever };

struct ReleaseCreate {
  proof::CreateOptions options;
};
struct BaselineCreate {
  proof::CreateOptions options;
};
struct ReleaseShow {};
struct ReleaseList {};
struct ReleaseDiff {
  std::string a;
  std::string b;
};
struct HotfixNew {
  commands::HotfixOptions options;
};
struct HotfixSeal {
  commands::HotfixOptions options;
};
struct CatalogFingerprint {};
struct CatalogDiff {
  std::string url_a;
  std::string url_b;
};
// `completion SHELL`; ParseOptions answers it with the script.
struct PrintCompletion {
  std::string shell;
};

using Command = std::variant<commands::DeployOptions, commands::StatusOptions, ReleaseCreate,
                             commands::VerifyOptions, ReleaseShow, commands::PackOptions,
                             ReleaseList, ReleaseDiff, HotfixNew, HotfixSeal, BaselineCreate,
                             commands::ResolveOptions, commands::SchemaSqlOptions,
                             commands::SchemaCheckOptions, CatalogFingerprint, CatalogDiff,
                             commands::ScratchOptions, project::KeyOptions, commands::DoctorOptions,
                             PrintCompletion, commands::ListNamesOptions, commands::InitOptions>;

struct Options {
  std::string directory = ".";
  std::string database_url;
  std::string scratch_url;
  std::string package;
  Output output = Output::kText;
  Color color = Color::kAuto;
  bool quiet = false;
  bool verbose = false;
  Command command;
};

// What the command line asks for; or text to print instead (help, the version).
struct Answer {
  std::string text;
};

// B100 says what is not understood.
Result<std::variant<Options, Answer>> ParseOptions(const std::vector<std::string>& arguments);

// "500ms", "10s", "2m", plain numbers are milliseconds; nullopt when it is none of these.
std::optional<long> ParseMilliseconds(const std::string& text);

}  // namespace ballast::cli
