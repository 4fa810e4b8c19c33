// SPDX-License-Identifier: Apache-2.0
// Follows variables of a module that get another value at the top level: `url += "x"`, also in
// `if` and `switch`. For script_parser.cc.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "workspace/expression_parser.h"
#include "workspace/script_parser.h"

namespace ballast::workspace {

// Whether a statement begins there; true only where that is certain: after ";", or on a new line
// after something that ends a statement.
bool BeginsStatement(const std::vector<Token>& tokens, size_t at);

class Reassignments {
 public:
  // Both must outlive the object.
  Reassignments(const std::vector<Token>& tokens, Script* script)
      : tokens_(tokens), script_(*script) {}

  // A `let` or `var` at the top level; its value is in the script's constants.
  void Declare(const std::string& name) { variables_.insert(name); }

  // Parses a statement that only assigns to such variables and moves the cursor behind it; the
  // script's constants have the new values. False, and nothing moves, for other statements.
  bool Parse(TokenCursor* cursor);

  // The positions of the assignment signs of these statements.
  const std::set<size_t>& signs() const { return signs_; }

  // To be called at the end: a variable that is read before its last assignment has more than one
  // value, and is marked as assigned.
  void Finish();

 private:
  struct Statement {
    std::string name;  // empty: an `if`
    std::string sign;
    Expression value;  // or the condition
    std::vector<Statement> then = {};
    std::vector<Statement> otherwise = {};
  };
  bool ReadStatement(TokenCursor* cursor, std::vector<Statement>* statements);
  bool ReadBlock(TokenCursor* cursor, std::vector<Statement>* statements);
  // The statements under one or several labels of a switch.
  struct Case {
    std::vector<Expression> values;  // empty: the default
    bool is_default = false;
    std::vector<Statement> statements;
    int throws_in = 0;  // the line of its throw
  };
  // As one `if` in the other.
  bool ReadSwitch(TokenCursor* cursor, std::vector<Statement>* statements);
  bool ReadCase(TokenCursor* cursor, Case* one);
  bool ReadEndOfCase(TokenCursor* cursor, Case* one, bool* ends);
  // After a throw no value is known.
  void ResetInCase(size_t first_sign, Case* one) const;
  void Apply(const std::vector<Statement>& statements);
  void ApplyCondition(const Statement& statement);
  // The expression with the present values of the variables.
  Expression Present(Expression e);
  bool IsReadBefore(const std::vector<Token>& tokens, const std::string& name, size_t last) const;
  bool IsInFunction(size_t at) const;

  const std::vector<Token>& tokens_;
  Script& script_;
  std::set<std::string> variables_;
  std::set<size_t> signs_;
  std::vector<size_t> found_;                      // signs of the statement that is read
  std::map<std::string, size_t> last_;             // the position behind the last assignment
  std::vector<std::pair<size_t, size_t>> ranges_;  // of the statements
};

}  // namespace ballast::workspace
