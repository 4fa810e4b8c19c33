// SPDX-License-Identifier: Apache-2.0
// Random views, routines, triggers, rules and policies.
#include <fmt/format.h>

#include "base/text.h"
#include "tests/support/random_catalog_parts.h"

namespace ballast::testing {
namespace {

// A random table or earlier view.
RandomTable Source(RandomWorld& world) {
  return world.views.empty() || !world.random.OneIn(3) ? world.Table()
                                                       : world.random.Pick(world.views);
}

void MakeView(RandomWorld& world) {
  const RandomTable from = Source(world);
  const RandomTable other = Source(world);
  RandomTable view{world.Schema(), world.Fresh(), {}};
  const std::string key = from.columns.front().name;
  const std::string last = from.columns.back().name;
  const std::string one = world.Fresh(), two = world.Fresh();
  view.columns = {{one, from.columns.front().type, true}, {two, {"text", {"'v'"}}, true}};
  const std::vector<std::string> queries = {
      fmt::format("SELECT {} AS {}, ({})::text AS {} FROM {}", key, one, last, two, from.Place()),
      fmt::format("SELECT t.{} AS {}, count(*)::text AS {} FROM {} t LEFT JOIN {} u ON "
                  "(t.{})::text = (u.{})::text GROUP BY t.{}",
                  key, one, two, from.Place(), other.Place(), key, other.columns.front().name, key),
      fmt::format("WITH c AS (SELECT * FROM {}) SELECT c.{} AS {}, CASE WHEN (c.{})::text ~ 'a' "
                  "THEN 'y' ELSE 'n' END AS {} FROM c ORDER BY 1 LIMIT 5",
                  from.Place(), key, one, last, two),
      fmt::format("SELECT t.{} AS {}, t::text AS {} FROM {} t WHERE EXISTS (SELECT 1 FROM {})", key,
                  one, two, from.Place(), other.Place())};
  const bool materialized = world.random.OneIn(3);
  const char* kind = materialized ? "MATERIALIZED VIEW" : "VIEW";
  const char* options = !materialized && world.random.OneIn(4) ? " WITH (security_barrier)" : "";
  const char* tail = materialized && world.random.OneIn(2) ? " WITH NO DATA" : "";
  world.Say(fmt::format("CREATE {} {}{} AS {}{}", kind, view.Place(), options,
                        world.random.Pick(queries), tail));
  if (materialized) {
    world.Say(fmt::format("CREATE INDEX {} ON {} ({})", world.Fresh(), view.Place(), two));
  }
  world.Known(kind, view.Place());
  world.views.push_back(std::move(view));
}

void MakeFunction(RandomWorld& world) {
  const RandomTable table = Source(world);
  const std::string place = world.Schema() + "." + world.Fresh();
  const std::string call =
      world.functions.empty() ? "1" : world.random.Pick(world.functions) + "(p)";
  // A table may move away later, and a constraint that calls the function must still work.
  const std::vector<std::string> bodies = {
      fmt::format("LANGUAGE sql STABLE AS $f$ SELECT {}::integer + p $f$", call),
      fmt::format(
          "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET "
          "work_mem = '1MB' AS $f$ BEGIN IF p = -77 THEN PERFORM 1 FROM {}; END IF; RETURN p; "
          "END $f$",
          table.Place()),
      "LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 7 AS 'SELECT p * 2'",
      world.major >= 14 ? fmt::format("LANGUAGE sql BEGIN ATOMIC SELECT {}::integer; SELECT "
                                      "count(*)::integer + p FROM {}; END",
                                      call, table.Place())
                        : "LANGUAGE sql AS 'SELECT 3'"};
  world.Say(fmt::format("CREATE FUNCTION {}(p integer{}) RETURNS integer {}", place,
                        world.random.OneIn(3) ? " DEFAULT 7" : "", world.random.Pick(bodies)));
  world.functions.push_back(place);
  world.Known("FUNCTION", place + "(integer)");
}

void MakeTableFunction(RandomWorld& world) {
  const RandomTable table = Source(world);
  const std::string place = world.Schema() + "." + world.Fresh();
  const std::vector<std::string> forms = {
      fmt::format("(OUT a integer, INOUT b text, VARIADIC c text[]) LANGUAGE sql AS 'SELECT 1, b'"),
      fmt::format("(r {0}) RETURNS SETOF {0} LANGUAGE sql AS $$ SELECT r $$", table.Place()),
      fmt::format("() RETURNS TABLE (x {}.{}%TYPE, y text) LANGUAGE plpgsql AS $$ BEGIN END $$",
                  table.Place(), table.columns.front().name)};
  world.Say("CREATE FUNCTION " + place + world.random.Pick(forms));
  world.Known("FUNCTION", place);
}

void UseFunction(RandomWorld& world) {
  if (world.functions.empty()) return;
  const RandomTable table = world.Table();
  const std::string function = world.random.Pick(world.functions);
  const std::string key = table.columns.front().name;
  const std::vector<std::string> uses = {
      fmt::format("ALTER TABLE {} ALTER {} SET DEFAULT {}(3)", table.Place(), key, function),
      fmt::format("ALTER TABLE {} ADD CONSTRAINT {} CHECK ({}({}::integer) IS NOT NULL) NOT VALID",
                  table.Place(), world.Fresh(), function, key),
      fmt::format("CREATE INDEX {} ON {} ({}({}::integer))", world.Fresh(), table.Place(), function,
                  key),
      fmt::format("CREATE VIEW {}.{} AS SELECT {}({}::integer) AS f FROM {}", world.Schema(),
                  world.Fresh(), function, key, table.Place())};
  world.Say(world.random.Pick(uses));
}

void MakeProcedure(RandomWorld& world) {
  const RandomTable table = world.Table();
  const std::string place = world.Schema() + "." + world.Fresh();
  world.Say(
      fmt::format("CREATE PROCEDURE {}(INOUT a text, b integer DEFAULT 4) LANGUAGE plpgsql AS "
                  "$p$ BEGIN DELETE FROM {} WHERE false; END $p$",
                  place, table.Place()));
  world.Known("PROCEDURE", place);
}

void MakeAggregate(RandomWorld& world) {
  const std::string place = world.Schema() + "." + world.Fresh();
  world.Say(
      fmt::format("CREATE AGGREGATE {}(integer) (SFUNC = int4larger, STYPE = integer, "
                  "INITCOND = '0', PARALLEL = SAFE)",
                  place));
  world.Known("AGGREGATE", place + "(integer)");
}

void MakeTrigger(RandomWorld& world) {
  const RandomTable table = world.Table();
  const std::string function = world.Schema() + "." + world.Fresh();
  const std::string name = world.Fresh();
  const std::string column = world.random.Pick(table.columns).name;
  world.Say(
      fmt::format("CREATE FUNCTION {}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN "
                  "NEW; END $$",
                  function));
  const std::vector<std::string> events = {
      fmt::format("BEFORE INSERT OR UPDATE OF {} ON {} FOR EACH ROW WHEN (NEW.{} IS NOT NULL)",
                  column, table.Place(), column),
      fmt::format("AFTER DELETE ON {} REFERENCING OLD TABLE AS o FOR EACH STATEMENT",
                  table.Place()),
      fmt::format("AFTER INSERT ON {} FOR EACH ROW", table.Place())};
  world.Say(fmt::format("CREATE TRIGGER {} {} EXECUTE FUNCTION {}('a''b', '2')", name,
                        world.random.Pick(events), function));
  const std::vector<std::string> states = {"DISABLE", "ENABLE REPLICA", "ENABLE ALWAYS", "ENABLE"};
  world.Say(
      fmt::format("ALTER TABLE {} {} TRIGGER {}", table.Place(), world.random.Pick(states), name));
  world.Known("TRIGGER", name + " ON " + table.Place());
}

void MakeRule(RandomWorld& world) {
  const RandomTable table = world.Table();
  const std::string name = world.Fresh();
  world.Say(fmt::format("CREATE RULE {} AS ON {} TO {} {} DO {}", name,
                        world.random.OneIn(2) ? "UPDATE" : "DELETE", table.Place(),
                        world.random.OneIn(2) ? "WHERE (false)" : "",
                        world.random.OneIn(2) ? "ALSO NOTHING" : "INSTEAD SELECT 1"));
  world.Known("RULE", name + " ON " + table.Place());
}

void MakePolicy(RandomWorld& world) {
  const RandomTable table = world.Table();
  const std::string name = world.Fresh();
  world.Say(fmt::format("CREATE POLICY {} ON {} AS {} FOR {} TO {} USING ({} IS NOT NULL)", name,
                        table.Place(), world.random.OneIn(2) ? "PERMISSIVE" : "RESTRICTIVE",
                        world.random.OneIn(2) ? "ALL" : "SELECT",
                        world.random.OneIn(2) ? "PUBLIC" : world.Role(),
                        world.random.Pick(table.columns).name));
  world.Known("POLICY", name + " ON " + table.Place());
}

}  // namespace

std::vector<RandomMove> RandomCodeMoves() {
  return {MakeView,    MakeView,      MakeView,    MakeFunction, MakeFunction, MakeTableFunction,
          UseFunction, MakeProcedure, MakeTrigger, MakeRule,     MakePolicy,   MakeAggregate};
}

}  // namespace ballast::testing
