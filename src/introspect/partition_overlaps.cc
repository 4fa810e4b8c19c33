// SPDX-License-Identifier: Apache-2.0
#include "introspect/partition_overlaps.h"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <utility>

#include "base/fill_template.h"
#include "base/sqlstate.h"
#include "base/text.h"
#include "postgres/record.h"
#include "postgres/rolled_back_transaction.h"
#include "sql/quote.h"

namespace ballast::introspect {
namespace {

// The partitions next to each one that is to be made.
constexpr char kNeighbours[] = R"(
SELECT w.place, pg_catalog.format('%I.%I', n.nspname, p.relname) AS parent, p.oid::int8 AS oid,
  pg_catalog.pg_get_partkeydef(p.oid) AS key, c.relname AS name,
  pg_catalog.format('%I.%I', s.nspname, c.relname) AS relation,
  CASE WHEN s.nspname = @schema THEN '' ELSE pg_catalog.quote_ident(s.nspname) || '.' END
    || pg_catalog.quote_ident(c.relname) AS identity,
  pg_catalog.pg_get_expr(c.relpartbound, c.oid) AS bound
FROM (VALUES @requested) AS w(place, parent_schema, parent)
JOIN pg_catalog.pg_namespace n ON n.nspname = w.parent_schema
JOIN pg_catalog.pg_class p ON p.relnamespace = n.oid AND p.relname = w.parent AND p.relkind = 'p'
JOIN pg_catalog.pg_inherits i ON i.inhparent = p.oid
JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
JOIN pg_catalog.pg_namespace s ON s.oid = c.relnamespace
ORDER BY w.place, c.oid)";

struct Neighbour {
  std::string relation;
  std::string identity;
  std::string bound;
};

struct Parent {
  std::string relation;
  std::string key;
  std::vector<Neighbour> neighbours;
};

constexpr char kNew[] = "pg_temp.ballast_new_partition";

std::string CopyOf(size_t neighbour) {
  return fmt::format("ballast_partition_{}", neighbour);
}

std::string TablesOf(const Parent& parent) {
  std::string text =
      fmt::format("CREATE TEMP TABLE ballast_partitioned (LIKE {}) PARTITION BY {};\n",
                  parent.relation, parent.key);
  for (size_t at = 0; at < parent.neighbours.size(); ++at) {
    text += fmt::format("CREATE TEMP TABLE {} PARTITION OF pg_temp.ballast_partitioned {};\n",
                        CopyOf(at), parent.neighbours[at].bound);
  }
  return text;
}

// In a transaction that is rolled back.
class Trial {
 public:
  Trial(const Parent& parent, postgres::Session& session) : parent_(parent), session_(session) {}

  // False if the tables cannot be made.
  Result<bool> Begin() {
    const postgres::Outcome made = session_.Run("SAVEPOINT tables;\n" + TablesOf(parent_));
    if (made.error) TRY(session_.Query("ROLLBACK TO tables"));
    return !made.error;
  }

  Status End() { return Done("ROLLBACK TO tables"); }

  // Names every partition in the way: one that the server has named is left out of the next
  // attempt.
  Status Try(size_t place, const sql::NewPartition& requested,
             std::vector<PartitionOverlap>& found) {
    TRY(Done("SAVEPOINT partition"));
    for (size_t left = parent_.neighbours.size(); left > 0; --left) {
      const postgres::Outcome made =
          session_.Run(fmt::format("SAVEPOINT attempt;\nCREATE TEMP TABLE {} PARTITION OF "
                                   "pg_temp.ballast_partitioned {};\n",
                                   kNew, requested.bound));
      if (!made.error) {
        TRY(FindRows(place, found));
        break;
      }
      const bool refused = made.error->sqlstate == sqlstate::kInvalidObjectDefinition;
      const std::optional<size_t> other = refused ? NamedIn(*made.error) : std::nullopt;
      if (!other) break;
      const Neighbour& neighbour = parent_.neighbours[*other];
      found.push_back(
          {PartitionOverlap::Kind::kBounds, place, neighbour.identity, neighbour.bound});
      TRY(Done("ROLLBACK TO attempt;\nDROP TABLE pg_temp." + CopyOf(*other)));
    }
    return Done("ROLLBACK TO partition");
  }

 private:
  Status Done(const std::string& end) {
    TRY(session_.Query(end));
    return {};
  }

  // The server names the table in every language.
  std::optional<size_t> NamedIn(const postgres::ServerError& error) const {
    for (size_t at = 0; at < parent_.neighbours.size(); ++at) {
      const std::string quoted = CopyOf(at);
      for (const std::string& text : {error.message, error.detail}) {
        const size_t begin = text.find(quoted);
        if (begin == text.npos) continue;
        const char next = begin + quoted.size() < text.size() ? text[begin + quoted.size()] : ' ';
        if (next < '0' || next > '9') return at;
      }
    }
    return std::nullopt;
  }

  // Rows that cannot be read are not known.
  Status FindRows(size_t place, std::vector<PartitionOverlap>& found) {
    for (const Neighbour& other : parent_.neighbours) {
      if (other.bound != "DEFAULT") continue;
      TRY_ASSIGN(const postgres::Value condition,
                 session_.QueryValue(fmt::format("SELECT pg_catalog.pg_get_partition_constraintdef("
                                                 "'{}'::pg_catalog.regclass)",
                                                 kNew)));
      if (!condition) return {};
      const postgres::Outcome any = session_.Run(
          fmt::format("SELECT EXISTS (SELECT FROM {} WHERE {})", other.relation, *condition));
      if (any.error || any.results.back().rows[0][0].value_or("") != "t") return {};
      found.push_back({PartitionOverlap::Kind::kRows, place, other.identity, other.bound});
    }
    return {};
  }

  const Parent& parent_;
  postgres::Session& session_;
};

struct Neighbourhood {
  std::map<uint32_t, Parent> parents;
  std::map<size_t, uint32_t> parent_of;  // of the requested ones
};

Result<Neighbourhood> NeighbourhoodOf(
    postgres::Session& session, const std::string& schema,
    const std::vector<sql::NewPartition>& requested,
    const std::function<bool(const std::string&, const std::string&)>& concerns) {
  std::vector<std::string> rows;
  for (const sql::NewPartition& one : requested) {
    const std::string& space = one.parent.schema.empty() ? schema : one.parent.schema;
    rows.push_back(fmt::format("({}, {}, {})", rows.size(), sql::QuoteLiteral(space),
                               sql::QuoteLiteral(one.parent.name)));
  }
  TRY_ASSIGN(const auto answers,
             session.Query(FillTemplate(kNeighbours, {{"@schema", sql::QuoteLiteral(schema)},
                                                      {"@requested", Join(rows, ", ")}})));
  Neighbourhood found;
  std::map<uint32_t, std::map<std::string, bool>> known;
  postgres::ForEachRecord(answers.back(), [&](const postgres::Record& row) {
    const uint32_t oid = row.Oid("oid");
    const std::string identity = row.Text("identity");
    found.parent_of[static_cast<size_t>(row.Number("place"))] = oid;
    Parent& parent = found.parents[oid];
    parent.relation = row.Text("parent");
    parent.key = row.Text("key");
    if (!known[oid].emplace(identity, true).second || !concerns(identity, row.Text("name"))) return;
    parent.neighbours.push_back({row.Text("relation"), identity, row.Text("bound")});
  });
  std::erase_if(found.parents, [](const auto& one) { return one.second.neighbours.empty(); });
  return found;
}

}  // namespace

Result<std::vector<PartitionOverlap>> FindPartitionOverlaps(
    postgres::Session& session, const std::string& schema,
    const std::vector<sql::NewPartition>& requested,
    const std::function<bool(const std::string& identity, const std::string& name)>& concerns) {
  std::vector<PartitionOverlap> found;
  if (requested.empty()) return found;
  TRY_ASSIGN(const Neighbourhood near, NeighbourhoodOf(session, schema, requested, concerns));
  if (near.parents.empty()) return found;
  const auto try_all = [&]() -> Status {
    for (const auto& [oid, parent] : near.parents) {
      Trial trial(parent, session);
      TRY_ASSIGN(const bool begun, trial.Begin());
      if (!begun) continue;
      for (size_t place = 0; place < requested.size(); ++place) {
        const auto of = near.parent_of.find(place);
        if (of == near.parent_of.end() || of->second != oid) continue;
        TRY(trial.Try(place, requested[place], found));
      }
      TRY(trial.End());
    }
    return {};
  };
  TRY(postgres::InRolledBackTransaction(
      session, "BEGIN;\nSET LOCAL lock_timeout = '1s';\nSET LOCAL row_security = off", try_all));
  return found;
}

}  // namespace ballast::introspect
