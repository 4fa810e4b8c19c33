// SPDX-License-Identifier: Apache-2.0
#include "sql/classify.h"

#include <algorithm>

#include "sql/classify_statement.h"
#include "sql/reading_settings.h"
#include "sql/split.h"

namespace ballast::sql {
namespace {

Statement StatementOf(const StatementText& source, const TokenReader& reader) {
  Statement statement;
  statement.text = source.text;
  statement.offset = source.offset;
  statement.line = source.line;
  ClassifyStatement(reader, statement);
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

void Merge(const Statement& statement, ScriptProperties& properties) {
  ++properties.statements;
  properties.outside_transaction |= statement.runs_outside_transaction;
  properties.transaction_control |= statement.transaction_control;
  properties.transaction_statements |= statement.transaction != TransactionAct::kNone;
  properties.commits_in_code |= statement.commits_in_code;
  properties.sets_transaction |= statement.sets_transaction;
  properties.session_state |= statement.session_state;
  properties.local_state |= statement.local_state;
  properties.writes_rows |= statement.writes_rows;
  if (statement.kind == StatementKind::kCreateType) {
    properties.created_types.push_back(statement.object);
  }
}

// Only BEGIN and COMMIT without options, one after the other, are a pair.
class Pairing {
 public:
  void Read(TokenReader reader, const Statement& statement) {
    if (!statement.transaction_control) {
      sound_ = sound_ && !statement.runs_outside_transaction && !statement.local_state;
      return;
    }
    const bool opens = statement.transaction == TransactionAct::kBegin;
    const bool ends = statement.transaction == TransactionAct::kCommit;
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

bool Contains(const std::vector<ObjectName>& names, const ObjectName& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

std::vector<Statement> ReadScript(std::string_view script) {
  std::vector<Statement> statements;
  for (StatementIterator walk(script); walk.Next();) {
    statements.push_back(StatementOf(walk.statement(), walk.reader()));
  }
  return statements;
}

ScriptProperties AnalyzeScript(std::string_view script, const std::vector<AddedValue>& earlier) {
  ScriptProperties properties;
  std::vector<AddedValue> own;
  Pairing pairing;
  StatementIterator walk(script);
  while (walk.Next()) {
    const TokenReader reader = walk.reader();
    const Statement statement = StatementOf(walk.statement(), reader);
    Merge(statement, properties);
    properties.changes_reading =
        properties.changes_reading || ChangesReading(walk.statement(), reader);
    pairing.Read(reader, statement);
    if (statement.added_values.empty()) {
      properties.uses_own_value = properties.uses_own_value || NamesValue(reader, own);
      properties.uses_added_value =
          properties.uses_added_value || properties.uses_own_value || NamesValue(reader, earlier);
    }
    for (const AddedValue& added : statement.added_values) {
      properties.added_values.push_back(added);
      if (!Contains(properties.created_types, added.type)) own.push_back(added);
    }
  }
  properties.paired_transactions = pairing.Holds();
  properties.unterminated = walk.lexer().unterminated();
  properties.unterminated_offset = walk.lexer().unterminated_offset();
  return properties;
}

}  // namespace ballast::sql
