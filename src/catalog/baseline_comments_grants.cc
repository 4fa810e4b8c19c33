// SPDX-License-Identifier: Apache-2.0
// What objects of all kinds can have: placeholders of views, owners, comments and privileges.
#include <algorithm>

#include "base/text.h"
#include "catalog/baseline_internal.h"
#include "catalog/privileges.h"
#include "catalog/render_ddl.h"
#include "sql/quote.h"

namespace ballast::catalog {
namespace {

Definition StepAbout(const Database& database, ObjectId id, Step step, int number) {
  const Address& address = database.addresses.at(id);
  Definition definition;
  definition.id = SectionObject({id.catalog, id.object, 0}, number);
  definition.id.part -= 100 * id.part;
  definition.step = step;
  definition.name = {"", address.kind};
  definition.detail = address.text;
  definition.needs = {id};
  const auto copy = database.trigger_copies.find(id);
  if (copy != database.trigger_copies.end()) {
    definition.needs.insert(definition.needs.end(),
                            {copy->second.copied_from, copy->second.table_id});
  }
  return definition;
}

// A statement about an object. If the name is known only when the script runs, the statement is
// built then.
std::string Statement(const Address& address, const std::string& before, const std::string& after) {
  if (address.named_by.empty()) return before + address.text + after + ";\n";
  return RenderNamed(before, after, address.named_by);
}

void SetAll(Definition& step, std::vector<Setting> settings) {
  step.statements = SetStatements(settings);
  step.settings = std::move(settings);
}

bool IsSamePrivilege(const Grant& a, const Grant& b) {
  return a.grantee == b.grantee && a.privilege == b.privilege && a.grantor == b.grantor;
}

// What the baseline says about the privileges of an object.
struct Privileges {
  std::vector<Grant> have;
  std::vector<Grant> usual;  // its default privileges
  std::vector<PrivilegeCondition> conditions;
};

// The number of all privileges on an object of this kind, without MAINTAIN, which PostgreSQL has
// since 17.
size_t AllPrivileges(const std::string& kind) {
  if (kind == "TABLE" || kind == "VIEW" || kind == "MATERIALIZED VIEW" || kind == "FOREIGN TABLE") {
    return 7;
  }
  if (kind == "SEQUENCE") return 3;
  return kind == "SCHEMA" ? 2 : 1;
}

std::string ConditionStatement(const Address& address, const PrivilegeCondition& condition) {
  GrantGroup group;
  for (const std::string& privilege : condition.privileges) {
    group.push_back({condition.id, address.owner, condition.role, privilege, condition.grantable});
  }
  const bool all = address.kind != "COLUMN" && group.size() >= AllPrivileges(address.kind);
  const std::string statement =
      condition.revoked ? RevokeByOwner(address, group, all) : GrantStatements(address, group, all);
  if (!condition.optional) return statement;
  return RenderDoBlock("  IF EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = " +
                       sql::QuoteLiteral(condition.role) + ") THEN\n    EXECUTE " +
                       sql::QuoteLiteral(std::string(Trim(statement))) + ";\n  END IF;\n");
}

class GrantWriter {
 public:
  GrantWriter(const Address& address, Privileges privileges)
      : address_(address),
        have_(std::move(privileges.have)),
        usual_(std::move(privileges.usual)),
        conditions_(std::move(privileges.conditions)) {}

  // Without `reset`: privileges are changed one by one (difference/privilege_changes.h).
  std::vector<Setting> Settings() const {
    std::vector<Setting> settings;
    for (const GrantGroup& group : GroupGrants(Missing(usual_, have_))) {
      settings.push_back({RevokeByOwner(address_, group, IsAll(group)), {}});
    }
    AddConditions(true, settings);
    for (const GrantGroup& group : GroupGrants(Missing(have_, usual_))) {
      settings.push_back({GrantStatements(address_, group, IsAll(group)), {}});
    }
    AddConditions(false, settings);
    return settings;
  }

 private:
  void AddConditions(bool revoked, std::vector<Setting>& settings) const {
    for (const PrivilegeCondition& condition : conditions_) {
      if (condition.revoked != revoked) continue;
      settings.push_back({ConditionStatement(address_, condition), {}});
    }
  }

  static std::vector<Grant> Missing(const std::vector<Grant>& from, const std::vector<Grant>& in) {
    std::vector<Grant> missing;
    for (const Grant& grant : from) {
      const bool found = std::any_of(in.begin(), in.end(), [&](const Grant& other) {
        return IsSamePrivilege(grant, other) && grant.grantable == other.grantable;
      });
      if (!found) missing.push_back(grant);
    }
    return missing;
  }

  bool IsAll(const GrantGroup& group) const {
    const auto owners = std::count_if(usual_.begin(), usual_.end(), [&](const Grant& grant) {
      return grant.grantee == address_.owner;
    });
    return owners > 1 && static_cast<size_t>(owners) == group.size();
  }

  const Address& address_;
  std::vector<Grant> have_;
  std::vector<Grant> usual_;
  std::vector<PrivilegeCondition> conditions_;
};

}  // namespace

namespace {

// A statement with the clauses that remain in it; the others become separate steps.
void AddWithClauses(Definition definition, const CycleBreaks& splits, Draft& draft) {
  std::vector<Definition> apart;
  for (const Clause& clause : definition.clauses) {
    if (!splits.contains(clause.id)) {
      definition.statements += clause.inside;
      definition.also.push_back(clause.id);
      continue;
    }
    apart.push_back(MakeDefinition(clause.id, Step::kAlterDomain, definition.name, clause.apart,
                                   {definition.id}, clause.name));
  }
  definition.statements += ";\n";
  draft.Add(std::move(definition));
  for (Definition& step : apart) draft.Add(std::move(step));
}

}  // namespace

void AddDefinitions(const Database& database, const CycleBreaks& splits, Draft& draft) {
  for (const Definition& definition : database.definitions) {
    if (!definition.clauses.empty()) {
      AddWithClauses(definition, splits, draft);
      continue;
    }
    if (!splits.contains(definition.id)) {
      draft.Add(definition, {definition.body});
      continue;
    }
    Definition first = definition;
    first.statements = definition.placeholder;
    first.placeholder.clear();
    first.needs.clear();
    draft.Add(first);
    Definition later = definition;
    later.id = SectionObject(definition.id, 1);
    later.statements.insert(std::string_view("CREATE").size(), " OR REPLACE");
    later.placeholder.clear();
    later.needs.push_back(definition.id);
    draft.Add(later, {definition.body});
  }
}

void AddExtensionDependencies(const Database& database, Draft& draft) {
  for (const Dependency& edge : database.dependencies) {
    if (edge.kind != 'x') continue;
    const auto extension = database.addresses.find(edge.to);
    if (extension == database.addresses.end() || !database.addresses.contains(edge.from)) continue;
    Definition step = StepAbout(database, edge.from, Step::kDependOnExtension, 6);
    const Address& address = database.addresses.at(edge.from);
    const std::string kind = address.kind == "AGGREGATE" ? "ROUTINE" : address.kind;
    step.id = {};  // an object can depend on several extensions
    step.needs.push_back(edge.to);
    step.name.name = extension->second.text;
    step.statements = Statement(address, "ALTER " + kind + " ",
                                " DEPENDS ON EXTENSION " + extension->second.text);
    draft.Add(std::move(step));
  }
}

std::string OwnerClause(const Database& database, const Address& address) {
  const bool mine = address.owner.empty() || address.owner == database.owner;
  return mine ? "CURRENT_USER" : sql::QuoteIdentifier(address.owner);
}

void AddOwners(const Database& database, Draft& draft) {
  for (const auto& [id, address] : database.addresses) {
    const bool mine = address.owner.empty() || address.owner == database.owner;
    if ((mine && !address.owner_changed) || address.owner_follows) continue;
    const std::string alter = "ALTER " + address.kind + " ";
    const std::string set = " OWNER TO " + OwnerClause(database, address);
    Definition step = StepAbout(database, id, Step::kAlterOwner, 3);
    SetAll(step,
           {{Statement(address, alter, set), Statement(address, alter, " OWNER TO CURRENT_USER")}});
    draft.Add(std::move(step));
  }
}

void AddComments(const Database& database, Draft& draft) {
  for (const Comment& comment : database.comments) {
    const auto it = database.addresses.find(comment.id);
    if (it == database.addresses.end()) continue;
    const std::string about = "COMMENT ON " + it->second.kind + " ";
    const std::string text = comment.text.empty() ? "NULL" : sql::QuoteLiteral(comment.text);
    Definition step = StepAbout(database, comment.id, Step::kComment, 4);
    SetAll(step, {{Statement(it->second, about, " IS " + text),
                   Statement(it->second, about, " IS NULL")}});
    draft.Add(std::move(step));
  }
}

void AddGrants(const Database& database, Draft& draft) {
  std::map<ObjectId, Privileges> by_object;
  for (const Grant& grant : database.grants) by_object[grant.id].have.push_back(grant);
  for (const Grant& grant : database.usual_grants) by_object[grant.id].usual.push_back(grant);
  for (const PrivilegeCondition& condition : database.conditions) {
    by_object[condition.id].conditions.push_back(condition);
  }
  for (const auto& [id, privileges] : by_object) {
    const auto address = database.addresses.find(id);
    if (address == database.addresses.end()) continue;
    Definition step = StepAbout(database, id, Step::kGrant, 5);
    // First, because a role that grants privileges on an object needs USAGE on its schema.
    if (address->second.kind == "SCHEMA") step.name.name.clear();
    // Revoking a privilege on a table also revokes it on the columns.
    if (id.part != 0) step.needs.push_back(SectionObject({id.catalog, id.object, 0}, 5));
    SetAll(step, GrantWriter(address->second, privileges).Settings());
    if (step.statements.empty()) continue;
    draft.Add(std::move(step));
  }
}

}  // namespace ballast::catalog
