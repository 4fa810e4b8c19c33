// SPDX-License-Identifier: Apache-2.0
// Parses a JavaScript or TypeScript module as far as configurations need it: imports, top-level
// constants and functions, and the default export. Nothing is executed.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "workspace/script_tokens.h"

namespace ballast::workspace {

enum class ExpressionKind {
  kText,         // text: the value
  kNumber,       // text: the digits
  kName,         // text: the name
  kMember,       // parts: {object}; text: the member's name
  kIndex,        // parts: {object, index}
  kCall,         // parts: {callee, arguments …}
  kNew,          // the same
  kChangedUrl,   // text: the name; parts: {kNew, calls that change it …} (script_url.h)
  kObject,       // parts: kProperty and kSpread
  kProperty,     // text: the key; parts: {value}
  kSpread,       // parts: {value}
  kArray,        // parts: items
  kBinary,       // text: the operator; parts: {left, right}
  kNot,          // parts: {operand}
  kConditional,  // parts: {condition, then, else}
  kTemplate,     // texts: around the parts
  kFunction,     // texts: the parameters; parts: statements
  kDeclare,      // a statement: text: the constant; parts: {value}
  kReturn,       // a statement; parts: {value}
  kThrow,        // a statement
  kIf,           // a statement; parts: {condition, statements …}
  kTry,          // a statement; text: the name of the error; parts: {kBlock, kBlock of catch}
  kBlock,        // parts: statements
  kEvaluate,     // a statement; parts: {call}
  kBreak,        // a statement
  kUnknown       // anything else
};

// What a pattern with a default does: undefined alone takes the default, null does not.
inline constexpr std::string_view kDefaultOperator = "default";

struct Expression {
  ExpressionKind kind = ExpressionKind::kUnknown;
  std::string text;
  std::vector<Expression> parts;
  std::vector<std::string> texts;
  int line = 0;
};

// A member of an object that has another value than its declaration gives it.
struct ScriptChange {
  std::vector<std::string> path;  // the names of the members; empty: the object itself
  bool is_content = false;        // the members of what is there; a text stays as it is

  bool operator==(const ScriptChange&) const = default;
};

struct Script {
  struct Import {
    std::string module;
    std::string name;  // "default", "*", or the exported name
  };
  std::map<std::string, Import, std::less<>> imports;
  std::map<std::string, int, std::less<>> modules;  // all imported or required ones: the first line
  std::map<std::string, Expression, std::less<>> constants;
  // Names and variables of process.env that are assigned after their declaration.
  std::set<std::string, std::less<>> assigned;
  std::set<std::string, std::less<>> assigned_variables;
  // By the name of the object; "module" and "exports" are the default export.
  std::map<std::string, std::vector<ScriptChange>, std::less<>> changes;
  std::optional<Expression> exported;
  // What can change the environment, in the order of the text: a call that could load a .env file,
  // or an assignment to a variable of process.env.
  struct Step {
    Expression expression;  // the call, or the assigned value
    std::string variable;   // the assigned one; empty: a call
    std::string sign;       // "=", "?\?=", "||=" or "delete"
    // A loop instead of the call: text: the name; parts: {items, statements …}. In the statements
    // are declarations, conditions, calls that may load .env files, and breaks.
    std::optional<Expression> loop;
    std::string module;  // the import of a module, instead of a call
    // Instead of all that, or of an import: what may change variables in ways that only running it
    // would show, as a clause without its subject. With `may_override`, also those that are set.
    std::string effect;
    bool may_override = false;
    std::vector<Expression> conditions;  // it happens if all of them are true
    bool is_conditional = false;         // in a function, a loop and the like; or too late
    bool uses_later = false;             // a constant that is declared after it
    // Variables of process.env that were read before.
    std::set<std::string, std::less<>> read_before;
    bool reads_all = false;  // process.env as a whole was read before
    int line = 0;
  };
  std::vector<Step> steps;
  // A throw or process.exit() outside of functions, in front of the default export.
  struct Guard {
    std::vector<Expression> conditions;  // it happens if all of them are true
    int line = 0;
  };
  std::vector<Guard> guards;
  // Whether a step has an effect on variables that are set, and on others.
  bool may_override = false;
  bool may_set = false;
  void NoteEffects();  // computes both from the steps
  // Where top-level constants are declared: positions of tokens.
  std::map<std::string, size_t, std::less<>> declared;
  // Where top-level functions are: what is in them happens when they are called.
  struct FunctionTokens {
    size_t declared = 0;  // the name
    size_t begin = 0;     // the parameters
    size_t end = 0;       // behind the body
  };
  std::map<std::string, FunctionTokens, std::less<>> functions;
  // The constants that are exported where they are declared. Whether these are certainly all
  // exports: there is no list of them, no `exports` of CommonJS, and no code hides.
  std::set<std::string, std::less<>> exports;
  bool has_plain_exports = true;
  // The files behind relative imports, by module; without imports of their own.
  struct ImportedScript;
  std::map<std::string, std::shared_ptr<const ImportedScript>, std::less<>> imported;
  size_t exported_at = 0;            // the position of the default export; 0: none
  std::optional<ScriptFault> fault;  // then there is no default export
};

struct Script::ImportedScript {
  std::filesystem::path file;
  Script script;
};

// Whether an `if` or `try` among the statements of a function decides what is returned; one that
// only throws does not.
bool ReturnsByCondition(std::span<const Expression> statements);

// Never fails: unsupported syntax becomes kUnknown.
Script ParseScript(std::string_view text);

}  // namespace ballast::workspace
