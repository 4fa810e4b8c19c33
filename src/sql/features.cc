// SPDX-License-Identifier: Apache-2.0
#include "sql/features.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "sql/lexer.h"
#include "sql/split.h"

namespace ballast::sql {
namespace {

// Words that come one after the other. "?" is any name, "()" a text in parentheses, "!word"
// any token but this one or the end.
struct Sign {
  std::string_view words;
  Feature feature;
};

constexpr Feature kMultirange{"multirange types", 14};
constexpr Feature kCompression{"column compression", 14};
constexpr Feature kNullsNotDistinct{"NULLS NOT DISTINCT", 15};
constexpr Feature kSetColumns{"ON DELETE SET with columns", 15};
constexpr Feature kMerge{"MERGE", 15};
constexpr Feature kMergeBySource{"MERGE … WHEN NOT MATCHED BY", 17};

// Of definitions and statements alike. (Release notes of PostgreSQL 14 to 18, E.1 "Migration" and
// "Changes"; each line is tested on the two majors that it separates, tests/database.)
constexpr Sign kAnywhere[] = {
    {"nulls not distinct", kNullsNotDistinct},
    {"on delete set null (", kSetColumns},
    {"on delete set default (", kSetColumns},
    {"without overlaps", {"WITHOUT OVERLAPS", 18}},
    {"not enforced", {"NOT ENFORCED", 18}},
    {"is json", {"IS JSON", 16}},
    {"merge into", kMerge},
    {"when not matched by", kMergeBySource},
};

// Of statements only: elsewhere the words may mean something else.
constexpr Sign kStatements[] = {
    {"compression pglz", kCompression},
    {"compression lz4", kCompression},
    {"set compression ?", kCompression},
    {"int4multirange", kMultirange},
    {"int8multirange", kMultirange},
    {"nummultirange", kMultirange},
    {"tsmultirange", kMultirange},
    {"tstzmultirange", kMultirange},
    {"datemultirange", kMultirange},
    {"multirange_type_name", kMultirange},
    {"begin atomic", {"a function body of SQL (BEGIN ATOMIC)", 14}},
    {"create or replace trigger", {"CREATE OR REPLACE TRIGGER", 14}},
    {"create or replace constraint trigger", {"CREATE OR REPLACE TRIGGER", 14}},
    {"detach partition ? concurrently", {"DETACH PARTITION CONCURRENTLY", 14}},
    {"nulls distinct", {"NULLS DISTINCT", 15}},
    {"security_invoker", {"security_invoker views", 15}},
    {"create unlogged sequence", {"unlogged sequences", 15}},
    {"for tables in schema", {"publications of schemas", 15}},
    {"set access method", {"SET ACCESS METHOD", 15}},
    {"set expression as", {"SET EXPRESSION", 17}},
    {"create event trigger ? on login", {"login event triggers", 17}},
    {"grant maintain", {"the privilege MAINTAIN", 17}},
    {"provider = builtin", {"the collation provider builtin", 17}},
    {"generated always as () !stored", {"virtual generated columns", 18}},
    {"add constraint ? not null ?", {"named NOT NULL constraints of tables", 18}},
};

// Built-in functions, and syntax that looks like one. Somebody's own table or function may have
// such a name, so scripts are not searched for them.
constexpr Sign kFunctions[] = {
    {"json_arrayagg (", {"JSON_ARRAYAGG", 16}},
    {"json_objectagg (", {"JSON_OBJECTAGG", 16}},
    {"json_exists (", {"JSON_EXISTS", 17}},
    {"json_query (", {"JSON_QUERY", 17}},
    {"json_scalar (", {"JSON_SCALAR", 17}},
    {"json_serialize (", {"JSON_SERIALIZE", 17}},
    {"json_table (", {"JSON_TABLE", 17}},
    {"json_value (", {"JSON_VALUE", 17}},
    {"bit_count (", {"bit_count()", 14}},
    {"bit_xor (", {"bit_xor()", 14}},
    {"date_bin (", {"date_bin()", 14}},
    {"range_agg (", {"range_agg()", 14}},
    {"string_to_table (", {"string_to_table()", 14}},
    {"trim_array (", {"trim_array()", 14}},
    {"unistr (", {"unistr()", 14}},
    {"regexp_count (", {"regexp_count()", 15}},
    {"regexp_instr (", {"regexp_instr()", 15}},
    {"regexp_like (", {"regexp_like()", 15}},
    {"regexp_substr (", {"regexp_substr()", 15}},
    {"any_value (", {"any_value()", 16}},
    {"array_sample (", {"array_sample()", 16}},
    {"array_shuffle (", {"array_shuffle()", 16}},
    {"date_add (", {"date_add()", 16}},
    {"date_subtract (", {"date_subtract()", 16}},
    {"erf (", {"erf()", 16}},
    {"erfc (", {"erfc()", 16}},
    {"random_normal (", {"random_normal()", 16}},
    {"to_bin (", {"to_bin()", 17}},
    {"to_oct (", {"to_oct()", 17}},
    {"unicode_assigned (", {"unicode_assigned()", 17}},
    {"uuid_extract_timestamp (", {"uuid_extract_timestamp()", 17}},
    {"uuid_extract_version (", {"uuid_extract_version()", 17}},
    {"xmltext (", {"xmltext()", 17}},
    {"array_reverse (", {"array_reverse()", 18}},
    {"array_sort (", {"array_sort()", 18}},
    {"casefold (", {"casefold()", 18}},
    {"crc32 (", {"crc32()", 18}},
    {"crc32c (", {"crc32c()", 18}},
    {"gamma (", {"gamma()", 18}},
    {"lgamma (", {"lgamma()", 18}},
    {"uuidv4 (", {"uuidv4()", 18}},
    {"uuidv7 (", {"uuidv7()", 18}},
};

std::string_view FirstWord(std::string_view& words) {
  const size_t end = std::min(words.find(' '), words.size());
  const std::string_view word = words.substr(0, end);
  words.remove_prefix(std::min(end + 1, words.size()));
  return word;
}

bool StandsHere(TokenReader reader, std::string_view words) {
  while (!words.empty()) {
    const std::string_view word = FirstWord(words);
    if (word == "?") {
      if (reader.TakeName().empty()) return false;
    } else if (word == "()") {
      if (!reader.Is("(")) return false;
      reader.SkipParentheses();
    } else if (word.starts_with('!')) {
      if (reader.Is(word.substr(1))) return false;
    } else if (!reader.Take(word)) {
      return false;
    }
  }
  return true;
}

void Add(const Feature& feature, std::vector<Feature>& features) {
  if (std::find(features.begin(), features.end(), feature) == features.end()) {
    features.push_back(feature);
  }
}

// A text with its words: the lower-case text only shows which signs are worth searching for.
class FeatureReader {
 public:
  explicit FeatureReader(std::string_view text) : text_(text), lower_(ToLowerAscii(text)) {}

  template <size_t N>
  void Find(const Sign (&signs)[N], std::vector<Feature>& found) {
    for (const Sign& sign : signs) {
      std::string_view words = sign.words;
      if (Occurs(sign.words, FirstWord(words))) Add(sign.feature, found);
    }
  }

  const std::vector<Token>& tokens() {
    if (!tokens_) tokens_ = Tokenize(text_);
    return *tokens_;
  }
  bool Mentions(std::string_view words) const { return lower_.find(words) != std::string::npos; }

 private:
  bool Occurs(std::string_view words, std::string_view first) {
    if (!Mentions(first)) return false;
    const Token* end = tokens().data() + tokens().size();
    bool qualified = false;  // "own.uuidv7()" is a user's function
    for (const Token* at = tokens().data(); at != end; ++at) {
      const TokenReader reader(text_, at, end);
      if (!qualified && reader.Is(first) && StandsHere(reader, words)) return true;
      qualified = reader.Is(".");
    }
    return false;
  }

  std::string_view text_;
  std::string lower_;
  std::optional<std::vector<Token>> tokens_;
};

// The strings of CREATE FUNCTION: its body is one of them, and the server reads it at once.
void FindInBodies(std::string_view script, std::vector<Feature>& found) {
  for (StatementIterator walk(script); walk.Next();) {
    TokenReader reader = walk.reader();
    if (!IsCreateRoutine(reader)) continue;
    for (; !reader.AtEnd(); reader.Skip()) {
      if (reader.Kind() != TokenKind::kString) continue;
      const std::string body = StringContent(reader.Text());
      FeatureReader(body).Find(kAnywhere, found);
    }
  }
}

// Reads a text in lower case and as tokens.
void FindIn(std::string_view script, std::vector<Feature>& found) {
  FeatureReader reading(script);
  reading.Find(kAnywhere, found);
  reading.Find(kStatements, found);
  if (reading.Mentions("function") || reading.Mentions("procedure")) {
    FindInBodies(script, found);
  }
}

// Larger ones are read statement by statement, so that they are not in memory several times.
constexpr size_t kLarge = size_t{8} << 20;

}  // namespace

std::vector<Feature> FeaturesOf(std::string_view script) {
  std::vector<Feature> found;
  if (script.size() <= kLarge) {
    FindIn(script, found);
    return found;
  }
  for (StatementIterator walk(script); walk.Next();) FindIn(walk.statement().text, found);
  return found;
}

std::vector<Feature> FeaturesOfDefinition(std::string_view definition) {
  std::vector<Feature> found;
  FeatureReader(definition).Find(kAnywhere, found);
  return found;
}

std::vector<Feature> FunctionsOfDefinition(std::string_view definition) {
  std::vector<Feature> found;
  FeatureReader(definition).Find(kFunctions, found);
  return found;
}

bool HasMultirange(std::string_view text) {
  constexpr std::string_view kNames[] = {"int4multirange", "int8multirange", "nummultirange",
                                         "tsmultirange",   "tstzmultirange", "datemultirange"};
  return std::any_of(std::begin(kNames), std::end(kNames), [&](std::string_view name) {
    return text.find(name) != std::string_view::npos;
  });
}

}  // namespace ballast::sql
