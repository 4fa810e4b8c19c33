// SPDX-License-Identifier: Apache-2.0
#include "commands/scratch_variables.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "project/project_context.h"

namespace ballast::commands {
namespace {

using Variables = std::map<std::string, std::string>;

Variables ForLibpq(const postgres::Target& target) {
  Variables variables = {
      {"PGHOST", target.host()}, {"PGPORT", target.port()}, {"PGDATABASE", target.database()}};
  const std::string user = target.KeywordValue("user");
  const std::string password = target.KeywordValue("password");
  if (!user.empty()) variables["PGUSER"] = user;
  if (!password.empty()) variables["PGPASSWORD"] = password;
  return variables;
}

}  // namespace

ScratchVariables::ScratchVariables(const project::Invocation& invocation)
    : invocation_(invocation) {
  auto context = project::LoadProject(invocation);
  if (context.ok()) {
    names_ = workspace::UrlVariablesOf(context->project, context->environment);
    project_ = std::move(context->project);
  } else if (!workspace::FoundNothing(context.error())) {
    invocation.progress->Notice(
        fmt::format("only DATABASE_URL and DIRECT_URL name the temporary database, because the "
                    "project's variables are not known: {}",
                    context.error().message));
  }
}

Variables ScratchVariables::For(const scratch::ScratchDatabase& database, const std::string& schema,
                                const scratch::ScratchDatabase* shadow) const {
  const std::string url = database.Url(schema);
  Variables urls;
  for (const std::string& name : names_.database) urls[name] = url;
  if (shadow != nullptr) {
    for (const std::string& name : names_.shadow) urls[name] = shadow->Url(schema);
  }
  Variables variables = ForLibpq(database.target());
  variables["BALLAST_SCRATCH_VARIABLES"] = nlohmann::json(urls).dump();
  variables.insert(urls.begin(), urls.end());
  ReportOtherUrl(url, variables);
  return variables;
}

void ScratchVariables::ReportOtherUrl(const std::string& url, const Variables& variables) const {
  if (!project_) return;
  workspace::Variables process = invocation_.environment;
  for (const auto& [name, value] : variables) process[name] = value;
  const auto environment = workspace::LoadEnvironment(project_->DotenvPlaces(), process);
  if (!environment.ok()) return;
  const auto where = workspace::OtherUrlThan(url, *project_, *environment);
  if (!where) return;
  const std::filesystem::path file = where->file;
  invocation_.progress->Notice(fmt::format(
      "{}:{} names a URL that is not the value of a variable, so Prisma does not use the "
      "temporary database",
      file.is_absolute() ? project_->ShownPath(file) : file.string(), where->line));
}

}  // namespace ballast::commands
