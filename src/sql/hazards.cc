#include <array>
#include <initializer_list>

#include "sql/reading.h"

namespace ballast::sql {
namespace {

using Kind = StatementKind;

class Findings {
 public:
  void Add(Hazard hazard) { found_.at(static_cast<size_t>(hazard)) = true; }
  void Add(std::initializer_list<Hazard> hazards) {
    for (const Hazard hazard : hazards) Add(hazard);
  }
  std::vector<Hazard> List() const {
    std::vector<Hazard> list;
    for (size_t i = 0; i < found_.size(); ++i) {
      if (found_[i]) list.push_back(static_cast<Hazard>(i));
    }
    return list;
  }

 private:
  std::array<bool, 7> found_{};
};

// Functions whose value differs from row to row, so that a default with them fills a column by
// writing every row.
bool IsVolatileDefault(const TokenReader& action) {
  for (const std::string_view word :
       {"gen_random_uuid", "uuid_generate_v4", "uuid_generate_v1", "uuidv7", "uuidv4", "random",
        "nextval", "clock_timestamp", "timeofday", "serial", "bigserial", "smallserial", "serial4",
        "serial8", "serial2", "stored", "identity"}) {
    if (action.Has(word)) return true;
  }
  return false;
}

void OfNewConstraint(const TokenReader& action, Findings& findings) {
  const bool key = action.Has("unique") || action.Has("primary", "key") || action.Has("exclude");
  if (key) {
    if (action.Has("using", "index")) return;
    findings.Add(
        {Hazard::kIndexBuild, Hazard::kBlocksReads, Hazard::kBlocksWrites, Hazard::kMayFailOnData});
  } else if (!action.Has("not", "valid")) {
    findings.Add({Hazard::kBlocksWrites, Hazard::kMayFailOnData});
    if (action.Has("check")) findings.Add(Hazard::kBlocksReads);
  }
}

void OfNewColumn(const TokenReader& action, Findings& findings) {
  const bool filled = action.Has("default") || IsVolatileDefault(action);
  if (IsVolatileDefault(action)) {
    findings.Add({Hazard::kRewritesTable, Hazard::kBlocksReads, Hazard::kBlocksWrites});
  }
  if (action.Has("not", "null") && !filled) findings.Add(Hazard::kMayFailOnData);
  if (action.Has("unique") || action.Has("primary", "key")) {
    findings.Add({Hazard::kIndexBuild, Hazard::kMayFailOnData});
  }
  if (action.Has("check")) findings.Add(Hazard::kMayFailOnData);
}

void OfAdd(TokenReader action, Findings& findings) {
  for (const std::string_view word :
       {"constraint", "unique", "primary", "foreign", "check", "exclude"}) {
    if (action.Is(word)) return OfNewConstraint(action, findings);
  }
  OfNewColumn(action, findings);
}

void OfAlterColumn(TokenReader action, Findings& findings) {
  action.Take("column");
  action.TakeName();
  if (action.Is("type") || action.Has("data", "type")) {
    findings.Add({Hazard::kRewritesTable, Hazard::kBlocksReads, Hazard::kBlocksWrites,
                  Hazard::kMayFailOnData});
  }
  if (action.Is("set") && action.Has("not", "null")) {
    findings.Add({Hazard::kBlocksReads, Hazard::kBlocksWrites, Hazard::kMayFailOnData});
  }
}

void OfSet(const TokenReader& action, Findings& findings) {
  for (const std::string_view word : {"logged", "unlogged", "tablespace", "access"}) {
    if (!action.Is(word)) continue;
    findings.Add({Hazard::kRewritesTable, Hazard::kBlocksReads, Hazard::kBlocksWrites});
  }
}

void OfTableAction(TokenReader action, Findings& findings) {
  if (action.Take("add")) return OfAdd(action, findings);
  if (action.Take("alter")) return OfAlterColumn(action, findings);
  if (action.Take("set")) return OfSet(action, findings);
  if (action.Is("validate")) findings.Add(Hazard::kMayFailOnData);
  if (action.Is("attach")) findings.Add({Hazard::kBlocksWrites, Hazard::kMayFailOnData});
  if (action.Take("drop") && !action.Is("constraint")) findings.Add(Hazard::kDeletesData);
}

void OfAlterTable(const TokenReader& statement, Findings& findings) {
  TokenReader reader = statement;
  reader.Skip(2);
  if (reader.Take("if")) reader.Take("exists");
  reader.Take("only");
  reader.TakeName();
  reader.Take("*");
  for (const TokenReader& action : reader.SplitAtCommas()) OfTableAction(action, findings);
}

void OfCreateIndex(const TokenReader& reader, Findings& findings) {
  findings.Add(Hazard::kIndexBuild);
  if (!reader.Has("concurrently")) findings.Add(Hazard::kBlocksWrites);
  if (reader.Is("unique", 1)) findings.Add(Hazard::kMayFailOnData);
}

void OfReindex(const TokenReader& reader, Findings& findings) {
  findings.Add(Hazard::kIndexBuild);
  if (!reader.Has("concurrently")) findings.Add({Hazard::kBlocksReads, Hazard::kBlocksWrites});
}

void OfMerge(const TokenReader& reader, Findings& findings) {
  if (reader.Has("delete")) findings.Add(Hazard::kDeletesData);
}

void OfAlterType(const TokenReader& reader, Findings& findings) {
  if (reader.Has("drop", "attribute")) findings.Add(Hazard::kDeletesData);
  if (reader.Is("domain", 1) && reader.Has("add")) findings.Add(Hazard::kMayFailOnData);
}

void OfDropOther(const TokenReader& reader, Findings& findings) {
  const bool holds_rows = reader.Is("schema", 1) || reader.Is("database", 1) ||
                          reader.Is("owned", 1) || reader.Is("materialized", 1);
  if (holds_rows || reader.Has("cascade")) findings.Add(Hazard::kDeletesData);
}

void OfMaintenance(const TokenReader& reader, Findings& findings) {
  const bool rewrites = reader.Is("cluster") || (reader.Is("vacuum") && reader.Has("full")) ||
                        (reader.Is("refresh") && !reader.Has("concurrently"));
  if (!rewrites) return;
  findings.Add({Hazard::kRewritesTable, Hazard::kBlocksReads, Hazard::kBlocksWrites});
}

void OfQuery(const TokenReader& reader, Findings& findings) {
  const bool writes = reader.Is("with") && (reader.Has("delete", "from") || reader.Has("update"));
  if (writes && reader.Has("delete", "from")) findings.Add(Hazard::kDeletesData);
  if (reader.Is("select") && reader.Has("(")) findings.Add(Hazard::kUnknownEffect);
}

void OfOther(const TokenReader& reader, Findings& findings) {
  if (reader.Is("lock")) findings.Add({Hazard::kBlocksReads, Hazard::kBlocksWrites});
  if (reader.Is("execute") || reader.Is("load")) findings.Add(Hazard::kUnknownEffect);
}

void OfDeletion(const TokenReader&, Findings& findings) {
  findings.Add(Hazard::kDeletesData);
}

void OfCode(const TokenReader&, Findings& findings) {
  findings.Add(Hazard::kUnknownEffect);
}

// Kinds that are not here endanger nothing.
struct Rule {
  Kind kind;
  void (*find)(const TokenReader&, Findings&);
};
constexpr auto kRules = std::to_array<Rule>({{Kind::kDelete, OfDeletion},
                                             {Kind::kTruncate, OfDeletion},
                                             {Kind::kDropTable, OfDeletion},
                                             {Kind::kMerge, OfMerge},
                                             {Kind::kAlterTable, OfAlterTable},
                                             {Kind::kAlterType, OfAlterType},
                                             {Kind::kCreateIndex, OfCreateIndex},
                                             {Kind::kReindex, OfReindex},
                                             {Kind::kDropType, OfDropOther},
                                             {Kind::kDropOther, OfDropOther},
                                             {Kind::kMaintenance, OfMaintenance},
                                             {Kind::kQuery, OfQuery},
                                             {Kind::kOther, OfOther},
                                             {Kind::kDo, OfCode},
                                             {Kind::kCall, OfCode},
                                             {Kind::kUnknown, OfCode}});

}  // namespace

std::vector<Hazard> HazardsOf(const TokenReader& reader, const Statement& statement) {
  Findings findings;
  for (const Rule& rule : kRules) {
    if (rule.kind == statement.kind) rule.find(reader, findings);
  }
  return findings.List();
}

}  // namespace ballast::sql
