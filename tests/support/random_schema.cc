// SPDX-License-Identifier: Apache-2.0
#include "tests/support/random_schema.h"

#include <fmt/format.h>

#include <random>
#include <vector>

namespace ballast::testing {
namespace {

struct FieldSketch {
  std::string name;
  std::string type;    // "Int"
  std::string native;  // "@db.SmallInt" or empty
  bool required = true;
  bool list = false;
};

struct ModelSketch {
  std::string name;
  std::string schema;
  std::vector<FieldSketch> columns;
  std::vector<std::string> key;  // names of the fields of the id
  std::string body;
  std::string attributes;
};

struct TypeChoice {
  std::string_view type;
  std::vector<std::string_view> natives;
  std::vector<std::string_view> defaults;
};

const std::vector<TypeChoice>& Types() {
  static const std::vector<TypeChoice> types = {
      {"Int", {"SmallInt", "Integer", "Oid"}, {"0", "-5", "007", "2147483648", "autoincrement()"}},
      {"BigInt", {"BigInt"}, {"1", "-9223372036854775808", "autoincrement()"}},
      {"Float", {"Real", "DoublePrecision"}, {"0.50", "-3", "000.1", "123456789.123456789"}},
      {"Decimal", {"Decimal", "Decimal(10, 2)", "Money"}, {"1.50", "\"-2.500\"", "0"}},
      {"Boolean", {"Boolean"}, {"true", "false"}},
      {"String",
       {"Text", "VarChar", "VarChar(30)", "Char(4)", "Uuid", "Inet", "Citext", "Bit(3)", "VarBit"},
       {"\"\"", "\"it's\"", "\"a\\nb\\\\c\\u00fc\"", "uuid()", "uuid(7)", "cuid(2)", "nanoid(9)",
        "ulid()"}},
      {"DateTime",
       {"Date", "Time(3)", "Timetz", "Timestamp(0)", "Timestamptz(6)"},
       {"now()", "\"2021-03-04T05:06:07.089Z\"", "\"1999-12-31t23:59:60+05:30\""}},
      {"Json", {"Json", "JsonB"}, {"\"{}\"", "\"[1, 2.50, null]\"", "\"\\\"x'y\\\"\""}},
      {"Bytes", {"ByteA"}, {"\"\"", "\"AQIDBA==\""}}};
  return types;
}

class Generator {
 public:
  Generator(uint64_t seed, int models) : random_(seed), models_(models) {}

  std::string Run() {
    multi_schema_ = Chance(4);
    emulated_ = !multi_schema_ && Chance(5);
    for (int i = 0; i < 4; ++i) AddEnum();
    for (ModelSketch& model : models_) AddModel(model);
    for (size_t i = 0; i < models_.size(); ++i) AddRelations(i);
    for (ModelSketch& model : models_) AddIndexes(model);
    return Text();
  }

 private:
  bool Chance(int one_in) { return Below(one_in) == 0; }
  size_t Below(size_t count) { return random_() % count; }
  template <class List>
  auto Pick(const List& list) {
    return list[Below(list.size())];
  }

  // Unique by its number; sometimes longer than PostgreSQL allows.
  std::string NewName(std::string_view stem, size_t longest = 64) {
    std::string name = fmt::format("{}{}", stem, ++names_);
    if (Chance(6)) name += "_" + std::string(20 + Below(longest - 20), 'x');
    return name;
  }

  // For constraints, whose names Prisma refuses when they are too long.
  std::string ShortName(std::string_view stem) { return fmt::format("{}{}", stem, ++names_); }

  std::string MapName() {
    static constexpr std::string_view kStems[] = {"plain", "with blank", "größe",
                                                  "it's",  "日本",       "UPPER"};
    return fmt::format("{} {}", kStems[Below(std::size(kStems))], ++names_);
  }

  std::string SchemaOf() { return Chance(2) ? "one" : "Two"; }
  std::string SchemaLine(const std::string& schema) const {
    return multi_schema_ ? fmt::format("  @@schema(\"{}\")\n", schema) : "";
  }

  void AddEnum() {
    const std::string name = NewName("E");
    enums_.push_back(name);
    text_ += "enum " + name + " {\n  a\n  B_2 @map(\"b'2 \xC3\xA9\")\n  c // comment\n";
    if (Chance(2)) text_ += fmt::format("  @@map(\"{}\")\n", NewName("mapped_enum"));
    text_ += SchemaLine(SchemaOf()) + "}\n\n";
  }

  std::string MapAttribute() {
    return Chance(4) ? fmt::format(" @map(\"{}\")", MapName()) : std::string();
  }

  void AddLine(ModelSketch& model, const FieldSketch& field, const std::string& attributes) {
    const char* arity = field.list ? "[]" : field.required ? "" : "?";
    model.body += fmt::format("  {} {}{} {}{}{}\n", field.name, field.type, arity, field.native,
                              attributes, MapAttribute());
  }

  FieldSketch NewColumn() {
    FieldSketch field;
    field.name = NewName("f");
    const size_t kind = Below(Types().size() + 2);
    if (kind < Types().size()) {
      const TypeChoice& choice = Types()[kind];
      field.type = choice.type;
      if (Chance(3)) field.native = fmt::format("@db.{}", Pick(choice.natives));
    } else {
      field.type = kind == Types().size() ? Pick(enums_) : "Unsupported(\"point\")";
    }
    field.list = Chance(6);
    field.required = field.list || !Chance(3);
    return field;
  }

  std::string DefaultFor(const FieldSketch& field) {
    if (!Chance(2)) return "";
    for (const TypeChoice& choice : Types()) {
      if (choice.type != field.type) continue;
      std::string value(Pick(choice.defaults));
      if (!field.list) return fmt::format(" @default({})", value);
      if (value.ends_with(")")) return " @default([])";
      return fmt::format(" @default([{0}, {0}])", value);
    }
    if (field.type.starts_with("Unsupported")) {
      return field.list ? "" : " @default(dbgenerated(\"point(1, 2)\"))";
    }
    return field.list ? " @default([c, B_2])" : " @default(B_2)";
  }

  FieldSketch NewKeyColumn() {
    FieldSketch field;
    field.name = NewName("k");
    switch (Below(4)) {
      case 0:
        field.type = "Int";
        break;
      case 1:
        field.type = "BigInt";
        break;
      case 2:
        field.type = "String";
        field.native = Chance(2) ? "@db.Uuid" : "";
        break;
      default:
        field.type = "Int";
        field.native = "@db.SmallInt";
        break;
    }
    return field;
  }

  void AddModel(ModelSketch& model) {
    model.name = NewName("M", 36);  // constraint names must still distinguish columns
    model.schema = SchemaOf();
    const size_t keys = Chance(4) ? 2 + Below(2) : 1;
    for (size_t i = 0; i < keys; ++i) {
      const FieldSketch field = NewKeyColumn();
      const bool counts = keys == 1 && field.type != "String" && Chance(2);
      AddLine(
          model, field,
          fmt::format("{}{}", keys == 1 ? " @id" : "", counts ? " @default(autoincrement())" : ""));
      model.columns.push_back(field);
      model.key.push_back(field.name);
    }
    if (keys > 1) {
      model.attributes += fmt::format("  @@id([{}]{})\n", fmt::join(model.key, ", "),
                                      Chance(3) ? fmt::format(", map: \"{}\"", MapName()) : "");
    }
    for (size_t i = Below(9); i > 0; --i) {
      const FieldSketch field = NewColumn();
      std::string extra = DefaultFor(field);
      const bool plain = !field.type.starts_with("Unsupported");
      if (plain && Chance(8)) extra += fmt::format(" @unique(map: \"{}\")", ShortName("uq"));
      if (field.type == "DateTime" && !field.list && Chance(3)) extra += " @updatedAt";
      AddLine(model, field, extra);
      model.columns.push_back(field);
    }
    if (Chance(3)) model.attributes += fmt::format("  @@map(\"{}\")\n", MapName());
    if (multi_schema_) model.attributes += SchemaLine(model.schema);
  }

  void AddRelations(size_t index) {
    for (size_t i = Below(3); i > 0; --i) {
      const size_t other = emulated_ ? Below(index + 1) : Below(models_.size());
      if (emulated_ && other == index) continue;  // Prisma refuses circles of emulated keys
      const bool single = models_[index].key.size() == 1 && models_[other].key.size() == 1;
      if (single && Chance(3)) {
        AddManyToMany(models_[index], models_[other]);
      } else {
        AddKeyed(models_[index], models_[other]);
      }
    }
  }

  void AddManyToMany(ModelSketch& a, ModelSketch& b) {
    const std::string name = NewName("R");
    a.body += fmt::format("  {} {}[] @relation(\"{}\")\n", NewName("l"), b.name, name);
    b.body += fmt::format("  {} {}[] @relation(name: \"{}\")\n", NewName("l"), a.name, name);
  }

  std::string Action(std::string_view clause) {
    static constexpr std::string_view kActions[] = {"Cascade", "Restrict", "NoAction", "SetNull",
                                                    "SetDefault"};
    if (Chance(2)) return "";
    const size_t choice = Below(emulated_ ? 2 : std::size(kActions));
    return fmt::format(", {}: {}", clause, kActions[choice]);
  }

  void AddKeyed(ModelSketch& from, ModelSketch& to) {
    const bool required = Chance(2);
    const bool one_to_one = Chance(3);
    std::vector<std::string> fields;
    for (const std::string& key : to.key) {
      for (FieldSketch field : to.columns) {
        if (field.name != key) continue;
        field.name = NewName("r");
        field.required = required;
        AddLine(from, field, "");
        fields.push_back(field.name);
        break;
      }
    }
    const std::string name = NewName("R");
    from.body +=
        fmt::format("  {} {}{} @relation(\"{}\", fields: [{}], references: [{}]{}{}{})\n",
                    NewName("o"), to.name, required ? "" : "?", name, fmt::join(fields, ", "),
                    fmt::join(to.key, ", "), Action("onDelete"), Action("onUpdate"),
                    Chance(5) ? fmt::format(", map: \"{}\"", ShortName("fk")) : "");
    to.body += fmt::format("  {} {}{} @relation(\"{}\")\n", NewName("back"), from.name,
                           one_to_one ? "?" : "[]", name);
    if (one_to_one) from.attributes += fmt::format("  @@unique([{}])\n", fmt::join(fields, ", "));
  }

  void AddIndexes(ModelSketch& model) {
    for (size_t i = Below(4); i > 0; --i) {
      const FieldSketch& field = Pick(model.columns);
      const std::string map = fmt::format(", map: \"{}\"", ShortName("ix"));
      const std::string name = field.name;
      if (field.type.starts_with("Unsupported")) {
        model.attributes +=
            fmt::format("  @@index([{}(ops: raw(\"x_ops\"))], type: Gist{})\n", name, map);
      } else if (field.list) {
        model.attributes += fmt::format("  @@index([{}{}], type: Gin{})\n", name,
                                        Chance(2) ? "(ops: ArrayOps)" : "", map);
      } else if (field.type == "Json" && field.native.empty()) {
        model.attributes +=
            fmt::format("  @@index([{}(ops: JsonbPathOps)], type: Gin{})\n", name, map);
      } else if (field.type == "Int" && field.native.empty() && Chance(2)) {
        model.attributes +=
            fmt::format("  @@index([{}(ops: Int4MinMaxMultiOps)], type: Brin{})\n", name, map);
      } else {
        static constexpr std::string_view kSorts[] = {"", "(sort: Desc)", "(sort: Asc)"};
        model.attributes += fmt::format("  @@{}([{}{}]{})\n", Chance(3) ? "unique" : "index", name,
                                        kSorts[Below(3)], map);
      }
    }
  }

  std::string Text() const {
    std::string text = "generator client {\n  provider = \"prisma-client-js\"\n}\n\n";
    text += "datasource db {\n  provider = \"postgresql\"\n  url = env(\"DATABASE_URL\")\n";
    if (multi_schema_) text += "  schemas = [\"one\", \"Two\", \"unused\"]\n";
    if (emulated_) text += "  relationMode = \"prisma\"\n";
    text += "}\n\n" + text_;
    for (const ModelSketch& model : models_) {
      text += "model " + model.name + " {\n" + model.body + model.attributes + "}\n\n";
    }
    return text;
  }

  std::mt19937_64 random_;
  std::vector<ModelSketch> models_;
  std::vector<std::string> enums_;
  std::string text_;
  int names_ = 0;
  bool multi_schema_ = false;
  bool emulated_ = false;
};

}  // namespace

std::string RandomSchema(uint64_t seed, int models) {
  return Generator(seed, models).Run();
}

}  // namespace ballast::testing
