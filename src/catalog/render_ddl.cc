// SPDX-License-Identifier: Apache-2.0
#include "catalog/render_ddl.h"

#include "base/text.h"
#include "sql/quote.h"

namespace ballast::catalog {
namespace {

class Writer {
 public:
  explicit Writer(Quoting quoting) : quoting_(quoting) {}

  std::string Identifier(const std::string& name) const {
    return quoting_ == Quoting::kPrisma ? "\"" + name + "\"" : sql::QuoteIdentifier(name);
  }

  std::string Qualified(const Name& name) const {
    return name.schema.empty() ? Identifier(name.name)
                               : Identifier(name.schema) + "." + Identifier(name.name);
  }

  std::string List(const std::vector<std::string>& names, std::string_view separator) const {
    std::vector<std::string> quoted;
    quoted.reserve(names.size());
    for (const std::string& name : names) quoted.push_back(Identifier(name));
    return Join(quoted, separator);
  }

  std::string ColumnLine(const Column& column) const {
    std::string line = Identifier(column.name) + " " + column.type;
    if (!column.foreign_options.empty()) line += " " + column.foreign_options;
    if (!column.collation.empty()) line += " COLLATE " + column.collation;
    if (!column.not_null_name.empty()) line += " CONSTRAINT " + Identifier(column.not_null_name);
    if (column.not_null) line += " NOT NULL";
    if (!column.not_null_tail.empty()) line += " " + column.not_null_tail;
    if (!column.default_value.empty()) line += " DEFAULT " + column.default_value;
    if (!column.generated.empty()) {
      line += " GENERATED ALWAYS AS (" + column.generated + ")";
      line += column.generated_virtual ? " VIRTUAL" : " STORED";
    }
    if (!column.identity.empty()) {
      line += " GENERATED " + column.identity + " AS IDENTITY";
      if (!column.identity_options.empty()) line += " (" + column.identity_options + ")";
    }
    return line;
  }

  std::string IndexKeyText(const IndexKey& key) const {
    std::string text = key.column.empty() ? key.expression : Identifier(key.column);
    if (!key.collation.empty()) text += " COLLATE " + key.collation;
    if (!key.operator_class.empty()) text += " " + key.operator_class;
    if (!key.order.empty()) text += " " + key.order;
    return text;
  }

 private:
  Quoting quoting_;
};

}  // namespace

std::string RenderCreateSchema(const Schema& schema) {
  return "CREATE SCHEMA IF NOT EXISTS " + sql::QuoteIdentifier(schema.name) + ";\n";
}

std::string RenderCreateExtension(const Extension& extension) {
  std::string text = "CREATE EXTENSION IF NOT EXISTS " + sql::QuoteIdentifier(extension.name);
  if (!extension.schema.empty() || !extension.version.empty()) text += " WITH";
  if (!extension.schema.empty()) text += " SCHEMA " + sql::QuoteIdentifier(extension.schema);
  if (!extension.version.empty()) text += " VERSION " + sql::QuoteIdentifier(extension.version);
  return text + ";\n";
}

std::string RenderCreateEnum(const Enum& value, Quoting quoting) {
  std::vector<std::string> labels;
  labels.reserve(value.values.size());
  for (const std::string& label : value.values) {
    labels.push_back(quoting == Quoting::kPrisma ? "'" + label + "'" : sql::QuoteLiteral(label));
  }
  return "CREATE TYPE " + Writer(quoting).Qualified(value.name) + " AS ENUM (" +
         Join(labels, ", ") + ");\n";
}

std::string RenderColumn(const Column& column) {
  return Writer(Quoting::kSafe).ColumnLine(column);
}

std::string RenderCreateTable(const Table& table, Quoting quoting) {
  const Writer writer(quoting);
  std::vector<std::string> lines;
  for (const Column& column : table.columns) lines.push_back("    " + writer.ColumnLine(column));
  for (const std::string& constraint : table.constraints) lines.push_back("    " + constraint);
  std::string text = table.unlogged ? "CREATE UNLOGGED TABLE " : "CREATE TABLE ";
  text += writer.Qualified(table.name) + " (\n" + Join(lines, ",\n");
  if (table.primary_key) {
    // A table can have all of its columns from its parents.
    text += lines.empty() ? "    CONSTRAINT " : ",\n\n    CONSTRAINT ";
    text += writer.Identifier(table.primary_key->name) + " PRIMARY KEY (" +
            writer.List(table.primary_key->columns, ",") + ")";
  }
  text += "\n)";
  if (!table.tail.empty()) text += " " + table.tail;
  return text + ";\n";
}

std::string RenderCreateIndex(const Index& index, Quoting quoting, IndexBuild build) {
  const Writer writer(quoting);
  std::string text = index.unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ";
  if (build == IndexBuild::kConcurrent) text += "CONCURRENTLY ";
  text += writer.Identifier(index.name) + (index.only ? " ON ONLY " : " ON ");
  text += writer.Qualified(index.table);
  text += index.method.empty() ? "(" : " USING " + index.method + " (";
  std::vector<std::string> keys;
  for (const IndexKey& key : index.keys) keys.push_back(writer.IndexKeyText(key));
  text += Join(keys, ", ") + ")";
  if (!index.include.empty()) text += " INCLUDE (" + index.include + ")";
  if (index.nulls_not_distinct) text += " NULLS NOT DISTINCT";
  if (!index.parameters.empty()) text += " WITH (" + index.parameters + ")";
  if (!index.tablespace.empty()) text += " TABLESPACE " + sql::QuoteIdentifier(index.tablespace);
  if (!index.predicate.empty()) text += " WHERE " + index.predicate;
  return text + ";\n";
}

std::string RenderAddForeignKey(const ForeignKey& key, Quoting quoting) {
  const Writer writer(quoting);
  std::string text = "ALTER TABLE " + writer.Qualified(key.table) + " ADD CONSTRAINT " +
                     writer.Identifier(key.name) + " ";
  if (!key.definition.empty()) return text + key.definition + ";\n";
  text += "FOREIGN KEY (" + writer.List(key.columns, ", ") + ") REFERENCES " +
          writer.Qualified(key.referenced_table) + "(" + writer.List(key.referenced_columns, ", ") +
          ") ON DELETE " + key.on_delete + " ON UPDATE " + key.on_update;
  if (!key.tail.empty()) text += " " + key.tail;
  return text + ";\n";
}

std::string RenderDoBlock(const std::string& body) {
  std::string tag = "$do$";
  while (body.find(tag) != std::string::npos) tag.insert(1, "x");
  return "DO " + tag + "\nBEGIN\n" + body + "END\n" + tag + ";\n";
}

std::string RenderNamed(const std::string& before, const std::string& after,
                        const std::string& name) {
  const std::string format = ReplaceAll(before, "%", "%%") + "%I" + ReplaceAll(after, "%", "%%");
  return RenderDoBlock("  EXECUTE format(" + sql::QuoteLiteral(format) + ", " + name + ");\n");
}

std::string RenderScript(const std::vector<ScriptStep>& steps) {
  std::vector<std::string> parts;
  parts.reserve(steps.size());
  for (const ScriptStep& step : steps) parts.push_back("-- " + step.title + "\n" + step.statements);
  return Join(parts, "\n");
}

}  // namespace ballast::catalog
