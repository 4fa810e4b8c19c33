// SPDX-License-Identifier: Apache-2.0
// What is wrong with a schema, in Prisma's own words (prisma-engines psl/diagnostics).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "prisma/source.h"

namespace ballast::prisma {

enum class Severity { kError, kWarning };

struct Diagnostic {
  Severity severity = Severity::kError;
  std::string message;
  Span span;
};

// Collects what the passes over a schema find, in the order in which Prisma finds it.
class Diagnostics {
 public:
  void Error(std::string message, Span span);
  void Warning(std::string message, Span span);

  // "Error validating: …"
  void Invalid(std::string_view message, Span span);
  // "Error validating model "M": …"; container is model or view.
  void InvalidModel(std::string_view message, std::string_view container, std::string_view model,
                    Span span);
  // "Error parsing attribute "@x": …"; attribute with its @ signs.
  void InvalidAttribute(std::string_view message, std::string_view attribute, Span span);

  // Forgets all but the first `size` ones: what was found on a road that led nowhere.
  void Truncate(size_t size);

  size_t size() const { return list_.size(); }
  bool has_errors() const { return errors_ > 0; }
  const std::vector<Diagnostic>& list() const { return list_; }
  std::vector<Diagnostic> Take() && { return std::move(list_); }

 private:
  std::vector<Diagnostic> list_;
  size_t errors_ = 0;
};

// The errors (not the warnings) as Prisma prints them: message, file and line, the lines of the
// source around it. Empty when there are none; cut off after some megabytes.
std::string RenderDiagnostics(const std::vector<SchemaFile>& files,
                              const std::vector<Diagnostic>& diagnostics);

}  // namespace ballast::prisma
