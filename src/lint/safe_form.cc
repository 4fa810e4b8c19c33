// SPDX-License-Identifier: Apache-2.0
#include "lint/safe_form.h"

#include <fmt/format.h>

#include "base/text.h"
#include "lint/names_and_locks.h"
#include "lint/statement_parts.h"
#include "sql/quote.h"

namespace ballast::lint {
namespace {

std::string Concurrently(std::string definition) {
  constexpr std::string_view kWord = "INDEX ";
  const size_t at = definition.find(kWord);
  if (at != std::string::npos) definition.insert(at + kWord.size(), "CONCURRENTLY ");
  return definition;
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
                                 const AddedConstraint& constraint, bool name_is_taken) {
  const std::string name = sql::QuoteIdentifier(constraint.name);
  std::string built = name;
  std::string definition = index.definition;
  if (name_is_taken) {
    built = sql::QuoteIdentifier(constraint.name + "_new");
    const size_t at = definition.find(name);
    if (at != std::string::npos) definition.replace(at, name.size(), built);
  }
  const char* kind = constraint.type == 'p' ? "PRIMARY KEY" : "UNIQUE";
  const std::string drop = name_is_taken ? fmt::format("DROP CONSTRAINT {}, ", name) : "";
  return "-- in a migration of its own:\n" + Concurrently(definition) +
         ";\n-- in a later migration:\n" +
         AlterTable(table, fmt::format("{}ADD CONSTRAINT {} {} USING INDEX {}{}", drop, name, kind,
                                       built, TimingOf(constraint)));
}

}  // namespace

std::string SafeIndexBuild(const Relation& table, const BuiltIndex& index,
                           const AddedConstraint* constraint, bool name_is_taken) {
  if (index.definition.empty()) {
    return "-- in a migration of its own:\n-- REINDEX … CONCURRENTLY\n";
  }
  if (table.kind == 'p') {
    return fmt::format(
        "-- a partitioned table: make the index on the parent alone, build it concurrently on "
        "each\n"
        "-- partition (each in a migration of its own), then attach them with\n"
        "-- ALTER INDEX … ATTACH PARTITION …\n{};\n",
        ReplaceAll(index.definition, " ON ", " ON ONLY ").find(" ON ONLY ONLY ") ==
                std::string::npos
            ? ReplaceAll(index.definition, " ON ", " ON ONLY ")
            : index.definition);
  }
  if (constraint != nullptr && constraint->type == 'x') {
    return "-- PostgreSQL builds the index of an exclusion constraint only under this lock: add it "
           "while\n"
           "-- few use the table, and limit the wait for the lock\n";
  }
  if (constraint != nullptr) return SafeUniqueConstraint(table, index, *constraint, name_is_taken);
  return "-- in a migration of its own:\n" + Concurrently(index.definition) + ";\n";
}

std::string SafeConstraint(const Relation& table, const AddedConstraint& constraint) {
  const std::string name = sql::QuoteIdentifier(constraint.name);
  if (table.kind == 'p' && constraint.type == 'f') {
    return fmt::format(
               "-- before PostgreSQL 18, a foreign key of a partitioned table cannot be NOT VALID. "
               "On each "
               "partition:\nALTER TABLE … ADD CONSTRAINT {0} {1} NOT VALID;\n"
               "-- in later migrations; the last one takes over what is valid on the partitions:\n"
               "ALTER TABLE … VALIDATE CONSTRAINT {0};\n",
               name, constraint.definition) +
           AlterTable(table, fmt::format("ADD CONSTRAINT {} {}", name, constraint.definition));
  }
  return AlterTable(table,
                    fmt::format("ADD CONSTRAINT {} {} NOT VALID", name, constraint.definition)) +
         "-- in a later migration; it lets reads and writes continue:\n" +
         AlterTable(table, "VALIDATE CONSTRAINT " + name);
}

std::string SafeNotNull(const Relation& table, const std::string& column) {
  const std::string name = sql::QuoteIdentifier(table.name + "_" + column + "_not_null");
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
  const std::string added = sql::QuoteIdentifier(from.name + "_new");
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
    const std::string check = sql::QuoteIdentifier(table.name + "_" + column.name + "_check");
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

std::string SafeRefresh(const Relation& view, bool has_unique_index) {
  std::string text = "-- it lets reads continue:\n";
  if (!has_unique_index) {
    text = fmt::format(
        "-- with a unique index, a refresh lets reads continue:\nCREATE UNIQUE INDEX ON {} (…);\n",
        SqlNameOf(view));
  }
  return text + fmt::format("REFRESH MATERIALIZED VIEW CONCURRENTLY {};\n", SqlNameOf(view));
}

std::string SafeDetach(const Relation& table, const Relation& partition) {
  return "-- in a migration of its own, since PostgreSQL 14 and without a default partition:\n" +
         AlterTable(table, fmt::format("DETACH PARTITION {} CONCURRENTLY", SqlNameOf(partition)));
}

std::string SafeNewPartition(const Relation& table, const Relation& partition) {
  return fmt::format("CREATE TABLE {} (LIKE {} INCLUDING ALL);\n", SqlNameOf(partition),
                     SqlNameOf(table)) +
         "-- it lets reads and writes continue:\n" +
         AlterTable(table, fmt::format("ATTACH PARTITION {} FOR VALUES …", SqlNameOf(partition)));
}

std::string SafeAttach(const Relation& partition) {
  const std::string name = sql::QuoteIdentifier(partition.name + "_bounds");
  return "-- a check that implies the bounds lets ATTACH PARTITION skip its own scan:\n" +
         AlterTable(partition, fmt::format("ADD CONSTRAINT {} CHECK (…) NOT VALID", name)) +
         "-- in later migrations:\n" + AlterTable(partition, "VALIDATE CONSTRAINT " + name) +
         "ALTER TABLE … ATTACH PARTITION " + SqlNameOf(partition) + " FOR VALUES …;\n" +
         AlterTable(partition, "DROP CONSTRAINT " + name);
}

std::string SafeBulkWrite(const Relation& table) {
  return fmt::format(
      "-- outside of the migration, repeated until no row is left:\n"
      "UPDATE {0} SET … WHERE ctid = ANY (ARRAY(SELECT ctid FROM {0} WHERE … LIMIT 5000));\n",
      SqlNameOf(table));
}

}  // namespace ballast::lint
