// SPDX-License-Identifier: Apache-2.0
#include "tests/support/random_expressions.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "tests/support/random_expressions_templates.h"
#include "tools/sample/random.h"

namespace ballast::testing {
namespace {

// Where an expression is used: how its columns are written, and which there are.
struct ExpressionContext {
  std::string prefix;  // before a column's name: "NEW."
  bool has_columns = true;
  char value_type = '\0';  // of the word VALUE, in a domain
};

// Draws one object after the other.
class ExpressionObjects {
 public:
  explicit ExpressionObjects(uint64_t seed) : random_(seed) {}

  std::string Next() {
    ++number_;
    if (number_ % kObjectsOfTable == 0) {
      const std::string_view from = table_;
      const std::string made =
          fmt::format("CREATE TABLE \"Wide {}\" (LIKE {})", number_ / kObjectsOfTable, from);
      table_ = fmt::format("\"Wide {}\"", number_ / kObjectsOfTable);
      return made;
    }
    switch (random_.Below(14)) {
      case 0:
      case 1:
      case 2:
      case 3:
        return fmt::format("ALTER TABLE {} ADD CONSTRAINT check_{} CHECK ({})", table_, number_,
                           Draw('B', {}));
      case 4:
        return DrawIndex();
      case 5:
      case 6:
        return fmt::format("CREATE VIEW view_{} AS {}", number_, DrawQuery());
      case 7:
        return fmt::format("CREATE MATERIALIZED VIEW matview_{} AS {} WITH NO DATA", number_,
                           DrawQuery());
      case 8:
        return DrawPolicy();
      case 9:
        return DrawDomain();
      case 10:
        return DrawColumn();
      case 11:
        return DrawGenerated();
      case 12:
        return DrawRule();
      default:
        return fmt::format(
            "CREATE TRIGGER trigger_{} BEFORE INSERT ON {} FOR EACH ROW WHEN ({}) EXECUTE FUNCTION "
            "do_nothing()",
            number_, table_, Draw('B', {"NEW."}));
    }
  }

 private:
  std::string Draw(char type, const ExpressionContext& context) {
    return DrawExpression(type, context, 1 + static_cast<int>(random_.Below(3)));
  }

  const ExpressionTemplate& PickOf(std::span<const ExpressionTemplate> templates, char type) {
    const auto fits = [&](const ExpressionTemplate& t) { return t.type == type; };
    const auto count = std::count_if(templates.begin(), templates.end(), fits);
    auto nth = random_.Below(static_cast<size_t>(count));
    auto at = std::find_if(templates.begin(), templates.end(), fits);
    while (nth-- > 0) at = std::find_if(at + 1, templates.end(), fits);
    return *at;
  }

  std::string DrawExpression(char type, const ExpressionContext& context, int depth) {
    if (depth <= 0 || random_.OneIn(6)) return DrawLeaf(type, context);
    const auto templates = ExpressionTemplates();
    const bool any = std::any_of(templates.begin(), templates.end(),
                                 [&](const ExpressionTemplate& t) { return t.type == type; });
    if (!any) return DrawLeaf(type, context);
    return "(" + Filled(PickOf(templates, type).text, context, depth - 1) + ")";
  }

  std::string DrawLeaf(char type, const ExpressionContext& context) {
    if (context.value_type == type) return "VALUE";
    if (!context.has_columns || random_.OneIn(8)) return PickOf(ExpressionLiterals(), type).text;
    return context.prefix + PickOf(ExpressionColumns(), type).text;
  }

  std::string Filled(std::string_view text, const ExpressionContext& context, int depth) {
    std::string filled;
    for (size_t i = 0; i < text.size(); ++i) {
      if (text[i] != '%') {
        filled += text[i];
      } else if (text[++i] == '%') {
        filled += '%';
      } else {
        filled += DrawExpression(text[i], context, depth);
      }
    }
    return filled;
  }

  std::string DrawQuery() {
    const auto queries = QueryTemplates();
    return Filled(queries[random_.Below(queries.size())], {"w."}, 2);
  }

  char DrawType() {
    constexpr std::string_view types = "BISLNFTVCDMZHWJKAXGEUYROPQ$";
    return types[random_.Below(types.size())];
  }

  std::string DrawIndex() {
    if (random_.OneIn(2)) {
      return fmt::format("CREATE INDEX index_{} ON {} (i) WHERE {}", number_, table_,
                         Draw('B', {}));
    }
    return fmt::format("CREATE INDEX index_{} ON {} (({}), i)", number_, table_,
                       Draw(DrawType(), {}));
  }

  std::string DrawPolicy() {
    if (random_.OneIn(2)) {
      return fmt::format("CREATE POLICY policy_{} ON {} FOR UPDATE USING ({}) WITH CHECK ({})",
                         number_, table_, Draw('B', {}), Draw('B', {}));
    }
    return fmt::format(
        "CREATE POLICY policy_{} ON {} USING (EXISTS (SELECT 1 FROM left_1 l WHERE l.id = i AND "
        "{}))",
        number_, table_, Draw('B', {}));
  }

  std::string DrawDomain() {
    static const std::vector<std::pair<char, const char*>> bases = {
        {'T', "text"},    {'V', "varchar(20)"}, {'C', "character(3)"},  {'I', "integer"},
        {'N', "numeric"}, {'K', "jsonb"},       {'E', "\"Role\""},      {'D', "date"},
        {'A', "text[]"},  {'X', "varchar[]"},   {'Z', "timestamptz(3)"}};
    const auto& [type, name] = bases[random_.Below(bases.size())];
    return fmt::format("CREATE DOMAIN domain_{} AS {} CHECK ({})", number_, name,
                       Draw('B', {"", false, type}));
  }

  std::string DrawColumn() {
    static const std::vector<std::pair<char, const char*>> columns = {
        {'T', "text"},       {'V', "varchar(20)"},  {'C', "character(3)"}, {'I', "integer"},
        {'L', "bigint"},     {'N', "numeric(8,2)"}, {'K', "jsonb"},        {'E', "\"Role\""},
        {'D', "date"},       {'A', "text[]"},       {'X', "varchar(5)[]"}, {'Z', "timestamptz(3)"},
        {'B', "boolean"},    {'F', "real"},         {'M', "timestamp(3)"}, {'W', "interval"},
        {'Y', "bytea"},      {'G', "integer[]"},    {'U', "uuid"},         {'H', "time(3)"},
        {'E', "\"Role\"[]"}, {'O', "\"Short\""}};
    const auto& [type, name] = columns[random_.Below(columns.size())];
    std::string value = Draw(type, {"", false});
    if (std::string_view(name) == "\"Role\"[]") value = "ARRAY[" + value + "]";
    return fmt::format("CREATE TABLE default_{} (id integer, c {} DEFAULT {})", number_, name,
                       value);
  }

  std::string DrawGenerated() {
    static const std::vector<std::pair<char, const char*>> columns = {
        {'T', "text"},    {'V', "varchar(20)"}, {'I', "integer"},   {'N', "numeric(8,2)"},
        {'B', "boolean"}, {'D', "date"},        {'M', "timestamp"}, {'K', "jsonb"}};
    const auto& [type, name] = columns[random_.Below(columns.size())];
    return fmt::format(
        "CREATE TABLE generated_{} (LIKE \"Wide\", g_ {} GENERATED ALWAYS AS ({}) STORED)", number_,
        name, Draw(type, {}));
  }

  std::string DrawRule() {
    if (random_.OneIn(2)) {
      return fmt::format(
          "CREATE RULE rule_{} AS ON INSERT TO {} WHERE {} DO ALSO INSERT INTO left_1 (id, v) "
          "VALUES ({}, {})",
          number_, table_, Draw('B', {"NEW."}), Draw('I', {"NEW."}), Draw('V', {"NEW."}));
    }
    return fmt::format(
        "CREATE RULE rule_{} AS ON UPDATE TO {} DO ALSO UPDATE ruled_1 SET v = {}, id = {} WHERE "
        "id = "
        "OLD.i AND {}",
        number_, table_, Draw('T', {"NEW."}), Draw('I', {"NEW."}), Draw('B', {"NEW."}));
  }

  // The server reads all checks and rules of a table whenever one is added.
  static constexpr int kObjectsOfTable = 150;

  sample::Random random_;
  int number_ = 0;
  std::string table_ = "\"Wide\"";
};

}  // namespace

std::string RandomExpressionSetup() {
  return R"(
CREATE TYPE "Role" AS ENUM ('A', 'B c', 'it''s');
CREATE TYPE pair AS (x integer, y varchar(5));
CREATE DOMAIN "Short" AS varchar(10);
CREATE TABLE "Wide" (
  id integer PRIMARY KEY, b boolean, "b 2" boolean, i integer, "i2" integer, s smallint, l bigint,
  n numeric(10,2), n0 numeric, f double precision, r real, t text, "T" text, v varchar(20),
  status varchar(10) NOT NULL DEFAULT 'a', v0 varchar, c character(3), c1 "char", d date,
  m timestamp(3), m6 timestamp, z timestamptz, z3 timestamptz(3), h time, w_ interval, j json,
  k jsonb, a text[], x varchar(10)[], g integer[], e "Role", e2 "Role" NOT NULL DEFAULT 'A',
  u uuid, y bytea, rg int4range, o "Short", p inet, q bit(4), mo money, "order" text, pair pair);
CREATE TABLE left_1 (id integer, v varchar(10));
CREATE TABLE ruled_1 (id integer, v varchar(10));
CREATE TABLE apart (y integer);
CREATE FUNCTION do_nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION is_ok(text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 <> ''''';
CREATE FUNCTION is_num(numeric) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 > 0';
CREATE FUNCTION is_any(VARIADIC text[]) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT true';
CREATE FUNCTION is_named(a text, b bigint DEFAULT 3, c varchar DEFAULT 'x') RETURNS boolean
  LANGUAGE sql IMMUTABLE AS 'SELECT true';
)";
}

std::vector<std::string> RandomExpressionObjects(uint64_t seed, int count) {
  ExpressionObjects objects(seed);
  std::vector<std::string> statements;
  for (int i = 0; i < count; ++i) statements.push_back(objects.Next());
  return statements;
}

}  // namespace ballast::testing
