#include "sql/classify.h"

#include <algorithm>
#include <set>

#include "sql/reading.h"
#include "sql/split.h"

namespace ballast::sql {
namespace {

Statement StatementOf(const Piece& piece, const TokenReader& reader) {
  Statement statement;
  statement.text = piece.text;
  statement.offset = piece.offset;
  statement.line = piece.line;
  Identify(reader, statement);
  return statement;
}

// Whether one of the string constants holds one of the values, by itself or within more text (an
// array, code).
bool NamesValue(TokenReader reader, const std::vector<AddedValue>& values) {
  for (; !reader.AtEnd() && !values.empty(); reader.Skip()) {
    if (reader.Kind() != TokenKind::kString) continue;
    const std::string text = StringContent(reader.Text());
    for (const AddedValue& added : values) {
      if (text.find(added.value) != std::string::npos) return true;
    }
  }
  return false;
}

void Merge(const Statement& statement, ScriptTraits& traits) {
  ++traits.statements;
  traits.outside_transaction |= statement.runs_outside_transaction;
  traits.transaction_control |= statement.transaction_control;
  traits.session_state |= statement.session_state;
  traits.local_state |= statement.local_state;
  traits.writes_rows |= statement.writes_rows;
  if (statement.kind == StatementKind::kCreateType) {
    traits.created_types.push_back(statement.object);
  }
}

// BEGIN and COMMIT without options, side by side, tell of a pair; anything else makes it none.
class Pairing {
 public:
  void Read(TokenReader reader, const Statement& statement) {
    if (!statement.transaction_control) {
      sound_ = sound_ && !statement.runs_outside_transaction && !statement.local_state;
      return;
    }
    const bool opens = reader.Is("begin") || (reader.Is("start") && reader.Is("transaction", 1));
    const bool ends = reader.Is("commit") || reader.Is("end");
    reader.Skip();
    if (!reader.Take("transaction")) reader.Take("work");
    sound_ = sound_ && reader.AtEnd() && (open_ ? ends : opens);
    open_ = opens;
    any_ = true;
  }
  bool Holds() const { return any_ && sound_ && !open_; }

 private:
  bool sound_ = true;
  bool open_ = false;
  bool any_ = false;
};

bool Contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::vector<Statement> ReadScript(std::string_view script) {
  const bool all_readable = IsReadable(script);
  std::set<std::string> created;
  std::vector<Statement> statements;
  for (StatementWalk walk(script); walk.Next();) {
    const TokenReader reader = walk.reader();
    Statement& statement = statements.emplace_back(StatementOf(walk.piece(), reader));
    if (!all_readable && !IsReadable(statement.text)) {
      statement.hazards = {Hazard::kUnknownEffect};
    } else if (!created.contains(statement.object)) {
      statement.hazards = HazardsOf(reader, statement);
    }
    if (statement.kind == StatementKind::kCreateTable) created.insert(statement.object);
  }
  return statements;
}

ScriptTraits TraitsOf(std::string_view script, const std::vector<AddedValue>& earlier) {
  ScriptTraits traits;
  std::vector<AddedValue> known = earlier;
  Pairing pairing;
  for (StatementWalk walk(script); walk.Next();) {
    const TokenReader reader = walk.reader();
    const Statement statement = StatementOf(walk.piece(), reader);
    Merge(statement, traits);
    pairing.Read(reader, statement);
    if (statement.added_values.empty()) {
      traits.uses_added_value = traits.uses_added_value || NamesValue(reader, known);
    }
    for (const AddedValue& added : statement.added_values) {
      traits.added_values.push_back(added);
      if (!Contains(traits.created_types, added.type)) known.push_back(added);
    }
  }
  traits.paired_transactions = pairing.Holds();
  return traits;
}

}  // namespace ballast::sql
