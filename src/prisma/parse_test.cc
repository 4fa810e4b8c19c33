// SPDX-License-Identifier: Apache-2.0
#include "prisma/parse.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ballast::prisma {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view kSource =
    "datasource db {\n  provider = \"postgresql\"\n  url = env(\"DATABASE_URL\")\n}\n";

std::vector<SchemaFile> One(std::string text) {
  return {{"schema.prisma", std::move(text)}};
}

std::vector<SchemaFile> WithSource(const std::string& text) {
  return One(std::string(kSource) + text);
}

std::vector<std::string> ErrorsOf(const ParsedSchema& schema) {
  std::vector<std::string> errors;
  for (const Diagnostic& d : schema.diagnostics) {
    if (d.severity == Severity::kError) errors.push_back(d.message);
  }
  return errors;
}

TEST(ParseDatasource, FindsTheSourceOfTheUrl) {
  const auto snapshot = ParseDatasource(One(
      "// first\ndatasource main {\n  provider = \"postgres\"\n  url = env(\"A\")\n  directUrl = "
      "\"postgresql://b\"\n  shadowDatabaseUrl = env(\"C\")\n  schemas = [\"y\", \"x\"]\n"
      "  relationMode = \"prisma\"\n}\n"));
  ASSERT_TRUE(snapshot.ok());
  const Datasource& source = snapshot->datasource;
  EXPECT_EQ(source.name, "main");
  EXPECT_EQ(source.provider, "postgres");
  EXPECT_EQ(source.url->env, "A");
  EXPECT_EQ(source.direct_url->literal, "postgresql://b");
  EXPECT_EQ(source.direct_url->env, "");
  EXPECT_EQ(source.shadow_database_url->env, "C");
  ASSERT_EQ(source.schemas.size(), 2u);
  EXPECT_EQ(source.schemas[0].text, "x");
  EXPECT_EQ(source.relation_mode, RelationMode::kPrisma);
  EXPECT_EQ(snapshot->where, (Place{"schema.prisma", 2}));
}

TEST(ParseDatasource, IgnoresInvalidModels) {
  const auto snapshot = ParseDatasource(
      {{"models.prisma", "model A {\n  id Foo @bar(\n  = \n"},
       {"db.prisma", "datasource db {\n provider = \"postgresql\"\n}\nmodel A {\n}\n"}});
  ASSERT_TRUE(snapshot.ok());
  EXPECT_FALSE(snapshot->datasource.url.has_value());
  EXPECT_EQ(snapshot->where.file, "db.prisma");
}

TEST(ParseDatasource, RefusesWhatItCannotUse) {
  struct Case {
    std::string text;
    ErrorCode code;
    std::string message;
    int line;
  };
  const Case cases[] = {
      {"", ErrorCode::kSchemaInvalid, "There is no datasource in the schema.", 0},
      {"model A {\n id Int @id\n}\n", ErrorCode::kSchemaInvalid,
       "There is no datasource in the schema.", 0},
      {"generator g { provider = \"x\" }\ndatasource db {\n provider = \"postgresql\"\n}\n",
       ErrorCode::kSchemaInvalid,
       "Error validating: This line is not a valid definition within a generator.", 2},
      {"\ndatasource db {\n provider = \"sqlite\"\n url = \"file:x\"\n}\n", ErrorCode::kNotPostgres,
       "the datasource's provider is sqlite, not postgresql", 2},
      {"datasource db {\n provider = \"oracle\"\n}\n", ErrorCode::kSchemaInvalid,
       "Datasource provider not known: \"oracle\".", 2},
      {"datasource db {\n provider = \"postgresql\"\n url = 1\n}\n", ErrorCode::kSchemaInvalid,
       "Expected a String value, but received numeric value `1`.", 3},
      {"datasource db {\n provider = \"postgresql\"\n url : \"x\"\n}\n", ErrorCode::kSchemaInvalid,
       "Error validating: This line is not a valid definition within a datasource.", 3},
  };
  for (const Case& c : cases) {
    const auto snapshot = ParseDatasource(One(c.text));
    ASSERT_FALSE(snapshot.ok()) << c.text;
    EXPECT_EQ(snapshot.error().code, c.code) << c.text;
    EXPECT_EQ(snapshot.error().message, c.message) << c.text;
    EXPECT_EQ(snapshot.error().where.line, c.line) << c.text;
  }
}

TEST(ReadSchema, AUrlIsNeededAsTheVersionDemands) {
  const auto files = One("datasource db {\n provider = \"postgresql\"\n}\n");
  const auto six = ReadSchema(files);
  ASSERT_FALSE(six.ok());
  EXPECT_EQ(six.error().message, "Argument \"url\" is missing in data source block \"db\".");
  EXPECT_TRUE(ReadSchema(files, {.compat = Compat::kPrisma7}).ok());
  EXPECT_TRUE(ReadSchema(files, {.allow_missing_url = true}).ok());
}

TEST(ReadSchema, KeysOfViewsAsTheVersionAccepts) {
  const std::string head =
      "generator client {\n provider = \"prisma-client-js\"\n previewFeatures = [\"views\"]\n}\n"
      "datasource db {\n provider = \"postgresql\"\n url = \"postgresql://h/d\"\n}\n";
  for (const char* view :
       {"view V {\n a Int\n b Int\n @@id([a, b])\n}\n", "view V {\n a Int @id\n}\n"}) {
    const auto refused = ReadSchema(One(head + view));
    ASSERT_FALSE(refused.ok()) << view;
    EXPECT_EQ(refused.error().message, "Error validating: Views cannot have primary keys.");
    EXPECT_TRUE(ReadSchema(One(head + view), {.keys_of_views = true}).ok()) << view;
  }
}

TEST(ReadSchema, NamesTheFileOfAFault) {
  const auto schema =
      ReadSchema({{"a.prisma", std::string(kSource)}, {"b/c.prisma", "\nmodel A {\n id Foo\n}\n"}});
  ASSERT_FALSE(schema.ok());
  EXPECT_EQ(schema.error().code, ErrorCode::kSchemaInvalid);
  EXPECT_EQ(schema.error().where, (Place{"b/c.prisma", 3}));
  EXPECT_THAT(schema.error().Detail("diagnostics"), HasSubstr("  -->  b/c.prisma:3\n"));
}

TEST(Parse, FilesMakeOneSchemaInTheirOrder) {
  const ParsedSchema schema =
      Parse({{"z.prisma", "model Z {\n id Int @id\n as A[]\n}\n"},
             {"a.prisma", std::string(kSource) + "model A {\n id Int @id\n zs Z[]\n}\n"}});
  EXPECT_THAT(ErrorsOf(schema), testing::IsEmpty());
  ASSERT_EQ(schema.datamodel.models.size(), 2u);
  EXPECT_EQ(schema.datamodel.models[0].name.text, "Z");
  ASSERT_EQ(schema.datamodel.relations.size(), 1u);
  EXPECT_EQ(schema.datamodel.models[schema.datamodel.relations[0].model_a].name.text, "A");
}

TEST(Parse, WarnsWithoutRefusing) {
  const ParsedSchema schema = Parse(WithSource(
      "model A {\n id Int @id\n b Int\n r B @relation(fields: [b], references: [id], onDelete: "
      "SetNull)\n}\nmodel B {\n id Int @id\n as A[]\n}\n"));
  EXPECT_FALSE(schema.HasErrors());
  ASSERT_EQ(schema.diagnostics.size(), 1u);
  EXPECT_THAT(schema.diagnostics[0].message, HasSubstr("should not be set to `SetNull`"));
  EXPECT_EQ(RenderDiagnostics(schema.files, schema.diagnostics), "");
}

TEST(Parse, ShowsInvalidBytes) {
  const ParsedSchema schema = Parse(WithSource("model A {\n \xff\xfe Int\n}\n"));
  EXPECT_THAT(RenderDiagnostics(schema.files, schema.diagnostics), HasSubstr("\xEF\xBF\xBD"));
}

// Every byte alone and after an opening: whatever comes in, an answer comes out.
TEST(Parse, AcceptsAnyBytes) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text(1, static_cast<char>(byte));
    for (const std::string& before :
         {std::string(), std::string("model A {\n"), std::string("model A {\n a Int @default(\""),
          std::string("enum E {\n a @map("), std::string("datasource db {\n url = ")}) {
      const ParsedSchema schema = Parse(One(before + text));
      const bool blank = text.find_first_of(" \t\r\n") == 0 && before.empty();
      // Blanks and comments leave a schema without a datasource, which is the one fault then.
      EXPECT_TRUE(schema.HasErrors()) << byte;
      if (blank) {
        EXPECT_EQ(ErrorsOf(schema)[0], "There is no datasource in the schema.");
      }
    }
  }
}

std::string Repeated(std::string_view line, int count) {
  std::string text;
  text.reserve(line.size() * count);
  for (int i = 0; i < count; ++i) text += line;
  return text;
}

// Texts that make a careless reader start over again and again. 50,000 lines of each must not be
// felt; a reader whose work grew with the square would not come back in this test's lifetime.
TEST(ParseGrowth, ReadsHostileTextsInLinearTime) {
  constexpr int kLines = 50'000;
  struct Case {
    std::string text;
    size_t errors;
  };
  const Case cases[] = {
      {Repeated("model A {\n", kLines), kLines},
      {Repeated("foo {\n", kLines), kLines},
      {Repeated("/*\n", kLines), kLines},
      {Repeated("a B /*\n", kLines) + "*/ x\n", kLines + 1},
      {"model A {\n" + Repeated("a B /*\n", kLines) + "*/ x\n}\n", kLines + 1},
      {Repeated("}\n", kLines), kLines},
      {"x " + Repeated("(", kLines), 1},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(ErrorsOf(Parse(One(c.text))).size(), c.errors) << c.text.substr(0, 20);
  }
}

TEST(ParseGrowth, NestingHasALimit) {
  const std::string open = Repeated("[", 50'000);
  const std::string close = Repeated("]", 50'000);
  for (const std::string& value : {open + close, open, Repeated("f(", 50'000)}) {
    const ParsedSchema schema =
        Parse(WithSource("model A {\n id Int @id @default(" + value + ")\n}\n"));
    ASSERT_TRUE(schema.HasErrors());
    EXPECT_THAT(schema.diagnostics[0].message, HasSubstr("not a valid field or attribute"));
  }
}

TEST(ParseGrowth, LargeValidSchemas) {
  constexpr int kCount = 12'000;
  std::string many_models;
  std::string hub = "model Hub {\n id Int @id\n";
  std::string wide = "model Wide {\n id Int @id\n";
  std::string keys;
  std::string labels = "enum Big {\n";
  for (int i = 0; i < kCount; ++i) {
    many_models += fmt::format(
        "model M{} {{\n id Int @id\n hub Int\n h Hub @relation(fields: "
        "[hub], references: [id])\n}}\n",
        i);
    hub += fmt::format(" m{0} M{0}[]\n", i);
    wide += fmt::format(" f{} Big @default(v{})\n", i, kCount - 1);
    keys += fmt::format(" @@unique([id, f{0}], name: \"n{0}\")\n", i);
    labels += fmt::format(" v{}\n", i);
  }
  const ParsedSchema schema =
      Parse(WithSource(many_models + hub + "}\n" + wide + keys + "}\n" + labels + "}\n"));
  EXPECT_THAT(ErrorsOf(schema), testing::IsEmpty());
  EXPECT_EQ(schema.datamodel.relations.size(), static_cast<size_t>(kCount));
  EXPECT_EQ(schema.datamodel.models.size(), static_cast<size_t>(kCount) + 2);
}

TEST(ParseGrowth, ManyFaultsOfOneLargeBlock) {
  std::string text = "model A {\n id Int @id\n";
  for (int i = 0; i < 5'000; ++i) {
    text += fmt::format(" f{0} Int\n @@unique([id, f{0}], name: \"f{0}\")\n", i);
  }
  const ParsedSchema schema = Parse(WithSource(text + "}\n"));
  EXPECT_EQ(ErrorsOf(schema).size(), 5'000u);
  const std::string rendered = RenderDiagnostics(schema.files, schema.diagnostics);
  EXPECT_LT(rendered.size(), 6u << 20);
  EXPECT_TRUE(rendered.ends_with("… and more errors\n"));
}

TEST(ParseGrowth, CyclesOfEmulatedKeys) {
  constexpr int kCount = 3'000;
  std::string text =
      "datasource db {\n provider = \"postgresql\"\n url = \"x\"\n relationMode = \"prisma\"\n}\n";
  for (int i = 0; i < kCount; ++i) {
    text += fmt::format(
        "model M{0} {{\n id Int @id\n n Int\n next M{1} @relation(fields: [n], references: [id])\n "
        "before M{2}[]\n}}\n",
        i, (i + 1) % kCount, (i + kCount - 1) % kCount);
  }
  const ParsedSchema schema = Parse(One(text));
  ASSERT_TRUE(schema.HasErrors());
  EXPECT_THAT(schema.diagnostics[0].message, HasSubstr("Reference causes a cycle."));
}

}  // namespace
}  // namespace ballast::prisma
