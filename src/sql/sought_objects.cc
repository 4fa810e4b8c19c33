// SPDX-License-Identifier: Apache-2.0
#include "sql/sought_objects.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "sql/lexer.h"
#include "sql/nested_code.h"
#include "sql/readable_name.h"

namespace ballast::sql {
namespace {

struct KnownWord {
  std::string_view word;
  SoughtKind kind;
};

constexpr std::array<KnownWord, 5> kFunctions = {{{"to_regclass", SoughtKind::kRelation},
                                                  {"to_regproc", SoughtKind::kRoutine},
                                                  {"to_regprocedure", SoughtKind::kRoutine},
                                                  {"to_regtype", SoughtKind::kType},
                                                  {"to_regnamespace", SoughtKind::kSchema}}};

constexpr std::array<KnownWord, 11> kColumns = {{{"relname", SoughtKind::kRelation},
                                                 {"table_name", SoughtKind::kRelation},
                                                 {"tablename", SoughtKind::kRelation},
                                                 {"viewname", SoughtKind::kRelation},
                                                 {"proname", SoughtKind::kRoutine},
                                                 {"routine_name", SoughtKind::kRoutine},
                                                 {"typname", SoughtKind::kType},
                                                 {"nspname", SoughtKind::kSchema},
                                                 {"schema_name", SoughtKind::kSchema},
                                                 {"extname", SoughtKind::kExtension},
                                                 {"pubname", SoughtKind::kPublication}}};

constexpr std::array<std::string_view, 5> kSchemaColumns = {"table_schema", "schemaname", "nspname",
                                                            "routine_schema", "specific_schema"};

template <size_t kSize>
std::optional<SoughtKind> KindOf(const TokenReader& reader,
                                 const std::array<KnownWord, kSize>& words) {
  for (const KnownWord& known : words) {
    if (reader.Is(known.word)) return known.kind;
  }
  return std::nullopt;
}

class Finder {
 public:
  void Read(std::string_view code, int depth) {
    const std::vector<Token> tokens = Tokenize(code);
    std::set<const char*> of_code_around = std::exchange(read_, {});
    for (TokenReader reader(code, tokens); !reader.AtEnd(); reader.Skip()) {
      if (reader.Kind() == TokenKind::kWord) {
        ReadWord(reader);
      } else if (reader.Kind() == TokenKind::kString && depth < kDeepestCode) {
        const std::string text = StringContent(reader.Text());
        if (CouldBeCode(text)) Read(text, depth + 1);
      }
    }
    read_ = std::move(of_code_around);
  }

  std::set<SoughtObject> Take() { return std::move(found_); }

 private:
  void ReadWord(TokenReader reader) {
    if (const auto function = KindOf(reader, kFunctions)) {
      reader.Skip();
      if (reader.Take("(") && reader.Kind() == TokenKind::kString) {
        found_.insert({*function, StringContent(reader.Text()), true});
      }
      return;
    }
    if (read_.contains(reader.Text().data())) return;
    if (!KindOf(reader, kColumns) && !IsSchemaColumn(reader)) return;
    Comparison first = ReadComparison(reader);
    if (first.names.empty()) return;
    Comparison second;
    if (reader.Take("and")) {
      if (reader.Text(1) == ".") reader.Skip(2);  // the alias of the catalog
      second = ReadComparison(reader);
    }
    const Comparison& schema = first.of_schema ? first : second;
    const Comparison& object = first.of_schema ? second : first;
    if (!schema.of_schema || !object.kind || schema.names.size() != 1 || object.names.empty()) {
      return Add(first, {});
    }
    read_.insert(second.column);
    Add(object, schema.names.front());
  }

  // A name column that is compared with literals.
  struct Comparison {
    const char* column = nullptr;  // where it is
    std::optional<SoughtKind> kind;
    bool of_schema = false;  // it has the schema of an object
    std::vector<std::string> names;
  };

  static bool IsSchemaColumn(const TokenReader& reader) {
    return std::ranges::any_of(kSchemaColumns,
                               [&](std::string_view word) { return reader.Is(word); });
  }

  static Comparison ReadComparison(TokenReader& reader) {
    Comparison found{reader.Text().data(), KindOf(reader, kColumns), IsSchemaColumn(reader), {}};
    if (!found.kind && !found.of_schema) return found;
    reader.Skip();
    while (reader.Text() == ":") reader.Skip();  // a cast: relname::text
    if (reader.Is("text") || reader.Is("name")) reader.Skip();
    const auto take_name = [&] {
      if (reader.Kind() != TokenKind::kString) return false;
      found.names.push_back(StringContent(reader.Text()));
      reader.Skip();
      return true;
    };
    if (reader.Take("=")) {
      take_name();
    } else if (reader.Take("in") && reader.Take("(")) {
      while (take_name() && reader.Take(",")) {
      }
      reader.Take(")");
    }
    return found;
  }

  void Add(const Comparison& found, const std::string& schema) {
    if (!found.kind) return;
    for (const std::string& name : found.names) found_.insert({*found.kind, name, false, schema});
  }

  std::set<const char*> read_;  // columns that were read together with another one
  std::set<SoughtObject> found_;
};

}  // namespace

std::string_view NameOf(SoughtKind kind) {
  switch (kind) {
    case SoughtKind::kRelation:
      return "relation";
    case SoughtKind::kRoutine:
      return "function";
    case SoughtKind::kType:
      return "type";
    case SoughtKind::kSchema:
      return "schema";
    case SoughtKind::kExtension:
      return "extension";
    case SoughtKind::kPublication:
      return "publication";
  }
  return "object";
}

std::optional<SoughtKind> SoughtKindNamed(std::string_view name) {
  for (const SoughtKind kind :
       {SoughtKind::kRelation, SoughtKind::kRoutine, SoughtKind::kType, SoughtKind::kSchema,
        SoughtKind::kExtension, SoughtKind::kPublication}) {
    if (NameOf(kind) == name) return kind;
  }
  return std::nullopt;
}

std::string NameOf(const SoughtObject& sought) {
  if (sought.is_sql) return sought.name;
  const std::string name = ReadableName(sought.name);
  return sought.schema.empty() ? name : ReadableName(sought.schema) + "." + name;
}

std::set<SoughtObject> FindSoughtObjects(std::string_view script) {
  Finder finder;
  finder.Read(script, 0);
  return finder.Take();
}

}  // namespace ballast::sql
