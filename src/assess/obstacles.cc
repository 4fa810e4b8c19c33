// SPDX-License-Identifier: Apache-2.0
#include "assess/obstacles.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "base/text.h"
#include "catalog/dated_partitions.h"
#include "sql/quote.h"
#include "sql/renames.h"

namespace ballast::assess {
namespace {

using ObjectNames = std::set<catalog::ObjectKey>;

ObjectNames NamesOfObjects(const catalog::Snapshot& snapshot) {
  ObjectNames names;
  for (const catalog::ObjectProperty& item : snapshot) names.emplace(item.kind, item.object);
  return names;
}

// The objects of `one` that `other` lacks.
catalog::Snapshot ObjectsBeyond(const catalog::Snapshot& one, const catalog::Snapshot& other) {
  const ObjectNames known = NamesOfObjects(other);
  catalog::Snapshot beyond;
  std::copy_if(one.begin(), one.end(), std::back_inserter(beyond), [&](const auto& item) {
    return !known.contains({item.kind, item.object});
  });
  return beyond;
}

// Columns that get another type or are dropped, and relations that are dropped, by identity.
std::set<std::string> ChangedParts(const catalog::Snapshot& before,
                                   const catalog::Snapshot& after) {
  std::set<std::string> parts;
  for (const catalog::Difference& difference : catalog::DiffOnAnyDate(before, after)) {
    const bool dropped = difference.change == catalog::ChangeKind::kMissing;
    const bool column = difference.kind == "column";
    const bool retyped =
        column && std::any_of(difference.properties.begin(), difference.properties.end(),
                              [](const auto& change) { return change.property == "type"; });
    if ((column && dropped) || retyped || (dropped && catalog::IsRelationKind(difference.kind))) {
      parts.insert(difference.identity);
    }
  }
  return parts;
}

// Views and the columns that they read, with names as in a snapshot.
std::string ViewsQuery(const std::string& target_schema) {
  const auto name = [&](const std::string& space, const std::string& relation) {
    return fmt::format(
        "CASE WHEN {0}.nspname = {2} THEN '' ELSE pg_catalog.quote_ident({0}.nspname) || '.' END "
        "|| pg_catalog.quote_ident({1}.relname)",
        space, relation, sql::QuoteLiteral(target_schema));
  };
  return fmt::format(
      "SELECT DISTINCT CASE v.relkind WHEN 'm' THEN 'materialized view' ELSE 'view' END, {}, {}, "
      "pg_catalog.quote_ident(a.attname) FROM pg_catalog.pg_depend d "
      "JOIN pg_catalog.pg_rewrite r ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass "
      "AND r.oid = d.objid JOIN pg_catalog.pg_class v ON v.oid = r.ev_class "
      "JOIN pg_catalog.pg_namespace n ON n.oid = v.relnamespace "
      "JOIN pg_catalog.pg_class t ON d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass "
      "AND t.oid = d.refobjid AND t.oid <> v.oid "
      "JOIN pg_catalog.pg_namespace m ON m.oid = t.relnamespace "
      "JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid "
      "WHERE v.relkind IN ('v', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema') "
      "ORDER BY 2, 3, 4",
      name("n", "v"), name("m", "t"));
}

// Row security that others have switched on can hide rows from the scripts, which then succeed
// without reaching them.
Result<std::vector<std::string>> HiddenRows(const LiveState& state, postgres::Session& session) {
  std::vector<std::string> texts;
  const auto& additions = state.comparison.objects.additions;
  const bool secured = std::any_of(additions.begin(), additions.end(), [](const auto& addition) {
    return std::ranges::any_of(addition.properties, [](const catalog::PropertyChange& change) {
      return change.property == "row security" || change.property == "force row security";
    });
  });
  if (!secured) return texts;
  TRY_ASSIGN(const auto answers,
             session.Query("SELECT c.oid::pg_catalog.regclass::text, current_user::text "
                           "FROM pg_catalog.pg_class c WHERE c.relrowsecurity "
                           "AND pg_catalog.row_security_active(c.oid) ORDER BY 1"));
  for (const auto& row : answers.back().rows) {
    texts.push_back(fmt::format(
        "row security hides rows of table {} from role {}: scripts that read or change its rows do "
        "not reach them; deploy as a role with BYPASSRLS",
        row[0].value_or(""), row[1].value_or("")));
  }
  return texts;
}

}  // namespace

std::vector<catalog::NameConflict> NameConflictsOf(const LiveState& state,
                                                   const catalog::Snapshot& proven_after) {
  if (!state.expected) return {};
  std::vector<catalog::NameConflict> conflicts =
      catalog::FindNameConflicts(ObjectsBeyond(catalog::OnAnyDate(proven_after), *state.expected),
                                 ObjectsBeyond(state.before.live, *state.expected));
  if (state.before.rules.allow_drift) {
    for (catalog::NameConflict& conflict : conflicts) conflict.differences.clear();
  }
  return conflicts;
}

Result<std::vector<plan::Notice>> ProbableObstacles(const LiveState& state,
                                                    const catalog::Snapshot& proven_after,
                                                    const std::string& target_schema,
                                                    const std::vector<catalog::ObjectKey>& handled,
                                                    postgres::Session& session) {
  std::vector<plan::Notice> notices;
  if (!state.before.proven || state.comparison.objects.additions.empty()) return notices;
  TRY_ASSIGN(std::vector<std::string> hidden, HiddenRows(state, session));
  plan::AddNotices(plan::NoticeKind::kCondition, std::move(hidden), notices);
  const std::set<std::string> changed = ChangedParts(*state.before.proven, proven_after);
  if (changed.empty()) return notices;
  const ObjectNames managed = NamesOfObjects(*state.before.proven);
  std::vector<std::string> risks;
  TRY_ASSIGN(const auto answers, session.Query(ViewsQuery(target_schema)));
  for (const auto& row : answers.back().rows) {
    const std::string kind = row[0].value_or(""), view = row[1].value_or("");
    const std::string table = row[2].value_or(""), column = table + "." + row[3].value_or("");
    const bool known =
        std::find(handled.begin(), handled.end(), catalog::ObjectKey(kind, view)) != handled.end();
    if (managed.contains({kind, view}) || known) continue;
    const bool whole = changed.contains(table);
    if (!whole && !changed.contains(column)) continue;
    std::string text = fmt::format(
        "{} {} depends on {}, which the deploy drops or changes: if it fails, drop {}, deploy "
        "again, and create it again afterwards",
        kind, view, whole ? table : "column " + column, view);
    if (std::find(risks.begin(), risks.end(), text) == risks.end()) risks.push_back(text);
  }
  plan::AddNotices(plan::NoticeKind::kRisk, std::move(risks), notices);
  return notices;
}

std::vector<std::string> DroppedAdditions(const LiveState& state, const plan::Plan& plan,
                                          const catalog::Snapshot& proven_after) {
  if (state.comparison.objects.additions.empty() || !state.before.proven) return {};
  const std::vector<const plan::Step*> steps = plan::StepsOf(plan);
  const bool renames = std::any_of(steps.begin(), steps.end(), [](const plan::Step* step) {
    const auto* run = std::get_if<plan::RunScript>(&step->act);
    return run != nullptr && sql::RenamesRelations(run->migration.script.TextOrEmpty());
  });
  if (renames) return {};
  return catalog::AdditionsDroppedWith(*state.before.proven, proven_after, state.before.live,
                                       state.before.rules);
}

namespace {

using Gone = std::map<catalog::ObjectKey, std::string>;

// The object, or the relation whose column it is.
Gone::const_iterator FindGone(const catalog::ObjectKey& key, const Gone& gone) {
  const auto found = gone.find(key);
  if (found != gone.end() || key.first != "column") return found;
  const std::string parent = catalog::PlaceOf(key.first, key.second).parent;
  return std::ranges::find_if(gone, [&](const auto& drop) {
    const auto& [kind, identity] = drop.first;
    return identity == parent && catalog::IsRelationKind(kind);
  });
}

// The server removes a dropped table from the publications of others.
void AddLostMembers(const catalog::Difference& publication,
                    const std::map<catalog::ObjectKey, std::string>& gone,
                    const catalog::Snapshot& live, std::vector<LostAddition>& lost) {
  constexpr std::string_view kMember = "table ";
  for (const catalog::ObjectProperty& item : live) {
    const bool of_it = item.kind == publication.kind && item.object == publication.identity;
    if (!of_it || !item.property.starts_with(kMember)) continue;
    const auto drop = gone.find({"table", item.property.substr(kMember.size())});
    if (drop == gone.end()) continue;
    lost.push_back({catalog::NameOfAddition(publication) + ": " + item.property, "", drop->second});
  }
}

}  // namespace

std::vector<LostAddition> AdditionsAmong(const std::map<catalog::ObjectKey, std::string>& gone,
                                         const LiveState& state,
                                         const catalog::Snapshot& proven_after,
                                         const std::vector<catalog::ObjectKey>& named) {
  std::vector<LostAddition> lost;
  const ObjectNames after = NamesOfObjects(proven_after);
  const auto is_named = [&](const catalog::ObjectKey& key) {
    return std::ranges::find(named, key) != named.end();
  };
  for (const catalog::Difference& addition : state.comparison.objects.additions) {
    const catalog::ObjectKey key{addition.kind, addition.identity};
    if (addition.kind == "publication") AddLostMembers(addition, gone, state.before.live, lost);
    const auto drop = FindGone(key, gone);
    if (drop == gone.end() || is_named(key)) continue;
    catalog::ObjectKey owner = key;
    if (addition.change == catalog::ChangeKind::kExtra) {
      if (after.contains(key)) continue;  // the release makes its own
      owner = {"table", catalog::OwnerOfAddition(addition)};
    }
    if (drop->first != key) owner = drop->first;
    const bool again = after.contains(owner);
    lost.push_back({catalog::NameOfAddition(addition),
                    again && gone.contains(owner) ? owner.first + " " + owner.second : "",
                    drop->second});
  }
  return lost;
}

}  // namespace ballast::assess
