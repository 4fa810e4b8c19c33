// SPDX-License-Identifier: Apache-2.0
#include "workspace/environment.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "workspace/test_folder.h"

namespace ballast::workspace {
namespace {

constexpr char kSecret[] = "s3cret";

TEST(EnvironmentTest, PrefersProcessThenRootThenSchema) {
  const TestFolder folder;
  folder.Write("package.json", "{}");
  folder.Write(".env", "A=root\nB=root\nC=root\n");
  folder.Write("prisma/.env", "A=schema\nB=schema\nD=schema\n");
  const auto environment = LoadEnvironment({folder.Path(), {}, true, {}, {}}, {{"A", "process"}});
  ASSERT_TRUE(environment.ok());
  EXPECT_EQ(environment->values,
            (Variables{{"A", "process"}, {"B", "root"}, {"C", "root"}, {"D", "schema"}}));
  EXPECT_EQ(environment->origins.at("A"), "the environment");
  EXPECT_EQ(environment->origins.at("B"), ".env");
  EXPECT_EQ(environment->origins.at("D"), "prisma/.env");
  EXPECT_EQ(environment->loaded, (std::vector<std::string>{".env", "prisma/.env"}));
}

TEST(EnvironmentTest, SearchesUpwardForThePackage) {
  const TestFolder folder;
  folder.Write("package.json", "{\"name\": \"top\"}");
  folder.Write(".env", "A=top");
  folder.Write("app/db/.env", "B=named");
  folder.Write("app/node/package.json", "{\"name\": \".prisma/client\"}");
  folder.Write("app/prisma/.env", "C=not read");
  const auto environment =
      LoadEnvironment({folder.Path() / "app", folder.Path() / "app/db/s.prisma", true, {}, {}}, {});
  ASSERT_TRUE(environment.ok());
  EXPECT_EQ(environment->values, (Variables{{"A", "top"}, {"B", "named"}}));
  const auto generated = LoadEnvironment({folder.Path() / "app/node", {}, true, {}, {}}, {});
  ASSERT_TRUE(generated.ok());
  EXPECT_EQ(generated->values, (Variables{{"A", "top"}}));
}

TEST(EnvironmentTest, ReadsTheFolderItselfWithoutAPackage) {
  const TestFolder folder;
  folder.Write(".env", "A=1");
  folder.Write(".env.local", "B=never");
  const auto environment = LoadEnvironment({folder.Path(), {}, true, {}, {}}, {});
  ASSERT_TRUE(environment.ok());
  EXPECT_EQ(environment->values, (Variables{{"A", "1"}}));
}

TEST(EnvironmentTest, RefusesTheSameValueInBothFiles) {
  const TestFolder folder;
  folder.Write("package.json", "{}");
  folder.Write(".env", std::string("A=") + kSecret + "\nB=1");
  folder.Write("prisma/.env", std::string("A=") + kSecret + "\nB=2");
  const auto environment = LoadEnvironment({folder.Path(), {}, true, {}, {}}, {});
  ASSERT_FALSE(environment.ok());
  EXPECT_EQ(CodeOf(environment.error().code), "B101");
  EXPECT_EQ(environment.error().message,
            "There is a conflict between env var in .env and prisma/.env: A");
  EXPECT_EQ(environment.error().message.find(kSecret), std::string::npos);
}

TEST(EnvironmentTest, ReadsNoneWithAPrismaConfigByDefault) {
  const TestFolder folder;
  folder.Write(".env", "A=1\nB=${A}");
  const auto silent = LoadEnvironment({folder.Path(), {}, false, {}, {}}, {});
  ASSERT_TRUE(silent.ok());
  EXPECT_TRUE(silent->values.empty());
  EXPECT_EQ(silent->notices.at(0).find("Prisma 7 reads no .env file by itself: set the variable"),
            0U);
  const PrismaConfig plain("export default {}", folder.Path() / "prisma.config.ts", folder.Path());
  const auto detected = LoadEnvironment({folder.Path(), {}, false, plain, {}}, {});
  ASSERT_TRUE(detected.ok());
  EXPECT_EQ(detected->notices,
            (std::vector<std::string>{"Prisma config detected, skipping environment variable "
                                      "loading."}));
  const PrismaConfig config("process.loadEnvFile()", folder.Path() / "prisma.config.ts",
                            folder.Path());
  const auto loud = LoadEnvironment({folder.Path(), {}, false, config, {}}, {{"A", "2"}});
  ASSERT_TRUE(loud.ok());
  EXPECT_EQ(loud->values, (Variables{{"A", "2"}, {"B", "${A}"}}));
}

TEST(EnvironmentTest, AFileOfAPrismaConfigCanDependOnVariables) {
  const TestFolder folder;
  folder.Write(".env", "STAGE=test");
  folder.Write(".env.test", "URL=of test");
  folder.Write(".env.prod", "URL=of prod");
  const PrismaConfig config(
      "process.loadEnvFile(); process.loadEnvFile(`.env.${process.env.STAGE ?? 'dev'}`)",
      folder.Path() / "prisma.config.ts", folder.Path());
  const auto url = [&](const Variables& process) {
    const auto environment = LoadEnvironment({folder.Path(), {}, false, config, {}}, process);
    return environment.ok() ? environment->values.at("URL") : std::string();
  };
  EXPECT_EQ(url({}), "of test");
  EXPECT_EQ(url({{"STAGE", "prod"}}), "of prod");
}

// A use of a loader that is not followed never leads to another URL than Prisma's.
TEST(EnvironmentTest, NamesUsesOfLoadersThatAreNotFollowed) {
  const TestFolder folder;
  folder.Write(".env", "U=right");
  struct Case {
    const char* text;
    const char* url;  // or a part of the error
  };
  constexpr char kUncertain[] = "in a way that ballast does not follow";
  for (const Case& c : {
           Case{"\xEF\xBB\xBFimport 'dotenv/config';", "right"},
           Case{"// note\xE2\x80\xA8process.loadEnvFile();", "right"},
           Case{"import d from 'dotenv';\xC2\xA0"
                "d.config();",
                "right"},
           Case{"import d from 'dotenv'; const { config } = d; config();", "right"},
           Case{"import d from 'dotenv'; const load = d.config; load();", "right"},
           Case{"const { loadEnvFile } = process; loadEnvFile();", "right"},
           Case{"import { config as load } from 'dotenv'; load();", "right"},
           Case{"import { expand } from 'dotenv-expand'; console.log(typeof expand);", "fallback"},
           Case{"if (process.argv.includes('x') || process['platform']) {}", "fallback"},
           Case{"import { createRequire } from 'node:module'; const r = "
                "createRequire(import.meta.url);"
                " const p = r.resolve('./a.cjs');",
                "fallback"},
           Case{"(await import('dotenv')).config();", kUncertain},
           Case{"import('dotenv').then((d) => d.config());", ".env sets U, and"},
           Case{"process.loadEnvFile?.();", kUncertain},
           Case{"process?.loadEnvFile();", ".env sets U, and"},
           Case{"process['loadEnvFile']();", kUncertain},
           Case{"process.loadEnvFile.call(process);", kUncertain},
           Case{"const { loadEnvFile: load } = process; load();", kUncertain},
           Case{"const p = process; p.loadEnvFile();", ".env sets U, and"},
           Case{"(process as any).env.U = 'other';", kUncertain},
           Case{"import dotenv from 'dotenv'; dotenv?.config?.();", kUncertain},
           Case{"import dotenv from 'dotenv'; dotenv['config']();", kUncertain},
           Case{"import dotenv from 'dotenv'; dotenv.config.call(dotenv, {});", kUncertain},
           Case{"import dotenv from 'dotenv'; const load = dotenv.config.bind(dotenv); load();",
                kUncertain},
           Case{"import dotenv from 'dotenv'; const text = `${dotenv.config()}`;", kUncertain},
           Case{"import dotenv from 'dotenv'; [dotenv].forEach((d) => d.config());",
                ".env sets U, and"},
           Case{"import dotenv from 'dotenv'; let d; d = dotenv; d.config();", ".env sets U, and"},
           Case{"require('dotenv')['config']();", kUncertain},
           Case{"(require('dotenv')).config();", kUncertain},
           Case{"[require('dotenv')].forEach((d) => d.config());", ".env sets U, and"},
           Case{"const text = `a${`b${process.loadEnvFile()}`}`;", kUncertain},
           Case{"load(process);", kUncertain},
           Case{"import { createRequire } from 'node:module'; const r = createRequire(__filename); "
                "r('./env.cjs');",
                kUncertain},
           Case{"import { createRequire } from 'module'; createRequire(__filename)('./env.cjs');",
                kUncertain},
           Case{"export { load } from './env.mjs';", "may set environment variables"},
           Case{"export * from './env.mjs';", "may set environment variables"},
           Case{"export * as all from './env.mjs';", "may set environment variables"},
       }) {
    const PrismaConfig config(std::string(c.text) +
                                  "\nexport default { datasource: { url: process.env.U ?? "
                                  "'fallback' } }",
                              folder.Path() / "prisma.config.ts", folder.Path());
    const auto environment = LoadEnvironment({folder.Path(), {}, false, config, {}}, {});
    ASSERT_TRUE(environment.ok()) << c.text;
    const auto url = ChooseUrl({"", "", {}, {}, config}, *environment);
    const std::string found = url.ok() ? url->url : url.error().message;
    EXPECT_NE(found.find(c.url), std::string::npos) << c.text << ": " << found;
  }
}

// What the configuration does before it is exported decides which URL is used, or that it is not
// known.
TEST(EnvironmentTest, FollowsTheStepsOfAPrismaConfig) {
  const TestFolder folder;
  folder.Write(".env", "U=of env\nSTAGE=test");
  folder.Write(".env.prod", "U=of prod");
  constexpr char kExport[] = "\nexport default { datasource: { url: process.env.U } }";
  struct Case {
    const char* text;
    const char* url;  // or a part of the error
  };
  for (const Case& c : {
           Case{"process.env.U ?\?= 'lit'", "lit"},
           Case{"process.env.U = `a${process.env.S ?? 'b'}`", "ab"},
           Case{"process.loadEnvFile(); process.env.U ?\?= 'lit'", "of env"},
           Case{"process.env.U ||= 'lit'; process.loadEnvFile()", "lit"},
           Case{"if (process.env.S) process.env.U = 'lit'; process.loadEnvFile()", "of env"},
           Case{"const u = process.env.U; process.env.U = 'lit'", "config.ts:1 sets U to a value"},
           Case{"process.env.S && (process.env.U = 'lit')", "computes datasource.url"},
           Case{"process.env.U = make()", "config.ts:1 sets U to a value"},
           Case{"function f() { process.env.U = 'lit' }", "computes datasource.url"},
           Case{"const { S } = process.env; process.loadEnvFile(`.env.${S ?? 'prod'}`)", "of prod"},
           Case{"const u = process.env.U; process.loadEnvFile()", ".env sets U, and"},
           Case{"function need(n) { return process.env[n] }\nprocess.loadEnvFile()", "of env"},
           Case{"const need = (n) => process.env[n]; process.loadEnvFile()", "of env"},
           Case{"function need(n) { return process.env[n] }\nconst u = need('U'); "
                "process.loadEnvFile()",
                ".env sets U, and"},
           Case{"const need = (n) => process.env[n]; const u = `${need('U')}`; "
                "process.loadEnvFile()",
                ".env sets U, and"},
           Case{"const need = (n) => process.env[n]; use(need); process.loadEnvFile()",
                ".env sets U, and"},
           Case{"process.loadEnvFile(find())", "config.ts:1 loads a .env file whose path"},
           Case{"process.loadEnvFile(find()); process.loadEnvFile()", ".env sets U, and"},
           Case{"process.loadEnvFile(`.env.${process.env.NONE}`)", "variable not found: U"},
       }) {
    const PrismaConfig config(std::string(c.text) + kExport, folder.Path() / "prisma.config.ts",
                              folder.Path());
    const auto environment = LoadEnvironment({folder.Path(), {}, false, config, {}}, {});
    ASSERT_TRUE(environment.ok()) << c.text;
    const auto url = ChooseUrl({"", "", {}, {}, config}, *environment);
    const std::string found = url.ok() ? url->url : url.error().message;
    EXPECT_NE(found.find(c.url), std::string::npos) << c.text << ": " << found;
  }
}

Environment With(const Variables& values) {
  Environment environment{values, {}, {}, {}, {}};
  for (const auto& [key, value] : values) environment.origins[key] = ".env";
  return environment;
}

UrlSource Variable(const std::string& name) {
  return {{}, name, {"schema.prisma", 3}};
}
UrlSource Literal(const std::string& text) {
  return {text, {}, {"schema.prisma", 3}};
}

PrismaConfig ConfigWith(const std::string& datasource) {
  PrismaConfig config("export default { engine: 'classic', datasource: { " + datasource + " } }",
                      "prisma.config.ts", "/p");
  config.SetVersion(kNewestWithUrl);
  return config;
}

TEST(ChooseUrlTest, TakesTheFirstNamedUrl) {
  struct Case {
    UrlChoice choice;
    Variables values;
    const char* url;
    const char* origin;
  };
  const DatasourceHint both{"s", "postgresql", Variable("URL"), Variable("DIRECT"), {}};
  const DatasourceHint only_url{"s", "postgresql", Variable("DATABASE_URL"), {}, {}};
  const DatasourceHint other_url{"s", "postgresql", Variable("URL"), {}, {}};
  const DatasourceHint literal{"s", "postgresql", Literal("lit"), {}, {}};
  const Variables all = {
      {"URL", "u"}, {"DIRECT", "d"}, {"DIRECT_URL", "du"}, {"DATABASE_URL", "db"}};
  for (const Case& c : {
           Case{{"opt", "URL", both, {}, {}}, all, "opt", "--database-url"},
           Case{{"", "URL", both, {}, {}}, all, "u", "URL (.env)"},
           Case{{"", "", both, {}, {}}, all, "d", "DIRECT (.env)"},
           Case{{"", "", only_url, {}, {}}, all, "du", "DIRECT_URL (.env)"},
           Case{{"", "", other_url, {}, {}}, all, "u", "URL (.env)"},
           Case{{"", "", only_url, {}, {}},
                {{"DATABASE_URL", "u"}, {"DIRECT_URL", " "}},
                "u",
                "DATABASE_URL (.env)"},
           Case{{"", "", literal, {}, {}}, all, "lit", "schema.prisma:3"},
           Case{{"", "", {}, {}, {}}, {{"DATABASE_URL", "db"}}, "db", "DATABASE_URL (.env)"},
           Case{{"", "", both, {}, ConfigWith("url: process.env.URL")}, all, "u", "URL (.env)"},
           Case{{"", "", {}, {}, ConfigWith("url: process.env.DATABASE_URL ?? ''")},
                all,
                "du",
                "DIRECT_URL (.env)"},
           Case{{"", "", {}, {}, ConfigWith("url: process.env.UNSET || process.env.DATABASE_URL")},
                all,
                "db",
                "DATABASE_URL (.env)"},
           Case{{"", "", {}, {}, ConfigWith("url: false ? '' : process.env.DATABASE_URL")},
                all,
                "db",
                "DATABASE_URL (.env)"},
           Case{{"", "", {}, {}, ConfigWith("url: process.env.DATABASE_URL || process.env.URL")},
                all,
                "db",
                "DATABASE_URL (.env)"},
           Case{{"", "", {}, {}, ConfigWith("url: `${process.env.DATABASE_URL}?a=b`")},
                all,
                "db?a=b",
                "DATABASE_URL (.env)"},
           Case{{"", "", {}, {}, ConfigWith("url: process.env.DATABASE_URL + 'x'")},
                all,
                "dbx",
                "DATABASE_URL (.env)"},
           Case{{"", "", {}, {}, ConfigWith("url: process.env.DATABASE_URL.replace('d', 'D')")},
                all,
                "Db",
                "DATABASE_URL (.env)"},
           Case{{"", "", {}, {}, ConfigWith("url: process.env.DATABASE_URL.trim()")},
                all,
                "du",
                "DIRECT_URL (.env)"},
           Case{{"",
                 "",
                 {},
                 {},
                 ConfigWith("url: { a: process.env.URL, "
                            "db: process.env.DATABASE_URL }[process.env."
                            "DATABASE_URL]")},
                all,
                "db",
                "DATABASE_URL (.env)"},
           Case{{"", "", both, {}, ConfigWith("url: env('URL'), directUrl: env('DIRECT')")},
                all,
                "d",
                "DIRECT (.env)"},
           Case{{"", "", both, {}, ConfigWith("url: `x${process.env.URL}`")},
                {{"URL", "u"}},
                "xu",
                "URL (.env)"},
           Case{{"", "", both, {}, ConfigWith("url: 'lit'")}, all, "lit", "prisma.config.ts:1"},
       }) {
    const auto url = ChooseUrl(c.choice, With(c.values));
    ASSERT_TRUE(url.ok()) << url.error().message;
    EXPECT_EQ(url->url, c.url);
    EXPECT_EQ(url->origin, c.origin);
  }
}

// The URL that a configuration gives for variables of the process and files.
std::string UrlWith(const std::string& config, const Variables& process, const Variables& files) {
  const TestFolder folder;
  for (const auto& [name, text] : files) folder.Write(name, text);
  EnvironmentPlaces places;
  places.directory = folder.Path();
  places.reads_dotenv = config.empty();
  if (!config.empty()) places.config = {config, folder.Path() / "prisma.config.ts", folder.Path()};
  const auto environment = LoadEnvironment(places, process);
  if (!environment.ok()) return environment.error().message;
  const auto url = ChooseUrl({"", "", {}, {}, places.config}, *environment);
  return url.ok() ? url->url : url.error().message;
}

TEST(ChooseUrlTest, DirectUrlIsNotWeakerThanDatabaseUrl) {
  const std::string both = "DATABASE_URL=db\nDIRECT_URL=du\n";
  for (const auto& [process, files, url] :
       {std::tuple<Variables, Variables, const char*>{{}, {{".env", both}}, "du"},
        {{{"DATABASE_URL", "own"}}, {{".env", both}}, "own"},
        {{{"DATABASE_URL", "own"}}, {{".env", "DIRECT_URL=du"}}, "own"},
        {{{"DATABASE_URL", " "}}, {{".env", "DIRECT_URL=du"}}, "du"},
        {{{"DIRECT_URL", "direct"}}, {{".env", both}}, "direct"},
        {{{"DATABASE_URL", "own"}, {"DIRECT_URL", "direct"}}, {{".env", both}}, "direct"},
        {{}, {{".env", "DIRECT_URL=du"}}, "du"}}) {
    EXPECT_EQ(UrlWith("", process, files), url);
    const std::string config =
        "import 'dotenv/config'\nexport default { datasource: { url: process.env.DATABASE_URL } }";
    if (files.at(".env") == both) {
      EXPECT_EQ(UrlWith(config, process, files), url);
    }
  }
}

TEST(ChooseUrlTest, DirectUrlDoesNotReplaceWhatAConfigurationChose) {
  const std::string load = "import { config } from 'dotenv'\n";
  const std::string exported = "\nexport default { datasource: { url: process.env.DATABASE_URL } }";
  const std::string called = "\nexport default { datasource: { url: r() } }";
  const std::string both = "DATABASE_URL=db\nDIRECT_URL=du\n";
  const Variables files = {{".env", both}, {".env.test", "DATABASE_URL=test\n"}};
  const std::string test = "process.env.NODE_ENV === 'test'";
  struct Case {
    std::string config, url, url_of_test;
  };
  for (const Case& c : {
           Case{load + "config()" + exported, "du", "du"},
           Case{load + "config()\nfunction r() { if (" + test +
                    ") return process.env.T; return process.env.DATABASE_URL }" + called,
                "db", "t"},
           Case{load + "config()\nconst r = () => { if (" + test +
                    ") { return process.env.DATABASE_URL } return process.env.T }" + called,
                "t", "db"},
           Case{load + "config()\nexport default { datasource: { url: (() => { if (" + test +
                    ") return process.env.T; return process.env.DATABASE_URL })() } }",
                "db", "t"},
           Case{load +
                    "config()\nfunction r() { if (!process.env.DATABASE_URL) throw new Error(); "
                    "return process.env.DATABASE_URL }" +
                    called,
                "du", "du"},
           Case{load + "config()\nif (" + test + ") process.env.DATABASE_URL = process.env.T" +
                    exported,
                "du", "t"},
           Case{load + "config()\nprocess.env.DATABASE_URL = " + test +
                    " ? process.env.T : process.env.DATABASE_URL" + exported,
                "du", "t"},
           Case{load + "config()\nprocess.env.DATABASE_URL = 'lit'" + exported, "lit", "lit"},
           Case{load + "config()\nprocess.env.DATABASE_URL ||= 'lit'" + exported, "du", "du"},
           Case{load + "config()\nif (" + test + ") config({ path: '.env.test', override: true })" +
                    exported,
                "du", "test"},
           Case{load + "config({ path: ['.env.test', '.env'] })" + exported, "test", "test"},
           Case{load + "config({ path: ['.env', '.env.test'] })" + exported, "du", "du"},
       }) {
    EXPECT_EQ(UrlWith(c.config, {{"T", "t"}}, files), c.url) << c.config;
    EXPECT_EQ(UrlWith(c.config, {{"T", "t"}, {"NODE_ENV", "test"}}, files), c.url_of_test)
        << c.config;
  }
}

TEST(ChooseUrlTest, SaysThatDirectUrlIsFromAFile) {
  const TestFolder folder;
  folder.Write(".env", "DATABASE_URL=db\nDIRECT_URL=du\n");
  const DatasourceHint both{
      "s", "postgresql", Variable("DATABASE_URL"), Variable("DIRECT_URL"), {}};
  for (const auto& [process, is_said] : {std::pair<Variables, bool>{{}, false},
                                         {{{"DATABASE_URL", "own"}}, true},
                                         {{{"DIRECT_URL", "own"}}, false}}) {
    const auto environment = LoadEnvironment({folder.Path(), {}, true, {}, {}}, process);
    ASSERT_TRUE(environment.ok());
    const auto notice = NoticeOfSources({"", "", both, {}, {}}, *environment);
    ASSERT_EQ(notice.has_value(), is_said);
    if (is_said) {
      EXPECT_TRUE(notice->starts_with("directUrl is DIRECT_URL (.env), although "));
    }
    EXPECT_FALSE(NoticeOfSources({"option", "", both, {}, {}}, *environment));
  }
}

TEST(ChooseUrlTest, ReportsUnsetVariablesLikePrisma) {
  struct Case {
    DatasourceHint datasource;
    Variables values;
    const char* code;
    const char* message;
  };
  for (const Case& c : {
           Case{
               {"s", "", Variable("X"), {}, {}}, {}, "P1012", "Environment variable not found: X."},
           Case{{"s", "", Variable("X"), {}, {}},
                {{"X", ""}},
                "P1012",
                "You must provide a nonempty URL. The environment variable `X` resolved to an "
                "empty string."},
           Case{{"s", "", Variable("X"), Variable("Y"), {}},
                {{"X", "u"}},
                "P1012",
                "Environment variable not found: Y."},
           Case{{"s", "", Variable("X"), Variable("Y"), {}},
                {{"X", "u"}, {"Y", ""}},
                "P1012",
                "You must provide a nonempty direct URL. The environment variable `Y` resolved to "
                "an empty string."},
           Case{{},
                {},
                "B103",
                "no database URL is known: neither the project nor DATABASE_URL names one"},
       }) {
    const auto url = ChooseUrl({"", "", c.datasource, {}, {}}, With(c.values));
    ASSERT_FALSE(url.ok());
    EXPECT_EQ(CodeOf(url.error().code), c.code);
    EXPECT_EQ(url.error().message, c.message);
  }
}

TEST(ChooseUrlTest, RefusesComputedUrls) {
  const Environment environment = With({{"DATABASE_URL", "db"}, {"DIRECT_URL", "du"}});
  const UrlChoice choice{
      "", "", {"s", "", Variable("DATABASE_URL"), {}, {}}, {}, ConfigWith("url: compute()")};
  const auto url = ChooseUrl(choice, environment);
  ASSERT_FALSE(url.ok());
  EXPECT_EQ(CodeOf(url.error().code), "B103");
  EXPECT_NE(url.error().message.find("computes datasource.url in"), std::string::npos);
  // The error names what is written in the file.
  for (const auto& [text, words] :
       {std::pair{"export default load()", "its default export in"},
        {"export default { datasource: load() }", "datasource in"},
        {"const a = 1", "finds no default export in the file"},
        {"const a =\n(1; export default {}", "( is not closed in line 2"}}) {
    UrlChoice whole = choice;
    whole.config = PrismaConfig(text, "/p/prisma.config.ts", "/p");
    EXPECT_NE(ChooseUrl(whole, environment).error().message.find(words), std::string::npos);
  }
  UrlChoice told = choice;
  told.option = "opt";
  EXPECT_TRUE(ChooseUrl(told, environment).ok());
}

TEST(ChooseUrlTest, AsksTheSchemaLast) {
  const Error problem = MakeError(ErrorCode::kSchemaInvalid, "there is no datasource");
  const Environment environment = With({{"DATABASE_URL", "db"}});
  const auto asked = ChooseUrl({"", "", {}, problem, {}}, environment);
  ASSERT_FALSE(asked.ok());
  EXPECT_EQ(asked.error().message, "there is no datasource");
  EXPECT_TRUE(ChooseUrl({"opt", "", {}, problem, {}}, environment).ok());
  EXPECT_TRUE(
      ChooseUrl({"", "", {}, problem, ConfigWith("url: env('DATABASE_URL')")}, environment).ok());
}

// As in a container that runs as another user.
TEST(EnvironmentTest, AFileThatMayNotBeReadConcernsOnlyVariablesThatAreNotSet) {
  constexpr uid_t kNobody = 65534;
  const TestFolder folder;
  folder.Write(".env", "A=1\nB=1");
  std::filesystem::permissions(folder.Path(), std::filesystem::perms(0755));
  std::filesystem::permissions(folder.Path() / ".env", std::filesystem::perms::none);
  const uid_t user = geteuid();
  const bool is_root = user == 0;
  ASSERT_TRUE(!is_root || seteuid(kNobody) == 0);
  const auto environment = LoadEnvironment({folder.Path(), {}, true, {}, {}}, {{"B", "2"}});
  ASSERT_TRUE(!is_root || seteuid(user) == 0);
  ASSERT_TRUE(environment.ok()) << environment.error().message;
  EXPECT_EQ(environment->values, (Variables{{"B", "2"}}));
  UrlChoice choice;
  choice.url_variable = "A";
  const auto chosen = ChooseUrl(choice, *environment);
  ASSERT_FALSE(chosen.ok());
  EXPECT_EQ(chosen.error().message,
            "the database URL is not known: .env cannot be read: Permission denied");
}

}  // namespace
}  // namespace ballast::workspace
