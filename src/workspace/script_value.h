// SPDX-License-Identifier: Apache-2.0
// The value of a configuration expression for given environment variables.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "workspace/dotenv.h"
#include "workspace/script_parser.h"

namespace ballast::workspace {

struct ScriptValue {
  enum class Kind {
    kUndefined,
    kText,
    kBoolean,
    kObject,
    kArray,
    kFunction,
    kUrl,      // new URL(text), which keeps the text as it is
    kBuiltin,  // text: "process.env", "path.join" …
    kMissing,  // Prisma's env("X") with X unset, or a throw, where Prisma fails; text: X
    kUnknown
  };
  Kind kind = Kind::kUnknown;
  std::string text;
  bool boolean = false;
  bool is_number = false;                                    // for kText
  bool is_null = false;                                      // for kUndefined
  std::vector<std::pair<std::string, ScriptValue>> members;  // the last member of a key counts
  std::vector<ScriptValue> items;
  std::shared_ptr<const Expression> function;
  // For kObject: it may have unknown members.
  bool is_open = false;
  // The variables that were read to get this value.
  std::vector<std::string> variables;
  bool is_chosen = false;  // among several values, or by a condition
  // For kUnknown: the import that it depends on, as "`url` from \"./db\""; or empty.
  std::string import;
  int line = 0;

  // Defined where the type is complete, because it contains values of its own type.
  ScriptValue();
  ScriptValue(const ScriptValue& other);
  ScriptValue(ScriptValue&& other) noexcept;
  ScriptValue& operator=(const ScriptValue& other);
  ScriptValue& operator=(ScriptValue&& other) noexcept;
  ~ScriptValue();

  const ScriptValue* Find(std::string_view key) const;  // null if there is no such member
};

struct ScriptContext {
  std::filesystem::path file;               // the script
  std::filesystem::path working_directory;  // process.cwd()
  const Variables* variables = nullptr;     // process.env
  // Keys: its variables that may have another value; kAllUnset: all that are not set.
  const Variables* uncertain = nullptr;
  // As in JavaScript, `a.${undefined}` is the text "a.undefined". Otherwise it is undefined, so
  // that the unset variable is reported.
  bool undefined_is_text = false;
  // Names that have these values, as in a function or loop; or null.
  const std::map<std::string, ScriptValue, std::less<>>* locals = nullptr;
};

inline constexpr char kAllUnset[] = "*";

// Whether JavaScript takes the value for true; nothing when that is not known.
std::optional<bool> TruthOf(const ScriptValue& value);

ScriptValue EvaluateExpression(const Expression& expression, const Script& script,
                               const ScriptContext& context);

// The value of `script.exported`, which must exist.
ScriptValue EvaluateExport(const Script& script, const ScriptContext& context);

}  // namespace ballast::workspace
