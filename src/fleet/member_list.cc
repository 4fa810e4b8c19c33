// SPDX-License-Identifier: Apache-2.0
#include "fleet/member_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "base/text.h"
#include "base/url_password.h"
#include "fleet/member_query.h"
#include "workspace/files.h"
#include "workspace/fleet_file.h"

namespace ballast::fleet {
namespace {

constexpr char kListThem[] =
    "ballast fleet status, with the same source and without these options, lists the targets";

constexpr std::string_view kReference = "env:";

class List {
 public:
  List(const Selection& selection, const project::ProjectContext& context,
       const postgres::ConnectOptions& connect, Progress& progress)
      : selection_(selection), context_(context), connect_(connect), progress_(progress) {}

  Result<std::vector<Member>> Make() {
    if (selection_.file.empty() && selection_.variables.empty() && selection_.query.empty()) {
      return MakeError(ErrorCode::kUsageError, "no source of targets is given",
                       "use --targets FILE, --targets-env PREFIX or --targets-query SQL");
    }
    template_ = selection_.url_template;
    if (!selection_.file.empty()) TRY(AddFile());
    if (!selection_.variables.empty()) AddVariables();
    if (!selection_.query.empty()) TRY(AddQuery());
    return Kept();
  }

 private:
  // What the text refers to, where it is "env:VARIABLE".
  Result<std::string> Resolved(const std::string& text, const std::string& whose) const {
    if (!text.starts_with(kReference)) return text;
    const std::string name = text.substr(kReference.size());
    const std::string* value = context_.environment.Find(name);
    if (value != nullptr && !value->empty()) return *value;
    return MakeError(ErrorCode::kNoUrl,
                     fmt::format("{} names the variable {}, which is not set", whose, name),
                     "set it, or correct the reference");
  }

  Status AddFile() {
    TRY_ASSIGN(const std::string text, workspace::ReadFile(selection_.file));
    TRY_ASSIGN(workspace::FleetFile file, workspace::ParseFleetFile(text, selection_.file));
    if (template_.empty()) template_ = file.url_template;
    for (workspace::FleetEntry& entry : file.targets) {
      Member member;
      member.name = std::move(entry.name);
      member.groups = std::move(entry.groups);
      member.labels = std::move(entry.labels);
      member.url = std::move(entry.url);
      member.url_command = std::move(entry.url_command);
      member.database = std::move(entry.database);
      member.schema = std::move(entry.schema);
      members_.push_back(std::move(member));
    }
    return {};
  }

  // An empty variable is a target, too, which FindUrl refuses: a secret that is missing must not
  // leave it out without a word.
  void AddVariables() {
    for (const auto& [name, value] : context_.environment.values) {
      if (!name.starts_with(selection_.variables) || name.size() == selection_.variables.size()) {
        continue;
      }
      Member member;
      member.name = name.substr(selection_.variables.size());
      member.url = value.empty() ? std::string(kReference) + name : value;
      member.variable = name;
      members_.push_back(std::move(member));
    }
  }

  Status AddQuery() {
    TRY_ASSIGN(const ControlDatabase control, Control());
    TRY_ASSIGN(std::vector<Member> found,
               QueryMembers(selection_.query, control, connect_, progress_));
    std::move(found.begin(), found.end(), std::back_inserter(members_));
    return {};
  }

  Result<ControlDatabase> Control() const {
    ControlDatabase control;
    control.is_default = selection_.control_url.empty();
    if (control.is_default) {
      TRY_ASSIGN(control.target, project::TargetOf(context_));
    } else {
      TRY_ASSIGN(const std::string url, Resolved(selection_.control_url, "--control-url"));
      TRY_ASSIGN(control.target, postgres::ParseUrl(url, "--control-url"));
    }
    control.name =
        fmt::format("{} {} on {}",
                    control.is_default ? "the project's database" : "the database of --control-url",
                    control.target.database(), control.target.Address());
    return control;
  }

  Result<std::vector<Member>> Kept() {
    std::set<std::string_view> names;
    for (const Member& member : members_) {
      if (MaskUrlPasswords(member.name) != member.name) {
        return MakeError(
            ErrorCode::kConfigInvalid,
            fmt::format("\"{}\" cannot be the name of a target: it has a password", member.name),
            "choose another name for the target");
      }
      if (names.insert(member.name).second) continue;
      return MakeError(ErrorCode::kConfigInvalid,
                       fmt::format("two targets are named \"{}\"", member.name),
                       "give each target its own name");
    }
    TRY(RefuseUnknown());
    std::vector<Member> kept;
    for (Member& member : members_) {
      TRY_ASSIGN(const bool keeps, IsSelected(selection_, member));
      if (!keeps) continue;
      TRY(FindUrl(member));
      kept.push_back(std::move(member));
    }
    std::sort(kept.begin(), kept.end(),
              [](const Member& a, const Member& b) { return NaturalLess(a.name, b.name); });
    if (!kept.empty()) return kept;
    return MakeError(
        ErrorCode::kUsageError,
        members_.empty() ? "the sources of targets list no target"
                         : fmt::format("none of {} matches --only, --group and --label",
                                       Counted(members_.size(), "target")),
        members_.empty() ? "check the file, the query or the variables that list them" : kListThem);
  }

  // A misspelt name or group next to a correct one.
  Status RefuseUnknown() const {
    if (members_.empty()) return {};
    const auto check = [&](const char* option, const std::vector<std::string>& words,
                           std::vector<std::string> Selection::*field) -> Status {
      for (const std::string& word : words) {
        Selection alone;
        (alone.*field).push_back(word);
        bool any = false;
        for (const Member& member : members_) {
          TRY_ASSIGN(const bool matches, IsSelected(alone, member));
          any = any || matches;
        }
        if (any) continue;
        return MakeError(ErrorCode::kUsageError,
                         fmt::format("none of {} matches {} {}", Counted(members_.size(), "target"),
                                     option, word),
                         kListThem);
      }
      return {};
    };
    TRY(check("--only", selection_.globs, &Selection::globs));
    TRY(check("--group", selection_.groups, &Selection::groups));
    return check("--label", selection_.labels, &Selection::labels);
  }

  Status FindUrl(Member& member) {
    if (!member.url_command.empty()) return {};
    const std::string whose = fmt::format("target \"{}\"", member.name);
    if (member.url.empty() && !template_.empty()) {
      TRY_ASSIGN(const std::string url_template, Resolved(template_, "the URL template"));
      return ApplyTemplate(url_template, member);
    }
    if (member.url.empty()) return UseProjectUrl(member);
    if (member.url.starts_with(kReference)) member.variable = member.url.substr(kReference.size());
    TRY_ASSIGN(member.url, Resolved(member.url, whose));
    return {};
  }

  Status UseProjectUrl(Member& member) {
    if (member.database.empty() && member.schema.empty()) {
      return MakeError(ErrorCode::kConfigInvalid,
                       fmt::format("target \"{}\" has no URL, database or schema", member.name),
                       "docs/fleets.md describes what a target needs");
    }
    if (member.lacks_database) {
      return MakeError(
          ErrorCode::kConfigInvalid,
          fmt::format(
              "target \"{}\" has no database: the column \"database\" of its row is NULL or "
              "empty",
              member.name),
          "select only rows with a database; for the project's database: SELECT "
          "coalesce(database, current_database()) AS database");
    }
    if (!project_url_) {
      TRY_ASSIGN(const workspace::DatabaseUrl url,
                 workspace::ChooseUrl(context_.project.UrlChoiceWith(context_.option_url),
                                      context_.environment));
      project_url_ = url.url;
    }
    member.url = *project_url_;
    return {};
  }

  const Selection& selection_;
  const project::ProjectContext& context_;
  const postgres::ConnectOptions& connect_;
  Progress& progress_;
  std::string template_;
  std::optional<std::string> project_url_;
  std::vector<Member> members_;
};

}  // namespace

Result<bool> IsSelected(const Selection& selection, const Member& member) {
  const auto any = [](const std::vector<std::string>& selected, const auto& matches) {
    return selected.empty() || std::any_of(selected.begin(), selected.end(), matches);
  };
  bool has_labels = true;
  for (const std::string& label : selection.labels) {
    const size_t equals = label.find('=');
    if (equals == std::string::npos) {
      return MakeError(ErrorCode::kUsageError, fmt::format("--label {} has no value", label),
                       "write --label key=value");
    }
    const auto found = member.labels.find(label.substr(0, equals));
    has_labels =
        has_labels && found != member.labels.end() && found->second == label.substr(equals + 1);
  }
  return has_labels &&
         any(selection.globs,
             [&](const std::string& glob) { return MatchesGlob(glob, member.name); }) &&
         any(selection.groups, [&](const std::string& group) {
           return std::find(member.groups.begin(), member.groups.end(), group) !=
                  member.groups.end();
         });
}

Result<std::vector<Member>> ListMembers(const Selection& selection,
                                        const project::ProjectContext& context,
                                        const postgres::ConnectOptions& connect,
                                        Progress& progress) {
  return List(selection, context, connect, progress).Make();
}

}  // namespace ballast::fleet
