// SPDX-License-Identifier: Apache-2.0
#include "catalog/baseline.h"

#include <algorithm>

#include "catalog/baseline_internal.h"
#include "catalog/inherited_columns.h"
#include "catalog/render_ddl.h"
#include "sql/quote.h"

namespace ballast::catalog {
namespace {

// Dependencies to ignore. OWNED BY is a step of its own, and attaching implies those that tie a
// partition's index, constraint or trigger to its parent's ('P').
bool IsSaidElsewhere(const Dependency& edge, const std::set<ObjectId>& own_sequences) {
  if (edge.kind == 'a' && own_sequences.contains(edge.from)) return true;
  return edge.kind == 'P' && edge.from.catalog == edge.to.catalog;
}

std::vector<Dependency> EdgesOf(const Database& database, const SequenceIndex& sequences) {
  std::set<ObjectId> own_sequences;
  for (const Sequence& sequence : database.sequences) {
    if (sequences.FormOf(sequence) == SequenceForm::kOwn) own_sequences.insert(sequence.id);
  }
  std::map<std::pair<ObjectId, ObjectId>, ObjectId> redirects;
  for (const Redirect& redirect : database.redirects) {
    redirects[{redirect.from, redirect.to}] = redirect.instead;
  }
  std::vector<Dependency> edges;
  for (Dependency edge : database.dependencies) {
    if (IsSaidElsewhere(edge, own_sequences)) continue;
    const auto it = redirects.find({edge.from, edge.to});
    if (it != redirects.end()) edge.to = it->second;
    edges.push_back(edge);
  }
  return edges;
}

bool RunsCode(Step step) {
  return step == Step::kCreateTable || step == Step::kInsertRows || step == Step::kCreateIndex ||
         step == Step::kCreateViewIndex || step == Step::kAlterTable ||
         step == Step::kCreateMaterializedView;
}

bool ReachesRoutine(size_t at, const Draft& draft, const std::vector<std::vector<size_t>>& needs,
                    std::set<size_t>& seen) {
  if (!seen.insert(at).second) return false;
  if (IsRoutine(draft.definitions[at].step)) return true;
  return std::any_of(needs[at].begin(), needs[at].end(),
                     [&](size_t next) { return ReachesRoutine(next, draft, needs, seen); });
}

// The column number in the identity of a refresh (introspect/catalog_views.cc).
constexpr int kRefreshOf = -4000;
// The same of the members of an operator family (introspect/catalog_operators.cc).
constexpr int kMembersOf = -6000;

void MarkThoseThatRunFunctions(const std::vector<std::vector<size_t>>& needs, Draft& draft) {
  for (size_t at = 0; at < draft.definitions.size(); ++at) {
    Definition& definition = draft.definitions[at];
    if (!RunsCode(definition.step)) continue;
    std::set<size_t> seen;
    definition.runs_functions = ReachesRoutine(at, draft, needs, seen);
  }
}

bool Reaches(size_t from, size_t to, const std::vector<std::vector<size_t>>& needs,
             std::set<size_t>& seen) {
  if (from == to) return true;
  if (!seen.insert(from).second) return false;
  return std::any_of(needs[from].begin(), needs[from].end(),
                     [&](size_t next) { return Reaches(next, to, needs, seen); });
}

// Whatever uses an operator class follows all members of its family: since 14, the server ties some
// members that CREATE OPERATOR CLASS names only to the family (hashutil, hashadjustmembers).
void OrderAfterFamilies(const Draft& draft, std::vector<std::vector<size_t>>& needs) {
  for (size_t at = 0; at < draft.definitions.size(); ++at) {
    const std::vector<size_t> before = needs[at];
    for (const size_t needed : before) {
      const Definition& operator_class = draft.definitions[needed];
      if (operator_class.step != Step::kCreateOperatorClass) continue;
      const ObjectId& family = operator_class.needs.front();
      const auto members = draft.makers.find({family.catalog, family.object, kMembersOf});
      std::set<size_t> seen;
      if (members == draft.makers.end() || Reaches(members->second, at, needs, seen)) continue;
      needs[at].push_back(members->second);
    }
  }
}

// Steps whose expressions the server may parse with a cast.
bool ParsesExpressions(Step step) {
  switch (step) {
    case Step::kCreateTable:
    case Step::kAddColumn:
    case Step::kAttachPartition:
    case Step::kCreateIndex:
    case Step::kAddForeignKey:
    case Step::kCreateDomain:
    case Step::kAlterDomain:
    case Step::kCreateFunction:
    case Step::kCreateProcedure:
    case Step::kCreateAggregate:
    case Step::kAlterTable:
    case Step::kCreateView:
    case Step::kAlterView:
    case Step::kCreateMaterializedView:
      return true;
    default:
      return false;
  }
}

// Expressions follow every cast that does not itself need them, as in pg_dump: they are printed
// without their implicit casts, and pg_depend does not tie them to casts.
void OrderAfterCasts(const Draft& draft, std::vector<std::vector<size_t>>& needs) {
  for (size_t cast = 0; cast < draft.definitions.size(); ++cast) {
    if (draft.definitions[cast].step != Step::kCreateCast) continue;
    const std::set<size_t> needed = ClosureOf(cast, needs);
    for (size_t at = 0; at < draft.definitions.size(); ++at) {
      const bool follows = ParsesExpressions(draft.definitions[at].step) && !needed.contains(at);
      if (follows) needs[at].push_back(cast);
    }
  }
}

// A view can be filled after those that it reads, directly or through others: adds the refreshes of
// everything that `from` needs to `required`.
void AddRefreshes(size_t from, const Draft& draft, std::set<size_t>& seen,
                  const std::vector<std::vector<size_t>>& needs, std::set<size_t>& required) {
  for (const size_t at : needs[from]) {
    if (!seen.insert(at).second) continue;
    const Definition& definition = draft.definitions[at];
    if (definition.step == Step::kCreateMaterializedView) {
      const ObjectId& id = definition.id;
      const auto refresh = draft.makers.find({id.catalog, id.object, kRefreshOf});
      if (refresh != draft.makers.end()) required.insert(refresh->second);
    }
    AddRefreshes(at, draft, seen, needs, required);
  }
}

void OrderRefreshes(const Draft& draft, std::vector<std::vector<size_t>>& needs) {
  const std::vector<std::vector<size_t>> before = needs;
  for (size_t at = 0; at < draft.definitions.size(); ++at) {
    if (draft.definitions[at].step != Step::kRefreshMaterializedView) continue;
    std::set<size_t> seen;
    std::set<size_t> required(needs[at].begin(), needs[at].end());
    AddRefreshes(at, draft, seen, before, required);
    required.erase(at);
    needs[at].assign(required.begin(), required.end());
  }
}

Draft MakeDraft(const Database& database, const SequenceIndex& sequences,
                const std::map<ObjectId, std::string>& rows, const CycleBreaks& splits) {
  Draft draft;
  AddTables(database, sequences, splits, draft);
  AddDefinitions(database, splits, draft);
  AddRows(database, rows, draft);
  AddSequences(database, sequences, draft);
  AddIndexes(database, draft);
  AddForeignKeys(database, draft);
  AddExtensionDependencies(database, draft);
  AddOwners(database, draft);
  AddComments(database, draft);
  AddGrants(database, draft);
  return draft;
}

// Finds what can be separated from the members of a cycle, in pg_dump's order of preference
// (src/bin/pg_dump/pg_dump_sort.c, repairDependencyLoop).
class CycleBreaker {
 public:
  CycleBreaker(const Database& database, const Draft& draft, const std::vector<Dependency>& edges)
      : database_(database), draft_(draft), edges_(edges) {}

  // Adds to `splits`; false if nothing is left to separate.
  bool Break(const std::vector<size_t>& cycle, CycleBreaks& splits) const {
    const size_t before = splits.size();
    SplitParts(cycle, splits);
    if (splits.size() == before) SplitViews(cycle, splits);
    return splits.size() > before;
  }

 private:
  bool IsIn(const std::vector<size_t>& cycle, ObjectId id) const {
    auto it = draft_.makers.find(id);
    if (it == draft_.makers.end()) it = draft_.makers.find({id.catalog, id.object, 0});
    return it != draft_.makers.end() && std::binary_search(cycle.begin(), cycle.end(), it->second);
  }

  bool LeadsInto(const std::vector<size_t>& cycle, ObjectId part, ObjectId table) const {
    return std::any_of(edges_.begin(), edges_.end(), [&](const Dependency& edge) {
      const bool to_table = edge.to.catalog == table.catalog && edge.to.object == table.object;
      return edge.from == part && !to_table && IsIn(cycle, edge.to);
    });
  }

  void SplitParts(const std::vector<size_t>& cycle, CycleBreaks& splits) const {
    for (const size_t at : cycle) {
      const Definition& definition = draft_.definitions[at];
      for (const Clause& clause : definition.clauses) {
        if (LeadsInto(cycle, clause.id, definition.id)) splits.insert(clause.id);
      }
    }
    for (const TableObject& table : database_.tables) {
      if (!IsIn(cycle, table.id)) continue;
      for (size_t column = 0; column < table.defaults.size(); ++column) {
        const ObjectId id = table.defaults[column];
        const bool movable = id.object != 0 && table.table.columns[column].generated.empty();
        if (movable && LeadsInto(cycle, id, table.id)) splits.insert(id);
      }
      for (const TableConstraint& constraint : table.constraints) {
        if (LeadsInto(cycle, constraint.id, table.id)) splits.insert(constraint.id);
      }
    }
  }

  void SplitViews(const std::vector<size_t>& cycle, CycleBreaks& splits) const {
    for (const size_t at : cycle) {
      if (!draft_.definitions[at].placeholder.empty()) splits.insert(draft_.definitions[at].id);
    }
  }

  const Database& database_;
  const Draft& draft_;
  const std::vector<Dependency>& edges_;
};

std::vector<ScriptStep> StepsOf(const Draft& draft, const std::vector<size_t>& order) {
  std::vector<ScriptStep> steps;
  steps.reserve(order.size());
  for (const size_t at : order) {
    const Definition& definition = draft.definitions[at];
    steps.push_back({std::string(TitleOf(definition.step)), definition.statements});
  }
  return steps;
}

// The beginning of the script.
std::string SettingsOf(const Database& database) {
  std::string text;
  if (!database.only_schema.empty()) {
    const std::string schema = sql::QuoteLiteral(database.only_schema);
    text +=
        "DO $$BEGIN IF current_schema() IS DISTINCT FROM " + schema +
        " THEN RAISE EXCEPTION 'objects of this baseline are named like those of pg_catalog, so "
        "it applies to schema % only', " +
        schema + "; END IF; END$$;\n";
  }
  if (database.has_functions) text += "SET LOCAL check_function_bodies = false;\n";
  return text;
}

void ReportCircles(const std::vector<std::vector<size_t>>& cycles, const Draft& draft,
                   std::vector<UnsupportedObject>& unsupported) {
  for (const std::vector<size_t>& cycle : cycles) {
    std::string names;
    for (const size_t at : cycle) {
      const Name& name = draft.definitions[at].name;
      names +=
          (names.empty() ? "" : ", ") + (name.schema.empty() ? "" : name.schema + ".") + name.name;
    }
    unsupported.push_back({"cycle of dependencies", names});
  }
}

}  // namespace

void Draft::Add(Definition definition, const std::vector<ObjectId>& also) {
  const size_t at = definitions.size();
  const auto makes = [&](const ObjectId& id) {
    if (id.object != 0) makers[id] = at;
  };
  makes(definition.id);
  std::ranges::for_each(definition.also, makes);
  std::ranges::for_each(also, makes);
  definitions.push_back(std::move(definition));
}

Definition MakeDefinition(ObjectId id, Step step, Name name, std::string statements,
                          std::vector<ObjectId> needs, std::string detail) {
  Definition definition;
  definition.id = id;
  definition.step = step;
  definition.name = std::move(name);
  definition.detail = std::move(detail);
  definition.statements = std::move(statements);
  definition.needs = std::move(needs);
  return definition;
}

Definition MakeSettings(ObjectId id, Step step, Name name, std::vector<Setting> settings,
                        std::vector<ObjectId> needs, std::string detail) {
  Definition definition = MakeDefinition(id, step, std::move(name), SetStatements(settings),
                                         std::move(needs), std::move(detail));
  definition.settings = std::move(settings);
  return definition;
}

ObjectId SectionObject(ObjectId id, int number) {
  return {id.catalog, id.object, kSectionParts - number};
}

namespace {

// The definitions without breakable cycles, and the remaining cycles.
struct CyclicDraft {
  Draft draft;
  std::vector<Dependency> edges;
  std::vector<std::vector<size_t>> needs;
  std::vector<std::vector<size_t>> cycles;
};

CyclicDraft MakeCyclicDraft(const Database& database, const SequenceIndex& sequences,
                            const std::map<ObjectId, std::string>& rows, CycleBreaks splits) {
  splits.merge(ConflictingDefaults(database));
  CyclicDraft open;
  open.edges = EdgesOf(database, sequences);
  while (true) {
    open.draft = MakeDraft(database, sequences, rows, splits);
    open.needs = NeedsOf(open.draft.definitions, open.draft.makers, open.edges);
    open.cycles = FindCycles(open.needs);
    bool broken = false;
    const CycleBreaker breaker(database, open.draft, open.edges);
    for (const auto& cycle : open.cycles) broken |= breaker.Break(cycle, splits);
    if (!broken) break;
  }
  MarkThoseThatRunFunctions(open.needs, open.draft);
  if (open.cycles.empty()) OrderRefreshes(open.draft, open.needs);
  OrderAfterFamilies(open.draft, open.needs);
  OrderAfterCasts(open.draft, open.needs);
  return open;
}

}  // namespace

BaselineScript RenderBaseline(const Database& database,
                              const std::map<ObjectId, std::string>& rows) {
  const SequenceIndex sequences(database);
  const CyclicDraft open = MakeCyclicDraft(database, sequences, rows, {});
  BaselineScript script;
  script.unsupported = database.unsupported;
  ReportCircles(open.cycles, open.draft, script.unsupported);
  std::vector<ScriptStep> steps =
      StepsOf(open.draft, OrderDefinitions(open.draft.definitions, open.needs));
  if (const std::string settings = SettingsOf(database); !settings.empty()) {
    steps.insert(steps.begin(), {"Settings", settings});
  }
  script.text = sql::EscapeBackslashes(RenderScript(steps));
  return script;
}

BaselineParts PartsOf(const Database& database, const PartsOptions& options) {
  const SequenceIndex sequences(database, options.own_sequences);
  CyclicDraft open = MakeCyclicDraft(database, sequences, {}, options.apart);
  BaselineParts parts;
  ReportCircles(open.cycles, open.draft, parts.unsupported);
  parts.definitions = std::move(open.draft.definitions);
  parts.makers = std::move(open.draft.makers);
  parts.columns = std::move(open.draft.columns);
  parts.needs = std::move(open.needs);
  parts.edges = std::move(open.edges);
  return parts;
}

}  // namespace ballast::catalog
