// SPDX-License-Identifier: Apache-2.0
// Reports as JSON, one document each. The keys are promises: they can be added, but not renamed.
#pragma once

#include <string>

#include "cli/options.h"
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
#include "commands/scratch.h"
#include "commands/serve.h"
#include "commands/status.h"
#include "project/trust.h"

namespace ballast::cli {

std::string RenderJson(const commands::DeployReport& report);
std::string RenderJson(const commands::StatusReport& report);
std::string RenderJson(const commands::DoctorReport& report);
std::string RenderJson(const commands::CreateReport& report);
std::string RenderJson(const commands::VerifyReport& report);
std::string RenderJson(const commands::ShowReport& report);
std::string RenderJson(const commands::HotfixReport& report);
std::string RenderJson(const commands::HotfixMergeReport& report);
std::string RenderJson(const commands::PackReport& report);
std::string RenderJson(const commands::ListReport& report);
std::string RenderJson(const commands::ReleaseDiffReport& report);
std::string RenderJson(const commands::ResolveReport& report);
std::string RenderJson(const commands::FingerprintReport& report);
std::string RenderJson(const commands::DiffReport& report);
std::string RenderJson(const commands::SchemaSqlReport& report);
std::string RenderJson(const commands::SchemaCheckReport& report);
std::string RenderJson(const project::KeyReport& report);
std::string RenderJson(const commands::InitReport& report);
std::string RenderJson(const commands::ServeReport& report);
std::string RenderJson(const commands::LogReport& report);       // in render_log.cc
std::string RenderJson(const commands::RepairReport& report);    // in render_change.cc
std::string RenderJson(const commands::RollbackReport& report);  // likewise
std::string RenderJson(const TextToPrint& answer);
// An error that occurred before a report existed.
std::string RenderJson(const Error& error);

}  // namespace ballast::cli
