// SPDX-License-Identifier: Apache-2.0
// Reads the attributes of a declaration and their arguments, and reports those that are unknown,
// duplicate or without a value (prisma-engines psl/parser-database/src/context.rs).
#pragma once

#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "prisma/diagnostic.h"
#include "prisma/syntax.h"

namespace ballast::prisma {

// The value if it has the expected type; otherwise reports an error.
std::optional<std::string_view> AsString(const Value& value, Diagnostics& diagnostics);
std::optional<std::string_view> AsConstant(const Value& value, Diagnostics& diagnostics);
std::optional<bool> AsBoolean(const Value& value, Diagnostics& diagnostics);
std::optional<int64_t> AsInteger(const Value& value, Diagnostics& diagnostics);
void ReportMismatch(std::string_view expected, const Value& value, Diagnostics& diagnostics);

class AttributeReader {
 public:
  AttributeReader(const std::vector<Attribute>& attributes, Diagnostics& diagnostics);

  // Moves to the attribute of that name, which may occur once; false if there is no unread one.
  bool Single(std::string_view name);
  // Moves to the next attribute of that name.
  bool Repeated(std::string_view name);
  // The attribute with a dot in its name, as in @db.Text.
  std::optional<size_t> Scoped();
  // Reports attributes that were not read.
  void Finish();

  // The current attribute:
  const Attribute& current() const { return attributes_[*current_]; }
  size_t current_index() const { return *current_; }
  const Value* Optional(std::string_view name);
  // The argument of that name or the unnamed one; kReport: a missing argument is an error.
  enum class Absence { kReport, kIgnore };
  std::optional<size_t> Default(std::string_view name, Absence absence = Absence::kReport);
  const Value* DefaultValue(std::string_view name);
  // An optional string argument that must not be empty.
  std::optional<std::string> Name(std::string_view name);
  std::optional<bool> Clustered();
  void AddError(std::string_view message);  // Error parsing attribute "@x": message
  void FinishArguments();                   // reports arguments that were not read
  void Discard() { arguments_.clear(); }

 private:
  bool Enter(size_t index);
  bool CheckArguments(const Attribute& attribute);
  bool CheckList(const Attribute& attribute, const std::vector<Argument>& arguments,
                 const std::vector<Identifier>& empty, const std::optional<Span>& comma);
  std::optional<size_t> Remove(std::string_view name);

  const std::vector<Attribute>& attributes_;
  Diagnostics& diagnostics_;
  std::vector<bool> read_;
  std::optional<size_t> current_;
  std::string_view repeated_;  // the name that Repeated looks for, and where it looks next
  size_t repeated_next_ = 0;
  std::unordered_map<std::string_view, size_t> arguments_;  // unread ones; "": without a name
};

}  // namespace ballast::prisma
