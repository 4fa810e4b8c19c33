// SPDX-License-Identifier: Apache-2.0
// Reports as text. Results go to stdout, errors to stderr.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/terminal.h"
#include "commands/catalog.h"
#include "commands/deploy.h"
#include "commands/doctor.h"
#include "commands/hotfix.h"
#include "commands/hotfix_merge.h"
#include "commands/init.h"
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
#include "commands/serve.h"
#include "commands/status.h"
#include "project/trust.h"

namespace ballast::cli {

// The texts for both streams.
struct Page {
  std::string out;
  std::string err;           // after the sentence of an error: what belongs to it
  std::string notices = {};  // before an error, or after the answer
  std::string target = {};   // the line that comes first, if progress has not printed it yet
};

Page RenderText(const commands::DeployReport& report, const Style& style);
Page RenderText(const commands::StatusReport& report, const Style& style);
Page RenderText(const commands::DoctorReport& report, const Style& style);
Page RenderText(const commands::CreateReport& report, const Style& style);
Page RenderText(const commands::VerifyReport& report, const Style& style);
Page RenderText(const commands::ShowReport& report, const Style& style);
Page RenderText(const commands::HotfixReport& report, const Style& style);
Page RenderText(const commands::HotfixMergeReport& report, const Style& style);
Page RenderText(const commands::PackReport& report, const Style& style);
Page RenderText(const commands::ListReport& report, const Style& style);
Page RenderText(const commands::ResolveReport& report, const Style& style);
Page RenderText(const commands::FingerprintReport& report, const Style& style);
Page RenderText(const commands::SchemaSqlReport& report, const Style& style);
Page RenderText(const project::KeyReport& report, const Style& style);
Page RenderText(const commands::InitReport& report, const Style& style);
Page RenderText(const commands::ServeReport& report, const Style& style);
Page RenderText(const commands::LogReport& report, const Style& style);  // in render_log.cc
// `verbose`: all items, and each partition. In render_change.cc.
Page RenderText(const commands::RepairReport& report, const Style& style, bool verbose);
Page RenderText(const commands::RollbackReport& report, const Style& style, bool verbose);
// Both sides of a difference: "- …" and "+ …", one line each.
std::string RenderDefinitions(const catalog::Difference& difference, const Style& style,
                              const std::string& indent);
// `definitions`: also prints both sides of each difference. In render_differences.cc.
Page RenderText(const commands::DiffReport& report, const Style& style, bool definitions);
Page RenderText(const commands::ReleaseDiffReport& report, const Style& style, bool definitions);
// In render_schema_check.cc; `definitions` as above.
Page RenderText(const commands::SchemaCheckReport& report, const Style& style, bool definitions);

// One line each.
std::string RenderNotices(const std::vector<std::string>& notices, const Style& style);

// One sentence, the code, the place, the remedy; with `verbose`, also the details.
std::string RenderError(const Error& error, const Style& style, bool verbose);

}  // namespace ballast::cli
