// SPDX-License-Identifier: Apache-2.0
#include "sql/sought_objects.h"

#include <array>
#include <optional>
#include <vector>

#include "sql/lexer.h"
#include "sql/nested_code.h"

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
    for (TokenReader reader(code, tokens); !reader.AtEnd(); reader.Skip()) {
      if (reader.Kind() == TokenKind::kWord) {
        ReadWord(reader);
      } else if (reader.Kind() == TokenKind::kString && depth < kDeepestCode) {
        const std::string text = StringContent(reader.Text());
        if (CouldBeCode(text)) Read(text, depth + 1);
      }
    }
  }

  std::set<SoughtObject> Take() { return std::move(found_); }

 private:
  void ReadWord(TokenReader reader) {
    if (const auto function = KindOf(reader, kFunctions)) {
      reader.Skip();
      if (reader.Take("(")) AddString(reader, *function, true);
      return;
    }
    const auto column = KindOf(reader, kColumns);
    if (!column) return;
    reader.Skip();
    while (reader.Text() == ":") reader.Skip();  // a cast: relname::text
    if (reader.Is("text") || reader.Is("name")) reader.Skip();
    if (reader.Take("=")) {
      AddString(reader, *column, false);
    } else if (reader.Take("in") && reader.Take("(")) {
      while (AddString(reader, *column, false) && reader.Take(",")) {
      }
    }
  }

  bool AddString(TokenReader& reader, SoughtKind kind, bool is_sql) {
    if (reader.Kind() != TokenKind::kString) return false;
    found_.insert({kind, StringContent(reader.Text()), is_sql});
    reader.Skip();
    return true;
  }

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

std::set<SoughtObject> FindSoughtObjects(std::string_view script) {
  Finder finder;
  finder.Read(script, 0);
  return finder.Take();
}

}  // namespace ballast::sql
