// SPDX-License-Identifier: Apache-2.0
#include "proof/role_dependence.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "apply/replay.h"
#include "base/background_task.h"
#include "base/text.h"
#include "catalog/dated_partitions.h"
#include "catalog/property_name.h"
#include "catalog/property_ownership.h"
#include "proof/proof.h"
#include "sql/lexer.h"
#include "sql/named_roles.h"
#include "sql/quote.h"

namespace ballast::proof {
namespace {

constexpr std::string_view kGrantTo = "grant to ";
constexpr std::string_view kGrantOption = " with grant option";

// As the server prints the name (quote_ident), which the snapshot has.
Result<std::string> QuotedByServer(postgres::Session& session, const std::string& name) {
  TRY_ASSIGN(const auto value,
             session.QueryValue("SELECT pg_catalog.quote_ident(" + sql::QuoteLiteral(name) + ")"));
  return value.value_or(name);
}

std::string CreateRoles(const std::set<std::string>& roles) {
  std::string sql;
  for (const std::string& role : roles) {
    sql += fmt::format(
        "DO $ballast$ BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = {}) "
        "THEN CREATE ROLE {}; END IF; END $ballast$;\n",
        sql::QuoteLiteral(role), sql::QuoteIdentifier(role));
  }
  return sql;
}

std::string GrantDefaults(const std::set<std::string>& roles) {
  std::string grantees;
  for (const std::string& role : roles) grantees += sql::QuoteIdentifier(role) + ", ";
  std::string sql;
  if (!roles.empty()) {
    sql = "GRANT ALL ON SCHEMA public TO " + grantees.substr(0, grantees.size() - 2) + ";\n";
  }
  for (const char* objects : {"TABLES", "SEQUENCES", "FUNCTIONS", "TYPES", "SCHEMAS"}) {
    sql +=
        fmt::format("ALTER DEFAULT PRIVILEGES GRANT ALL ON {} TO {}PUBLIC;\n", objects, grantees);
  }
  return sql;
}

// The items of the list, without grant options.
std::set<std::string> PrivilegesIn(const std::string& value) {
  std::set<std::string> privileges;
  for (const std::string& item : Split(value, ',')) {
    std::string_view text = Trim(item);
    if (text.ends_with(kGrantOption)) text.remove_suffix(kGrantOption.size());
    privileges.emplace(text);
  }
  return privileges;
}

std::string WithPart(const catalog::PropertyName& name, std::string_view rest) {
  return name.part.empty() ? std::string(rest) : fmt::format("{} {}", name.part, rest);
}

// The grantee; empty if the property is no grant by the owner.
std::string_view GranteeOf(const catalog::PropertyName& name) {
  if (!name.rest.starts_with(kGrantTo)) return {};
  const std::string_view grantee = name.rest.substr(kGrantTo.size());
  return grantee.find(" by ") == std::string_view::npos ? grantee : std::string_view();
}

std::string Listed(const std::vector<catalog::Difference>& differences) {
  std::vector<std::string> sentences = catalog::DescribeAll(differences);
  return JoinSome(sentences);
}

}  // namespace

catalog::Snapshot RevokedIn(const catalog::Snapshot& history, const catalog::Snapshot& baseline) {
  std::map<std::vector<std::string>, std::set<std::string>> has;
  std::set<std::pair<std::string, std::string>> objects;
  for (const catalog::ObjectProperty& entry : history) {
    objects.insert({entry.kind, entry.object});
    if (GranteeOf(catalog::ReadPropertyName(entry.property)).empty()) continue;
    has[{entry.kind, entry.object, entry.property}] = PrivilegesIn(entry.value);
  }
  catalog::Snapshot revoked;
  for (const catalog::ObjectProperty& entry : baseline) {
    const catalog::PropertyName name = catalog::ReadPropertyName(entry.property);
    const std::string_view grantee = GranteeOf(name);
    const bool known = objects.contains({entry.kind, entry.object}) || entry.kind == "schema";
    if (grantee.empty() || !known) continue;
    std::set<std::string> lost = PrivilegesIn(entry.value);
    for (const std::string& one : has[{entry.kind, entry.object, entry.property}]) lost.erase(one);
    lost.erase("MAINTAIN");  // listed only where it does not come with all others
    if (lost.empty()) continue;
    revoked.push_back({entry.kind, entry.object,
                       WithPart(name, std::string(catalog::kRevokedFrom) + std::string(grantee)),
                       Join({lost.begin(), lost.end()}, ", ")});
  }
  return catalog::SortedSnapshot(std::move(revoked));
}

Status RoleDependence::ReadNames() {
  std::set<std::string> names;
  std::set<std::string> created;
  const auto read = [&](std::string_view script) {
    sql::NamedRoles found = sql::FindNamedRoles(script);
    names.merge(found.names);
    created.merge(found.created);
    reads_roles_ = reads_roles_ || found.reads_roles;
    revokes_ = revokes_ || found.revokes;
  };
  for (const release::Migration& migration : options_.migrations) {
    if (migration.script) read(*migration.script);
  }
  TRY_ASSIGN(postgres::Session session, replays_.first.Connect());
  TRY_ASSIGN(const auto roles, session.Query("SELECT rolname FROM pg_catalog.pg_roles"));
  std::set<std::string> existing;
  for (const auto& row : roles.back().rows) existing.insert(row[0].value_or(""));
  TRY_ASSIGN(const auto me, session.QueryValue("SELECT current_user"));
  for (const std::string& name : names) {
    if (!existing.contains(name)) missing_.insert(name);
    if (!created.contains(name) && name != me) named_.insert(name);
  }
  return {};
}

// The migrations that name the role, for notices.
std::vector<std::string> RoleDependence::ReadersOf(const std::string& role) const {
  std::vector<std::string> readers;
  for (const release::Migration& migration : options_.migrations) {
    if (!migration.script || migration.script->find(role) == std::string::npos) continue;
    const sql::NamedRoles found = sql::FindNamedRoles(*migration.script);
    if (found.names.contains(role)) readers.push_back(migration.name);
  }
  return readers;
}

Result<RoleDependence::Variation> RoleDependence::Replay(const std::string& variation) const {
  SilentProgress silent;
  TRY_ASSIGN(scratch::ScratchServer server, scratch::ScratchServer::Start(server_, silent));
  Variation made{std::move(server), variation + options_.setup_script, {}, {}, {}};
  TRY_ASSIGN(made.history, made.server.CreateDatabase("roles"));
  TRY_ASSIGN(postgres::Session session, made.history->Connect());
  apply::ReplayOptions replay;
  replay.mode = options_.mode;
  replay.setup = made.setup;
  replay.folder = options_.folder;
  replay.random_seed = kFirstSeed;
  const auto report = apply::Replay(session, options_.migrations, replay, silent);
  if (!report) {
    made.failure = report.error().message;
    return made;
  }
  TRY(session.Query("DISCARD TEMP"));
  TRY_ASSIGN(made.snapshot, ReadSnapshotOf(made.history->target(), {}));
  return made;
}

// Roles that code of the history creates can be in the way: then they are left out.
Result<RoleDependence::Variation> RoleDependence::ReplayWithDefaults() const {
  TRY_ASSIGN(Variation all, Replay(CreateRoles(named_) + GrantDefaults(named_)));
  std::set<std::string> fewer = named_;
  for (const std::string& role : replays_.roles) fewer.erase(role);
  if (all.failure.empty() || fewer == named_) return all;
  return Replay(CreateRoles(fewer) + GrantDefaults(fewer));
}

// A script that fails there is told by `failure`.
Result<catalog::Snapshot> RoleDependence::OfScript(Variation& variation, const std::string& script,
                                                   std::string* failure) const {
  Result<State> state = StateOfScript(variation.server, script, "the baseline",
                                      replays_.volatile_rows, {}, variation.setup);
  if (state) return std::move(state->snapshot);
  if (state.error().code != ErrorCode::kProofFailed) return std::move(state).error();
  *failure = state.error().message;
  return catalog::Snapshot();
}

Status RoleDependence::Find(const std::string& script) {
  if (server_.url.empty()) TRY(ReadNames());
  const bool asks_roles = reads_roles_ && !missing_.empty();
  if (!asks_roles && !revokes_) return {};
  std::optional<BackgroundTask<Variation>> defaults;
  if (revokes_) defaults.emplace([this] { return ReplayWithDefaults(); });
  if (asks_roles) {
    TRY_ASSIGN(with_roles_, Replay(CreateRoles(missing_)));
  }
  if (defaults) {
    TRY_ASSIGN(with_defaults_, defaults->Join());
  }
  if (with_roles_) TRY(CompareRoles());
  if (with_defaults_) TRY(CompareDefaults(script));
  conditions_ = catalog::SortedSnapshot(std::move(conditions_));
  return {};
}

// What differs in any two replays does not depend on roles.
std::vector<catalog::Difference> RoleDependence::Diff(catalog::Snapshot a,
                                                      const catalog::Snapshot& b,
                                                      bool with_layout) const {
  replays_.volatile_objects.Mark(a);
  std::vector<catalog::Difference> differences = catalog::DiffOnAnyDate(a, b, with_layout);
  std::erase_if(differences, [](const catalog::Difference& difference) {
    return difference.depends_on == catalog::kTheClockOrRandom;
  });
  return differences;
}

// Grants to such roles are conditions; nothing else can be one.
Status RoleDependence::CompareRoles() {
  TRY_ASSIGN(postgres::Session session, replays_.first.Connect());
  std::map<std::string, std::string> names;  // of the missing roles, as in a snapshot
  std::set<std::string> quoted;
  for (const std::string& role : missing_) {
    TRY_ASSIGN(names[role], QuotedByServer(session, role));
    quoted.insert(names[role]);
  }
  if (!with_roles_->failure.empty()) {
    AddAbsentRoles(names, {}, with_roles_->failure);
    return {};
  }
  TRY_ASSIGN(const catalog::Snapshot here, ReadSnapshotOf(replays_.first.target(), {}));
  const std::set<catalog::ObjectProperty> known(here.begin(), here.end());
  catalog::Snapshot left;
  std::set<std::string> granted;
  for (const catalog::ObjectProperty& entry : with_roles_->snapshot) {
    const catalog::PropertyName name = catalog::ReadPropertyName(entry.property);
    const std::string grantee(GranteeOf(name));
    if (known.contains(entry) || !quoted.contains(grantee)) {
      left.push_back(entry);
      continue;
    }
    const std::string rest = std::string(catalog::kOptionalGrantTo) + grantee;
    conditions_.push_back({entry.kind, entry.object, WithPart(name, rest), entry.value});
    granted.insert(grantee);
  }
  const std::vector<catalog::Difference> others = Diff(here, left, /*with_layout=*/true);
  if (!granted.empty()) {
    notices_.push_back(fmt::format(
        "the migrations grant privileges to {} only where such a role exists: the baseline does "
        "the same, and a deploy compares them there",
        JoinSome({granted.begin(), granted.end()})));
  }
  if (!others.empty()) AddAbsentRoles(names, others, {});
  return {};
}

// Those that the differences name; all, if they name none.
void RoleDependence::AddAbsentRoles(const std::map<std::string, std::string>& names,
                                    const std::vector<catalog::Difference>& others,
                                    const std::string& failure) {
  std::set<std::string> responsible;
  for (const std::string& role : missing_) {
    const bool named = std::ranges::any_of(others, [&](const catalog::Difference& difference) {
      return (difference.a + difference.b + difference.object).find(role) != std::string::npos;
    });
    if (named) responsible.insert(role);
  }
  if (responsible.empty()) responsible = missing_;
  std::set<std::string> readers;
  std::string create;
  for (const std::string& role : responsible) {
    absent_roles_.push_back({"role", names.at(role), "exists", "no"});
    create += fmt::format("CREATE ROLE {}; ", sql::QuoteIdentifier(role));
    for (std::string& reader : ReadersOf(role)) readers.insert(std::move(reader));
  }
  const bool is_one = responsible.size() == 1;
  const std::string them = is_one ? "it" : "them";
  const std::string roles = JoinSome({responsible.begin(), responsible.end()});
  notices_.push_back(fmt::format(
      "the result of the migrations depends on whether {} on the server ({}): {}. The package is "
      "for servers without {}, and a deploy to others is refused. To create it for servers that "
      "have "
      "{}, add to the setup_script of ballast.toml: {}",
      is_one ? "the role " + roles + " exists" : "the roles " + roles + " exist",
      JoinSome({readers.begin(), readers.end()}),
      "with " + them + ", " +
          (failure.empty() ? Listed(others) : "the migrations fail: " + failure),
      them, them, Trim(create)));
}

Status RoleDependence::CompareDefaults(const std::string& script) {
  std::string failure = with_defaults_->failure;
  catalog::Snapshot without;
  if (failure.empty()) {
    TRY_ASSIGN(without, OfScript(*with_defaults_, script, &failure));
  }
  if (!failure.empty()) {
    notices_.push_back(
        "which privileges the migrations revoke was not determined, because in a database with "
        "default privileges they fail: " +
        failure);
    with_defaults_.reset();
    return {};
  }
  for (catalog::ObjectProperty& entry : RevokedIn(with_defaults_->snapshot, without)) {
    conditions_.push_back(std::move(entry));
  }
  return {};
}

Status RoleDependence::Judge(Variation& variation, const std::string& script,
                             const std::string& where, std::vector<std::string>& notices) const {
  std::string failure;
  TRY_ASSIGN(const catalog::Snapshot reached, OfScript(variation, script, &failure));
  if (!failure.empty()) {
    notices.push_back(fmt::format("{}, the baseline fails: {}", where, failure));
    return {};
  }
  const std::vector<catalog::Difference> left =
      Diff(variation.snapshot, reached, /*with_layout=*/false);
  if (left.empty()) return {};
  notices.push_back(fmt::format("{}, the baseline gives another database than the migrations: {}",
                                where, Listed(left)));
  return {};
}

Result<std::vector<std::string>> RoleDependence::Notices(const std::string& script) {
  std::vector<std::string> notices = notices_;
  if (with_roles_ && absent_roles_.empty() && with_roles_->failure.empty()) {
    TRY(Judge(*with_roles_, script, "on a server that has the roles which the migrations look for",
              notices));
  }
  if (with_defaults_ && absent_roles_.empty()) {
    TRY(Judge(*with_defaults_, script, "in a database with default privileges", notices));
  }
  return notices;
}

}  // namespace ballast::proof
