// SPDX-License-Identifier: Apache-2.0
#include "lint/safe_form.h"

#include <fmt/format.h>

#include <optional>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "lint/made_up_name.h"
#include "lint/names_and_locks.h"
#include "lint/statement_parts.h"
#include "sql/domain_change.h"
#include "sql/lexer.h"
#include "sql/quote.h"

namespace ballast::lint {
namespace {

constexpr char kApart[] = "-- in a separate migration:\n";

std::string CreateIndex(const Relation& table, const BuiltIndex& index, std::string_view name,
                        std::string_view concurrently, std::string_view only) {
  return fmt::format("CREATE {}INDEX {}{} ON {}{} {};\n", index.unique ? "UNIQUE " : "",
                     concurrently, sql::QuoteIdentifier(name), only, SqlNameOf(table),
                     index.definition);
}

std::string AlterTable(const Relation& table, const std::string& what) {
  return fmt::format("ALTER TABLE {} {};\n", SqlNameOf(table), what);
}

// With a domain that has constraints, a new column rewrites the table.
const std::string& PlainTypeOf(const Column& column) {
  return column.base_type.empty() ? column.type : column.base_type;
}

// "DEFERRABLE INITIALLY DEFERRED" at the end of a definition as pg_get_constraintdef() prints it.
std::string TimingOf(const AddedConstraint& constraint) {
  const size_t list = constraint.definition.rfind(')');
  return list == std::string::npos ? std::string() : constraint.definition.substr(list + 1);
}

// The index first, then the constraint, which takes the index over and renames it.
std::string SafeUniqueConstraint(const Relation& table, const BuiltIndex& index,
                                 const AddedConstraint& constraint, const std::string& built) {
  const std::string drop =
      built == constraint.name
          ? ""
          : fmt::format("DROP CONSTRAINT {}, ", sql::QuoteIdentifier(constraint.name));
  return BuildConcurrently(table, index, built) + "-- in a later migration:\n" +
         AlterTable(table, drop + ConstraintUsingIndex(constraint, built));
}

}  // namespace

std::string AddColumnClause(const Column& column) {
  const std::string value =
      column.default_expression.empty() ? "" : " DEFAULT " + column.default_expression;
  return fmt::format("ADD COLUMN {} {}{}{}", sql::QuoteIdentifier(column.name), column.type, value,
                     column.not_null ? " NOT NULL" : "");
}

std::string ConstraintUsingIndex(const AddedConstraint& constraint, const std::string& built) {
  return fmt::format("ADD CONSTRAINT {} {} USING INDEX {}{}", sql::QuoteIdentifier(constraint.name),
                     constraint.type == 'p' ? "PRIMARY KEY" : "UNIQUE", sql::QuoteIdentifier(built),
                     TimingOf(constraint));
}

std::string BuildConcurrently(const Relation& table, const BuiltIndex& index,
                              const std::string& built) {
  return kApart + CreateIndex(table, index, built, "CONCURRENTLY ", "");
}

std::string PartitionedIndexAlone(const Relation& table, const BuiltIndex& index,
                                  const AddedConstraint* constraint) {
  if (constraint == nullptr) return CreateIndex(table, index, index.name, "", "ONLY ");
  return fmt::format("ALTER TABLE ONLY {} ADD CONSTRAINT {} {};\n", SqlNameOf(table),
                     sql::QuoteIdentifier(constraint->name), constraint->definition);
}

std::string SafeIndexBuild(const Relation& table, const BuiltIndex& index,
                           const AddedConstraint* constraint, const std::string& built) {
  if (table.kind == 'p') {
    return fmt::format(
        "-- a partitioned table: make the {} on the parent alone (ONLY), build it concurrently on\n"
        "-- each partition (each in a separate migration), then attach them with\n"
        "-- ALTER INDEX … ATTACH PARTITION …\n",
        constraint == nullptr ? "index" : "constraint");
  }
  if (constraint != nullptr && constraint->type == 'x') {
    return "-- PostgreSQL builds the index of an exclusion constraint only under this lock: add it "
           "while\n"
           "-- few use the table, and limit the wait for the lock\n";
  }
  if (constraint != nullptr) return SafeUniqueConstraint(table, index, *constraint, built);
  return BuildConcurrently(table, index, index.name);
}

std::string SafeIndexDrop(const Relation& index) {
  return fmt::format("{}DROP INDEX CONCURRENTLY {};\n", kApart, SqlNameOf(index));
}

std::string SafeReindex(std::string_view statement) {
  const std::vector<sql::Token> tokens = sql::Tokenize(statement);
  for (const sql::Token& token : tokens) {
    const std::string word = ToLowerAscii(statement.substr(token.offset, token.length));
    if (word != "index" && word != "table" && word != "schema" && word != "database") continue;
    const size_t end = token.offset + token.length;
    return fmt::format("{}{} CONCURRENTLY{};\n", kApart, statement.substr(0, end),
                       statement.substr(end));
  }
  return {};
}

std::string SafeDomainCheck(std::string_view statement) {
  const std::optional<sql::DomainChange> change = sql::ReadDomainChange(statement);
  if (!change || change->kind == sql::DomainChangeKind::kOther) return {};
  const std::string domain = sql::QualifiedName(change->domain.schema, change->domain.name);
  std::string constraint = change->constraint;
  std::string add = std::string(statement) + " NOT VALID";
  if (change->kind == sql::DomainChangeKind::kSetNotNull) {
    constraint = MadeUpName(change->domain.name, "", "not_null", {});
    add = fmt::format("ALTER DOMAIN {} ADD CONSTRAINT {} CHECK (VALUE IS NOT NULL) NOT VALID",
                      domain, sql::QuoteIdentifier(constraint));
  } else if (constraint.empty()) {
    constraint = MadeUpName(change->domain.name, "", "check", {});  // as the server names it
  }
  return fmt::format(
      "{};\n-- in a later migration; the tables can be read, but not written meanwhile:\n"
      "ALTER DOMAIN {} VALIDATE CONSTRAINT {};\n",
      add, domain, sql::QuoteIdentifier(constraint));
}

std::string SafeConstraint(const Relation& table, const AddedConstraint& constraint) {
  const std::string name = sql::QuoteIdentifier(constraint.name);
  if (table.kind == 'p' && constraint.type == 'f') {
    return fmt::format(
               "-- before PostgreSQL 18, a foreign key of a partitioned table cannot be NOT VALID. "
               "On each "
               "partition:\n-- ALTER TABLE … ADD CONSTRAINT {0} {1} NOT VALID;\n"
               "-- in later migrations; the last one takes over what is valid on the partitions:\n"
               "-- ALTER TABLE … VALIDATE CONSTRAINT {0};\n-- ",
               name, constraint.definition) +
           AlterTable(table, fmt::format("ADD CONSTRAINT {} {}", name, constraint.definition));
  }
  return AlterTable(table,
                    fmt::format("ADD CONSTRAINT {} {} NOT VALID", name, constraint.definition)) +
         "-- in a later migration; it lets reads and writes continue:\n" +
         AlterTable(table, "VALIDATE CONSTRAINT " + name);
}

std::string SafeNotNull(const Relation& table, const std::string& column) {
  const std::string name = sql::QuoteIdentifier(NullCheckName(table, column));
  const std::string quoted = sql::QuoteIdentifier(column);
  return AlterTable(table, fmt::format("ADD CONSTRAINT {} CHECK ({} IS NOT NULL) NOT VALID", name,
                                       quoted)) +
         "-- in a later migration; with the validated check, SET NOT NULL skips its own scan:\n" +
         AlterTable(table, "VALIDATE CONSTRAINT " + name) +
         AlterTable(table, fmt::format("ALTER COLUMN {} SET NOT NULL", quoted)) +
         AlterTable(table, "DROP CONSTRAINT " + name);
}

std::string SafeTypeChange(const Relation& table, const Column& from, const Column& to,
                           std::string_view statement) {
  const std::string added = sql::QuoteIdentifier(NewColumnName(table, from.name));
  std::string value = UsingExpression(statement, from.name);
  if (value.empty()) value = sql::QuoteIdentifier(from.name) + "::" + to.type;
  return AlterTable(table, fmt::format("ADD COLUMN {} {}", added, PlainTypeOf(to))) +
         fmt::format(
             "-- let the application write both columns, then copy in batches of a few "
             "thousand rows:\n"
             "UPDATE {} SET {} = {} WHERE {} IS NULL AND …;\n"
             "-- let the application read the new column; in a later release drop the old one\n",
             SqlNameOf(table), added, value, added);
}

std::string SafeTimeZoneChange(const Relation& table, const Column& to) {
  return AlterTable(table,
                    fmt::format("ALTER COLUMN {} TYPE {}", sql::QuoteIdentifier(to.name), to.type));
}

std::string SafeInUtc(const std::string& changes) {
  return "-- if the values without time zone are times in UTC, as Prisma's are, no row changes:\n"
         "SET LOCAL TimeZone = 'UTC';\n" +
         changes;
}

std::string SafeNewColumn(const Relation& table, const Column& column) {
  const std::string quoted = sql::QuoteIdentifier(column.name);
  std::string text =
      AlterTable(table, fmt::format("ADD COLUMN {} {}", quoted, PlainTypeOf(column)));
  if (!column.base_type.empty()) {
    const std::string check = sql::QuoteIdentifier(ConstraintName(table, column.name, "check"));
    text += "-- for the constraints of the domain, with which PostgreSQL rewrites the table:\n" +
            AlterTable(table, fmt::format("ADD CONSTRAINT {} CHECK (…) NOT VALID", check)) +
            "-- in a later migration; it lets reads and writes continue:\n" +
            AlterTable(table, "VALIDATE CONSTRAINT " + check);
    if (!column.has_default) {
      return text + (column.not_null ? SafeNotNull(table, column.name) : "");
    }
  }
  if (column.is_generated) {
    text += "-- let a trigger BEFORE INSERT OR UPDATE compute the value for new rows\n";
  } else if (column.has_default) {
    text += "-- set the default for new rows: ALTER COLUMN … SET DEFAULT …\n";
  } else {
    text += "-- let the application write the column for new rows\n";
  }
  text += fmt::format(
      "-- then fill the old rows in batches of a few thousand:\nUPDATE {} SET {} = … "
      "WHERE {} IS NULL AND …;\n",
      SqlNameOf(table), quoted, quoted);
  if (column.not_null) text += SafeNotNull(table, column.name);
  return text;
}

std::string SafeDrop(const std::string& what, const std::string& sql, const std::string& rule) {
  return fmt::format(
      "-- first deploy an application that no longer uses {}, and keep a copy of the data\n"
      "-- that you still need; in a later release:\n-- ballast:allow {}\n{};\n",
      what, rule, sql);
}

std::string SafeRemovalOfValues(const Relation& table, const Column& column,
                                const std::vector<std::string>& values) {
  std::vector<std::string> literals;
  literals.reserve(values.size());
  for (const std::string& value : values) literals.push_back(sql::QuoteLiteral(value));
  const std::string name = sql::QuoteIdentifier(column.name);
  const std::string list = Join(literals, ", ");
  const std::string has_value = column.type.ends_with("[]")
                                    ? fmt::format("{}::text[] && ARRAY[{}]", name, list)
                                    : fmt::format("{}::text IN ({})", name, list);
  return fmt::format(
      "-- first deploy an application that does not write {}; then:\nUPDATE {} SET {} = … "
      "WHERE {};\n",
      Join(values, ", "), SqlNameOf(table), name, has_value);
}

std::string SafeColumnRename(const Column& from, const Column& to) {
  return fmt::format(
      "-- keep the column's name in the database, and rename it in schema.prisma alone:\n"
      "--   {} … @map(\"{}\")\n",
      to.name, from.name);
}

std::string SafeTableRename(const Relation& from, const Relation& to) {
  return fmt::format(
      "-- keep the table's name in the database, and rename the model in schema.prisma alone:\n"
      "--   model {} {{ … @@map(\"{}\") }}\n",
      to.name, from.name);
}

std::string SafeTableMove(const Relation& from) {
  return fmt::format(
      "-- keep the table in its schema, and name that in schema.prisma:\n--   @@schema(\"{}\")\n",
      from.schema);
}

std::string SafeRefresh(const Relation& view, bool has_unique_index) {
  std::string text = "-- it lets reads continue:\n";
  if (!has_unique_index) {
    text = fmt::format(
        "-- with a unique index, a refresh lets reads continue:\nCREATE UNIQUE INDEX ON {} (…);\n",
        SqlNameOf(view));
  }
  return text + fmt::format("REFRESH MATERIALIZED VIEW CONCURRENTLY {};\n", SqlNameOf(view));
}

std::string SafeDetach(const Relation& table, const Relation& partition, bool has_default) {
  if (has_default) {
    return "-- PostgreSQL cannot detach concurrently from a table with a default partition: limit "
           "the wait\n-- for the lock, and deploy while few use the table\n"
           "SET lock_timeout = '5s';\n" +
           AlterTable(table, "DETACH PARTITION " + SqlNameOf(partition));
  }
  return "-- in a separate migration, since PostgreSQL 14:\n" +
         AlterTable(table, fmt::format("DETACH PARTITION {} CONCURRENTLY", SqlNameOf(partition))) +
         fmt::format(
             "-- it leaves a check of the bounds on {0}; in a later migration:\n"
             "-- ALTER TABLE {0} DROP CONSTRAINT …;\n",
             SqlNameOf(partition));
}

std::string SafeNewPartition(const Relation& table, const Relation& partition) {
  return fmt::format("CREATE TABLE {} (LIKE {} INCLUDING ALL);\n", SqlNameOf(partition),
                     SqlNameOf(table)) +
         "-- it lets reads and writes continue:\n" +
         AlterTable(table, fmt::format("ATTACH PARTITION {} FOR VALUES …", SqlNameOf(partition)));
}

std::string SafeAttach(const Relation& partition) {
  const std::string name = sql::QuoteIdentifier(ConstraintName(partition, {}, "bounds"));
  return "-- a check that implies the bounds lets ATTACH PARTITION skip its own scan:\n" +
         AlterTable(partition, fmt::format("ADD CONSTRAINT {} CHECK (…) NOT VALID", name)) +
         "-- in later migrations:\n" + AlterTable(partition, "VALIDATE CONSTRAINT " + name) +
         "ALTER TABLE … ATTACH PARTITION " + SqlNameOf(partition) + " FOR VALUES …;\n" +
         AlterTable(partition, "DROP CONSTRAINT " + name);
}

std::string SafeDefaultPartition(const Relation& partition) {
  const std::string name = sql::QuoteIdentifier(ConstraintName(partition, {}, "bounds"));
  return "-- a check that excludes the bounds of the new partition lets PostgreSQL skip the "
         "scan:\n" +
         AlterTable(partition, fmt::format("ADD CONSTRAINT {} CHECK (…) NOT VALID", name)) +
         "-- in a later migration, before the statement:\n" +
         AlterTable(partition, "VALIDATE CONSTRAINT " + name);
}

std::string SafeBulkWrite(const Relation& table, bool deletes, bool has_children) {
  const std::string name = (has_children ? "ONLY " : "") + SqlNameOf(table);
  return fmt::format(
      "-- outside of the migration, repeated until no row is left:\n"
      "{} WHERE ctid = ANY (ARRAY(SELECT ctid FROM {} WHERE … LIMIT 5000));\n",
      deletes ? "DELETE FROM " + name : fmt::format("UPDATE {} SET …", name), name);
}

}  // namespace ballast::lint
