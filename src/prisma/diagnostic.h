// SPDX-License-Identifier: Apache-2.0
// Errors and warnings about a schema, with Prisma's messages (prisma-engines psl/diagnostics).
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

// Collects the diagnostics of all passes, in Prisma's order.
class Diagnostics {
 public:
  void Error(std::string message, Span span);
  void Warning(std::string message, Span span);

  // "Error validating: …"
  void Invalid(std::string_view message, Span span);
  // "Error validating model "M": …"; container is model or view.
  void InvalidModel(std::string_view message, std::string_view container, std::string_view model,
                    Span span);
  // "Error parsing attribute "@x": …"; attribute includes its @ signs.
  void InvalidAttribute(std::string_view message, std::string_view attribute, Span span);

  // Removes all but the first `size` diagnostics, after an unsuccessful attempt to parse.
  void Truncate(size_t size);

  size_t size() const { return list_.size(); }
  bool has_errors() const { return errors_ > 0; }
  const std::vector<Diagnostic>& list() const { return list_; }
  std::vector<Diagnostic> Take() && { return std::move(list_); }

 private:
  std::vector<Diagnostic> list_;
  size_t errors_ = 0;
};

// The errors (not the warnings) as Prisma prints them: message, file and line, and an excerpt of
// the source. Empty if there are none; truncated after some megabytes.
std::string RenderDiagnostics(const std::vector<SchemaFile>& files,
                              const std::vector<Diagnostic>& diagnostics);

}  // namespace ballast::prisma
