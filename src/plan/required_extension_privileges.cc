// SPDX-License-Identifier: Apache-2.0
#include "plan/required_extension_privileges.h"

#include <fmt/format.h>

#include <map>
#include <set>

#include "base/text.h"
#include "sql/quote.h"

namespace ballast::plan {
namespace {

using sql::ExtensionAct;
using sql::QuoteIdentifier;

const ExtensionVersion* VersionOf(const ExtensionOnServer& extension, const std::string& named) {
  const std::string& required = named.empty() ? extension.default_version : named;
  for (const ExtensionVersion& version : extension.versions) {
    if (version.version == required) return &version;
  }
  return nullptr;
}

class PrivilegeCheck {
 public:
  PrivilegeCheck(const std::vector<ExtensionOnServer>& extensions, const ServerState& server)
      : server_(server) {
    for (const ExtensionOnServer& extension : extensions) {
      known_[extension.name] = &extension;
      if (!extension.installed_by.empty()) installed_.insert(extension.name);
    }
  }

  void Take(const ExtensionUse& use) {
    switch (use.statement.act) {
      case ExtensionAct::kCreate:
        return Create(use, use.statement.name, use.statement.version);
      case ExtensionAct::kChange:
        return Change(use);
      case ExtensionAct::kDrop:
        if (installed_.erase(use.statement.name) > 0) own_.insert(use.statement.name);
        return;
      case ExtensionAct::kSwitchRole:
        return;
    }
  }

  std::vector<ForbiddenUse> Forbidden() { return std::move(forbidden_); }

 private:
  void Create(const ExtensionUse& use, const std::string& name, const std::string& named) {
    if (!installed_.insert(name).second) return;
    own_.insert(name);
    const auto known = known_.find(name);
    const ExtensionVersion* version =
        known == known_.end() ? nullptr : VersionOf(*known->second, named);
    if (version == nullptr) return;  // the server does not have it: nothing about privileges
    if (use.statement.cascade) {
      for (const std::string& required : version->required) Create(use, required, {});
    }
    if (!version->superuser || (version->trusted && server_.can_create_schema)) return;
    const std::string create = fmt::format("CREATE EXTENSION {}{};", QuoteIdentifier(name),
                                           named.empty() ? "" : " VERSION '" + named + "'");
    if (version->trusted) {
      Forbid(use, name, fmt::format("needs the privilege CREATE on database {}", server_.database),
             fmt::format("GRANT CREATE ON DATABASE {} TO {};", QuoteIdentifier(server_.database),
                         QuoteIdentifier(server_.role)));
    } else {
      Forbid(use, name, "only a superuser may create it", create);
    }
  }

  void Change(const ExtensionUse& use) {
    const auto known = known_.find(use.statement.name);
    if (known == known_.end() || own_.contains(use.statement.name)) return;
    const ExtensionOnServer& extension = *known->second;
    if (extension.installed_by.empty() || extension.owned) return;
    Forbid(use, extension.name, "its owner is " + extension.installed_by,
           extension.is_owner_powerful
               ? ""
               : fmt::format("GRANT {} TO {};", QuoteIdentifier(extension.installed_by),
                             QuoteIdentifier(server_.role)));
    forbidden_.back().owner = extension.installed_by;
  }

  void Forbid(const ExtensionUse& use, const std::string& name, std::string why,
              std::string remedy) {
    forbidden_.push_back({use, name, std::move(why), std::move(remedy)});
  }

  const ServerState& server_;
  std::map<std::string, const ExtensionOnServer*> known_;
  std::set<std::string> installed_;
  std::set<std::string> own_;  // made by the plan itself
  std::vector<ForbiddenUse> forbidden_;
};

}  // namespace

std::vector<ExtensionUse> ExtensionUsesOf(const Plan& plan) {
  std::vector<ExtensionUse> uses;
  for (const Step* step : StepsOf(plan)) {
    const auto* run = std::get_if<RunScript>(&step->act);
    if (run == nullptr) continue;
    for (sql::ExtensionStatement& statement : sql::ExtensionStatementsIn(run->Script())) {
      if (statement.act == ExtensionAct::kSwitchRole) return uses;
      uses.push_back({run->migration.name, std::move(statement)});
    }
  }
  return uses;
}

std::vector<ForbiddenUse> ForbiddenUses(const std::vector<ExtensionUse>& uses,
                                        const std::vector<ExtensionOnServer>& extensions,
                                        const ServerState& server) {
  if (server.superuser) return {};
  PrivilegeCheck judgement(extensions, server);
  for (const ExtensionUse& use : uses) judgement.Take(use);
  return judgement.Forbidden();
}

LackedPrivileges LackedForExtensions(const std::vector<ForbiddenUse>& forbidden,
                                     const ServerState& server) {
  const ForbiddenUse& first = forbidden.front();
  const bool changes = first.use.statement.act == ExtensionAct::kChange;
  std::set<std::string> names;
  std::vector<std::string> lines, statements, others;
  for (const ForbiddenUse& use : forbidden) {
    if (!names.insert(use.extension).second) continue;
    lines.push_back(fmt::format("extension {}: {}", QuoteIdentifier(use.extension), use.why));
    if (use.remedy.empty()) {
      AddOnce("deploy this release as " + QuoteIdentifier(use.owner), &others);
    } else {
      AddOnce(use.remedy, &statements);
    }
  }
  LackedPrivileges lacked =
      Lacks(server,
            fmt::format("may not {} {}", changes ? "change" : "create",
                        names.size() == 1 ? "the extension " + QuoteIdentifier(first.extension)
                                          : Counted(names.size(), "extension")),
            std::move(statements));
  lacked.refusal.evidence = std::move(lines);
  lacked.others = others;
  for (std::string& other : others) lacked.refusal.remedies.push_back(std::move(other));
  lacked.refusal.where = {first.use.migration, first.use.statement.line};
  return lacked;
}

}  // namespace ballast::plan
