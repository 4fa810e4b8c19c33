// SPDX-License-Identifier: Apache-2.0
// The command line as values; only options*.cc and command_tree.cc include CLI11.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"
#include "cli/completion.h"
#include "cli/run_delivery.h"
#include "commands/catalog.h"
#include "commands/check.h"
#include "commands/deploy.h"
#include "commands/doctor.h"
#include "commands/fleet_deploy.h"
#include "commands/fleet_status.h"
#include "commands/hotfix.h"
#include "commands/hotfix_merge.h"
#include "commands/init.h"
#include "commands/lint.h"
#include "commands/list_names.h"
#include "commands/log.h"
#include "commands/release_create.h"
#include "commands/release_list.h"
#include "commands/release_pack.h"
#include "commands/release_verify.h"
#include "commands/repair.h"
#include "commands/resolve.h"
#include "commands/rollback.h"
#include "commands/schema_check.h"
#include "commands/schema_sql.h"
#include "commands/scratch.h"
#include "commands/serve.h"
#include "commands/squash.h"
#include "commands/status.h"
#include "commands/template_database.h"
#include "project/trust.h"

namespace ballast::cli {

enum class Output { kText, kJson };
enum class Color { kAuto, kAlways, kNever };
enum class LogFormat { kText, kJson };

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
// `completion SHELL`; ParseOptions itself returns the script.
struct PrintCompletion {
  Shell shell = Shell::kBash;
};

using Command =
    std::variant<run::DeployOptions, commands::StatusOptions, ReleaseCreate,
                 commands::VerifyOptions, ReleaseShow, commands::PackOptions, ReleaseList,
                 ReleaseDiff, HotfixNew, HotfixSeal, commands::HotfixMergeOptions, BaselineCreate,
                 commands::ResolveOptions, commands::SchemaSqlOptions, commands::SchemaCheckOptions,
                 CatalogFingerprint, commands::CatalogDiffOptions, commands::ScratchOptions,
                 project::KeyOptions, commands::DoctorOptions, PrintCompletion,
                 commands::ListNamesOptions, commands::InitOptions, commands::LogOptions,
                 commands::ServeOptions, commands::FleetStatusOptions, commands::FleetDeployOptions,
                 commands::LintOptions, commands::SquashOptions, commands::RepairOptions,
                 commands::RollbackOptions, commands::CheckOptions>;

struct Options {
  std::string directory = ".";
  std::string database_url;
  std::string scratch_url;
  std::string schema;
  std::string project;
  std::string package;
  bool trust_history = false;
  Output output = Output::kText;
  LogFormat log_format = LogFormat::kText;
  Color color = Color::kAuto;
  DeliveryOptions delivery;
  bool quiet = false;
  bool verbose = false;
  Command command;
  // `deploy … -- PROGRAM ARGUMENT…`: what the process becomes after a successful deploy.
  std::vector<std::string> program = {};
};

// Text to print instead of running a command: help, the version, or a completion script.
struct TextToPrint {
  std::string text;
  std::vector<std::pair<std::string, std::string>> fields;  // the same as JSON; empty: only text
};

// Parses the arguments after the program's name. `help [COMMAND]` and a command line without a
// command print help. B100 names the invalid argument and suggests a command or option.
Result<std::variant<Options, TextToPrint>> ParseOptions(const std::vector<std::string>& arguments);

// The commands directly below the program: "deploy", "release", …
std::vector<std::string> CommandNames();

}  // namespace ballast::cli
