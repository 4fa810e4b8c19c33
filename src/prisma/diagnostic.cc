// SPDX-License-Identifier: Apache-2.0
#include "prisma/diagnostic.h"

#include <fmt/format.h>

#include <algorithm>

namespace ballast::prisma {
namespace {

constexpr std::string_view kGutter = "   | ";

// Nobody reads further, and each error may quote a block as long as the file.
constexpr size_t kMaxRendered = 4 << 20;

void Cover(std::string& text, size_t begin, size_t end) {
  std::fill(text.begin() + static_cast<long>(begin), text.begin() + static_cast<long>(end), '*');
}

// The file can contain a URL, and quoted lines go into logs. Columns do not move.
std::string WithoutPasswords(std::string_view line) {
  std::string text(line);
  for (size_t at = text.find("://"); at != std::string::npos; at = text.find("://", at + 3)) {
    const size_t end = std::min(text.find_first_of("\"' \t", at), text.size());
    const size_t colon = text.find(':', at + 3);
    const size_t host = text.rfind('@', end);
    if (host != std::string::npos && colon < host) Cover(text, colon + 1, host);
    for (const std::string_view secret : {"password=", "api_key="}) {
      const size_t key = text.find(secret, at);
      if (key < end) Cover(text, key + secret.size(), std::min(text.find('&', key), end));
    }
  }
  return text;
}

// The line starts of one file, so that many diagnostics do not scan it again and again.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text), starts_{0} {
    for (size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n') starts_.push_back(i + 1);
    }
  }

  // How many newlines lie before the offset; 0 for the first line.
  size_t Index(size_t offset) const {
    return std::upper_bound(starts_.begin(), starts_.end(), offset) - starts_.begin() - 1;
  }
  size_t Start(size_t index) const { return starts_[index]; }
  std::string_view Text(size_t index) const {
    const size_t end = index + 1 < starts_.size() ? starts_[index + 1] - 1 : text_.size();
    return text_.substr(starts_[index], end - starts_[index]);
  }

  // "12 | text", or only the gutter if there is no such line; numbers from 1.
  std::string Numbered(size_t number) const {
    if (number == 0) return std::string(kGutter);
    const std::string_view text = number <= starts_.size() ? Text(number - 1) : std::string_view();
    return fmt::format("{:2} | {}", number, WithoutPasswords(text));
  }

 private:
  std::string_view text_;
  std::vector<size_t> starts_;
};

void RenderOne(const Lines& lines, const std::string& path, const Diagnostic& diagnostic,
               std::string& out) {
  const size_t first = lines.Index(diagnostic.span.begin);
  const size_t last = lines.Index(diagnostic.span.end);
  fmt::format_to(std::back_inserter(out), "error: {}\n  -->  {}:{}\n{}\n{}\n{}\n",
                 diagnostic.message, path, first + 1, kGutter, lines.Numbered(first),
                 lines.Numbered(first + 1));
  if (diagnostic.span.begin == diagnostic.span.end) {
    const std::string spacing(diagnostic.span.begin - lines.Start(first), ' ');
    fmt::format_to(std::back_inserter(out), "{}{}^ Unexpected token.\n", kGutter, spacing);
  }
  for (size_t number = first + 2; number < last + 2; ++number) {
    out += lines.Numbered(number);
    out += '\n';
  }
  fmt::format_to(std::back_inserter(out), "{}\n", kGutter);
}

}  // namespace

void Diagnostics::Error(std::string message, Span span) {
  list_.push_back({Severity::kError, std::move(message), span});
  ++errors_;
}

void Diagnostics::Warning(std::string message, Span span) {
  list_.push_back({Severity::kWarning, std::move(message), span});
}

void Diagnostics::Invalid(std::string_view message, Span span) {
  Error(fmt::format("Error validating: {}", message), span);
}

void Diagnostics::InvalidModel(std::string_view message, std::string_view container,
                               std::string_view model, Span span) {
  Error(fmt::format("Error validating {} \"{}\": {}", container, model, message), span);
}

void Diagnostics::InvalidAttribute(std::string_view message, std::string_view attribute,
                                   Span span) {
  Error(fmt::format("Error parsing attribute \"{}\": {}", attribute, message), span);
}

void Diagnostics::Truncate(size_t size) {
  while (list_.size() > size) {
    if (list_.back().severity == Severity::kError) --errors_;
    list_.pop_back();
  }
}

std::string RenderDiagnostics(const std::vector<SchemaFile>& files,
                              const std::vector<Diagnostic>& diagnostics) {
  std::vector<Lines> lines;
  lines.reserve(files.size());
  for (const SchemaFile& file : files) lines.emplace_back(file.text);
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.severity != Severity::kError) continue;
    if (out.size() > kMaxRendered) return out + "… and more errors\n";
    const uint32_t file = diagnostic.span.file;
    if (file >= files.size()) {
      out += diagnostic.message + "\n";
    } else {
      RenderOne(lines[file], files[file].path, diagnostic, out);
    }
  }
  return out;
}

}  // namespace ballast::prisma
