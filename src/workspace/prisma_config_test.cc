// SPDX-License-Identifier: Apache-2.0
#include "workspace/prisma_config.h"

#include <gtest/gtest.h>

namespace ballast::workspace {
namespace {

using State = ConfigValue::State;

std::string SchemaOf(const std::string& text) {
  const PrismaConfig config(text, "/p/prisma.config.ts", "/p");
  const ConfigValue value = config.Read("schema", {});
  switch (value.state) {
    case State::kAbsent:
      return "(absent)";
    case State::kUndefined:
      return "(undefined)";
    case State::kNotUnderstood:
      return "(not understood)";
    case State::kText:
      return value.text;
  }
  return "";
}

TEST(PrismaConfigTest, ReadsValues) {
  const PrismaConfig config(R"(
// schema: "not/this.prisma"
import "dotenv/config";
import { defineConfig, env } from "prisma/config";
/* migrations: { path: "nor/this" } */
export default defineConfig({
  earlyAccess: true,
  "schema": 'db/schema.prisma',
  migrations: {
    seed: `tsx ${seed}`,
    path: "db/migrations",
  },
  tables: { external: ["auth.users", 'storage.objects'] },
  datasource: { url: env("DATABASE_URL"), directUrl: process.env.DIRECT_URL! },
  adapter: async () => { return new Adapter({ schema: "wrong" }) },
});
)",
                            "/p/prisma.config.ts", "/p");
  const Variables variables = {{"DATABASE_URL", "u"}};
  EXPECT_EQ(config.ReadPath("schema", variables), "/p/db/schema.prisma");
  EXPECT_EQ(config.ReadPath("migrations.path", variables), "/p/db/migrations");
  EXPECT_EQ(config.ReadTexts("tables.external", variables),
            (std::vector<std::string>{"auth.users", "storage.objects"}));
  const ConfigValue url = config.Read("datasource.url", variables);
  EXPECT_EQ(url.text, "u");
  EXPECT_EQ(url.line, 14);
  EXPECT_EQ(config.Read("datasource.directUrl", variables).state, State::kAbsent);  // Prisma 7
  EXPECT_EQ(config.Read("migrations.seed", variables).state, State::kNotUnderstood);
  EXPECT_EQ(config.Read("adapter", variables).state, State::kNotUnderstood);
  EXPECT_EQ(config.Read("views.path", variables).state, State::kAbsent);
  ASSERT_EQ(config.step_count(), 1U);
  EXPECT_EQ(config.StepOf(0, variables).files.front().path, "/p/.env");
}

TEST(PrismaConfigTest, ReadsTheUsualForms) {
  struct Case {
    const char* text;
    const char* schema;
  };
  for (const Case& c : {
           Case{"export default { schema: 'a' }", "a"},
           Case{"export default { schema: 'a' } satisfies PrismaConfig", "a"},
           Case{"export default { schema: 'a' } satisfies import('prisma/config').PrismaConfig",
                "a"},
           Case{"export default { schema: 'a' } as const", "a"},
           Case{"export default ({ schema: 'a' })", "a"},
           Case{"module.exports = defineConfig({schema:\"a\",})", "a"},
           Case{"module.exports = { schema: `a` };", "a"},
           Case{"const c: PrismaConfig = { schema: 'a' }; export default c;", "a"},
           Case{"const c = defineConfig({ schema: 'a' }); export default c", "a"},
           Case{"const c = defineConfig({ schema: 'a' })\nexport default c", "a"},
           Case{"export const x = 1\nexport default defineConfig({ schema: 'a' })", "a"},
           Case{"export default defineConfig<Config>({ schema: 'a' })", "a"},
           Case{"export default defineConfig({ schema: path.join('a', \"b\") })", "a/b"},
           Case{"export default defineConfig({ schema: path.resolve(__dirname, 'a') })", "/p/a"},
           Case{"export default defineConfig({ schema: join(import.meta.dirname, 'a') })", "/p/a"},
           Case{"export default defineConfig({ schema: path.join(process.cwd(), 'a') })", "/p/a"},
           Case{"export default defineConfig({ x: { schema: 'no' }, schema: 'a' })", "a"},
           Case{"export default defineConfig({ ...base, f() { return {} }, schema: 'a' })", "a"},
           Case{"export default defineConfig({ schema: 'a', get b() { return 1 } })", "a"},
           Case{"export default defineConfig({ schema: (process.env.S as string) ?? 'a' })", "a"},
           Case{"export default defineConfig({ schema: process.env.S || undefined })",
                "(undefined)"},
           Case{"export default defineConfig({ schema: `${'a'}/b` })", "a/b"},
           Case{"export default defineConfig({ schema: `${process.env.S}/b` })", "(undefined)"},
           Case{"export default defineConfig({ schema: 'b' + encodeURIComponent(process.env.S) })",
                "(undefined)"},
           Case{"export default defineConfig({ schema: `${encodeURIComponent(process.env.S)}` })",
                "(undefined)"},
           Case{"export default defineConfig({ schema: `${encodeURIComponent('a b')}` })", "a%20b"},
           Case{"export default defineConfig({ schema: `${String(process.env.S)}/b` })",
                "(undefined)"},
           Case{"export default defineConfig({ schema: 'a'.trim() })", "a"},
           Case{"export default defineConfig({ schema: false || 'a' })", "a"},
           Case{"const dir = 'a'; export default { schema: dir + '/b' }", "a/b"},
           Case{"export default await defineConfig({ schema: 'a' })", "a"},
           Case{"const config = { schema: 'a' }; export { config as default }", "a"},
           Case{"export { x, config as default }; const config = { schema: 'a' }", "a"},
           Case{
               "const f = (x: string) => { const y = x + 'b'; return y }; export default { schema: "
               "f('a') }",
               "ab"},
           Case{"const f = (x) => 'a'; export default { schema: f() }", "a"},
           Case{"const need = (name: string): string => { const v = process.env[name]; if (!v) "
                "throw "
                "new Error(`no ${name}`); return v }; export default { schema: need('S') }",
                "(undefined)"},
           Case{"function or(name: string, other: string) { const v = process.env[name]\n if (v) { "
                "return v }\n return other }; export default { schema: or('S', 'a') }",
                "a"},
           Case{"let s = 'a'; s = 'b'; export default defineConfig({ schema: s })", "b"},
           Case{"let s = 'a'\ns += 'b'\nif (!process.env.S) { s += 'c' } else s = 'd'\n"
                "export default { schema: s }",
                "abc"},
           Case{"export default { schema: Boolean(process.env.S) ? 'a' : 'b' }", "b"},
           Case{"export default defineConfig({ schema: ['a', 'b'][1] })", "b"},
           Case{"export default defineConfig({ schema: 'a/b'.split('/')[2] })", "(undefined)"},
           Case{"export default { schema: new URL('postgresql://h/a').toString() }",
                "postgresql://h/a"},
           Case{"export default { schema: String(new URL('postgresql://h')) }", "postgresql://h"},
           Case{"const u = new URL('postgresql://h/a?b=1')\nu.searchParams.set('c', '\\u00e9=')\n"
                "export default { schema: u.href }",
                "postgresql://h/a?b=1&c=%C3%A9%3D"},
           Case{"const u = new URL('postgresql://h/a?b'); u.searchParams.delete('b'); "
                "export default { schema: u.href }",
                "postgresql://h/a"},
           Case{"const f = () => { try { return env('S') } catch (e) { return 'a' } }; "
                "export default { schema: f() }",
                "a"},
           Case{"export default defineConfig({})", "(absent)"},
           Case{"export default defineConfig({ schema: undefined })", "(undefined)"},
           Case{"export default defineConfig({ schema: 'a", "(not understood)"},
       }) {
    EXPECT_EQ(SchemaOf(c.text), c.schema) << c.text;
  }
}

TEST(PrismaConfigTest, RefusesPartiallyKnownValues) {
  for (const char* text : {
           "",
           "export default make()",
           "export default defineConfig({ schema: 'a', ...more })",
           "export default defineConfig({ schema: pick('a') })",
           "export default defineConfig({ schema: 'a' - b })",
           "export default defineConfig({ schema: 'a' | b })",
           "export default defineConfig({ schema: 'a'.replace(/a/, 'b') })",
           "export default defineConfig({ schema: [...x, 'a'][1] })",
           "export default defineConfig({ schema: new URL('postgresql://h/a b').href })",
           "const u = new URL('postgresql://h/a'); const v = u; v.host = 'b'; "
           "export default { schema: u.href }",
           "const u = new URL('postgresql://h/a'); export default { schema: `${u}` }",
           "export default { schema: new URL('./a', import.meta.url).toString() }",
           "const f = () => { try { g(); return 'a' } catch { return 'b' } }; "
           "export default { schema: f() }",
           "const f = () => { try { return 'a' } finally { g() } }; export default { schema: f() }",
           "export default defineConfig({ schema: tag`a` })",
           "export default defineConfig({ schema: await load() })",
           "export default defineConfig({ schema: b ? 'a' : 'c' })",
           "export default defineConfig({ schema: 'a', [key]: 'b' })",
           "export default defineConfig({ get schema() { return 'a' } })",
           "let s = 'a'; const t = s; s = 'b'; export default defineConfig({ schema: t })",
           "let s = 'a'; f(); function f() { s = 'b' } export default { schema: s }",
           "let s = 'a'; while (x) s += 'b'; export default { schema: s }",
           "let s = 'a'; s -= 'b'; export default { schema: s }",
           "let s = 'a'; if (x) { s += 'b' } export default defineConfig({ schema: s })",
           "const s = s; export default { schema: s }",
           "const f = () => { let x = 'b'; return x }; export default { schema: f() }",
           "const f = (x = 'b') => x; export default { schema: f() }",
           "const f = (x) => f(x) + f(x); export default { schema: f() }",
           "function f() { if (x) return 'a'; return 'b' }; export default { schema: f() }",
           "f(); export default { schema: process.env.S ?? 'a' }; function f() { process.env.S = "
           "'b' }",
           "process.env['S'] ?\?= 'b'; export default { schema: process.env.S ?? 'a' }",
           "export { config as default } from './other'",
           "export default async () => ({ schema: 'a' })",
           "Object.assign(process.env, load()); export default { schema: process.env.S ?? 'a' }",
           "import { env } from './env'; export default { schema: env.S ?? 'a' }",
       }) {
    EXPECT_EQ(SchemaOf(text), "(not understood)") << text;
  }
}

TEST(PrismaConfigTest, NamesTheImportThatAValueDependsOn) {
  struct Case {
    const char* text;
    const char* import;
  };
  for (const Case& c : {
           Case{"import { url } from './db'; export default { datasource: { url } }",
                "`url` from \"./db\""},
           Case{"import * as db from './db'; export default { datasource: { url: db.urls.main } }",
                "`db` from \"./db\""},
           Case{"import { a as b } from './db'; const c = b(); export default { datasource: { url: "
                "`${c}?x=1` } }",
                "`b` from \"./db\""},
           Case{"import p from 'pw'; export default { datasource: { url: 'postgresql://' + p } }",
                "`p` from \"pw\""},
           Case{"const { url } = require('./db'); module.exports = { datasource: { url } }",
                "\"./db\""},
           Case{"import base from './base'; export default base", "`base` from \"./base\""},
           Case{"export default { datasource: { url: process.argv[2] } }", ""},
       }) {
    const PrismaConfig config(c.text, "/p/prisma.config.ts", "/p");
    const ConfigValue value = config.Read("datasource.url", {});
    EXPECT_EQ(value.state, State::kNotUnderstood) << c.text;
    EXPECT_EQ(value.import, c.import) << c.text;
  }
}

// What a later statement may have changed is not taken for known; the rest still is.
TEST(PrismaConfigTest, TracksChangedVariables) {
  struct Case {
    const char* text;
    const char* schema;
  };
  constexpr char kUnknown[] = "(not understood)";
  for (const Case& c : {
           Case{"const c = defineConfig({ schema: 'a' }); c.schema = 'b'; export default c",
                kUnknown},
           Case{"const c = { schema: 'a' }; c['schema'] = 'b'; export default c", kUnknown},
           Case{"const c = { schema: 'a' }; c[key] = 'b'; export default c", kUnknown},
           Case{"const c = { schema: 'a' }; (c as any).schema = 'b'; export default c", kUnknown},
           Case{"const c = { schema: 'a' }; (<any>c).schema = 'b'; export default c", kUnknown},
           Case{"const c = { schema: 'a' }; c!.schema ||= 'b'; export default c", kUnknown},
           Case{"const c = { schema: 'a' }; if (x) { c.schema = 'b' } export default c", kUnknown},
           Case{"const c = { schema: 'a' }; delete c.schema; export default c", kUnknown},
           Case{"const c = { schema: 'a' }; Object.assign(c, { schema: 'b' }); export default c",
                kUnknown},
           Case{"const c = { schema: 'a' }; Object.assign(c, more); export default c", kUnknown},
           Case{
               "const c = { schema: 'a' }; Object.defineProperty(c, 'schema', d); export default c",
               kUnknown},
           Case{"const c = { schema: 'a' }; change(c); export default c", kUnknown},
           Case{"const c = { schema: 'a' }; new Plugin(c); export default c", kUnknown},
           Case{"const c = { schema: 'a' }; const d = c; d.schema = 'b'; export default c",
                kUnknown},
           Case{"const c = { schema: 'a' }; const d = defineConfig(c); d.schema = 'b'\n"
                "export default c",
                kUnknown},
           Case{"const c = { schema: 'a' }; for (const d of [c]) d.schema = 'b'\nexport default c",
                kUnknown},
           Case{"const c = { schema: 'a' }; const all = { c }; all.c.schema = 'b'\n"
                "export default c",
                kUnknown},
           Case{"const c = { schema: 'a' }; { const d = c; d.schema = 'b' } export default c",
                kUnknown},
           Case{"const c = { schema: 'a' }; [c.schema] = ['b']; export default c", kUnknown},
           Case{"const c = { schema: 'a' }; ({ x: c.schema } = y); export default c", kUnknown},
           Case{"const s = { a: 'a' }; s.a = 'b'; export default { schema: s.a }", kUnknown},
           Case{"const s = { a: 'a' }; const { a } = s; s.a = 'b'; export default { schema: a }",
                kUnknown},
           Case{"module.exports = { schema: 'a' }; module.exports.schema = 'b'", kUnknown},
           Case{"exports.default = { schema: 'a' }; exports.default.schema = 'b'", kUnknown},
           // Other members, and texts, stay known.
           Case{"const c = { schema: 'a' }; c.earlyAccess = true; export default c", "a"},
           Case{"const c = { schema: 'a', x: {} }; Object.assign(c.x, y); export default c", "a"},
           Case{"const c = { schema: 'a' }; Object.assign(c, { x: 'b' }); export default c", "a"},
           Case{"const c = { schema: 'a' }; console.log(c); export default c", "a"},
           Case{"const s = 'a'; log(s); const c = { schema: s }; export default c", "a"},
           Case{"const s = 'a'; const c = { schema: s }; c.x = 1; export default c", "a"},
           Case{"const s = { a: 'a', b: 'b' }; s.b = 'c'; export default { schema: s.a }", "a"},
           Case{"const { S = 'a' } = process.env; export default { schema: S }", "a"},
           Case{"const c = { schema: 'a' }; const pool = connect(); pool.x = 1; export default c",
                "a"},
           Case{"module.exports = { schema: 'a' }; module.exports.x = 'b'", "a"},
       }) {
    EXPECT_EQ(SchemaOf(c.text), c.schema) << c.text;
  }
}

TEST(PrismaConfigTest, FindsLoadedEnvironmentFiles) {
  struct Case {
    const char* text;
    std::vector<std::string> files;
  };
  const Variables variables = {{"APP_ENV", "prod"}};
  constexpr char kUnknownFile[] = "(not known)";
  constexpr char kSometimes[] = "(sometimes)";
  for (const Case& c : {
           Case{"const { APP_ENV } = process.env; process.loadEnvFile(`.env.${APP_ENV}`)",
                {"/p/.env.prod"}},
           Case{"process.loadEnvFile(`.env.${process.env.OTHER}`)", {"/p/.env.undefined"}},
           Case{"process.loadEnvFile('.env.' + process.env.OTHER)", {"/p/.env.undefined"}},
           Case{"process.loadEnvFile(f); const f = 'a'", {kUnknownFile}},
           Case{"process.loadEnvFile(choose())", {kUnknownFile}},
           Case{"try { process.loadEnvFile() } catch {}", {"/p/.env"}},
           Case{"try { x(); process.loadEnvFile() } catch {}", {kSometimes}},
           Case{"if (process.env.APP_ENV !== 'prod') process.loadEnvFile()", {}},
           Case{"if (process.env.APP_ENV === 'prod') { process.loadEnvFile('a') } else { "
                "process.loadEnvFile('b') }",
                {"/p/a"}},
           Case{"if (process.env.APP_ENV === 'dev') { process.loadEnvFile('a') } else { "
                "process.loadEnvFile('b') }",
                {"/p/b"}},
           Case{"if (unknown()) if (!process.env.CI) process.loadEnvFile('a')", {kSometimes}},
           Case{"process.env.CI && (process.loadEnvFile('a'))", {kSometimes}},
           Case{"const x = process.env.CI ?? 'b'\nprocess.loadEnvFile('a')", {"/p/a"}},
           Case{"if (!process.env.CI) x()\nelse process.loadEnvFile('a')", {kSometimes}},
           Case{"if (unknown()) process.loadEnvFile('a')", {kSometimes}},
           Case{"const f = () => process.loadEnvFile('a')", {kSometimes}},
           Case{"import 'dotenv/config'", {"/p/.env"}},
           Case{"require('dotenv/config')", {"/p/.env"}},
           Case{"import dotenv from 'dotenv'; dotenv.config()", {"/p/.env"}},
           Case{"import * as d from 'dotenv'; d.config({ path: '../.env' })", {"/p/../.env"}},
           Case{"import { config } from 'dotenv'; config({ path: ['.env.local', '.env'] })",
                {"/p/.env.local", "/p/.env"}},
           Case{"import { config as load } from 'dotenv'; load()", {"/p/.env"}},
           Case{"require('dotenv').config({ path: __dirname + '/x' })", {"/p/x"}},
           Case{"process.loadEnvFile()", {"/p/.env"}},
           Case{"require('dotenv').config({ path: `.env.${process.env.APP_ENV ?? 'dev'}` })",
                {"/p/.env.prod"}},
           Case{"require('dotenv').config({ path: `.env.${process.env.OTHER ?? 'dev'}` })",
                {"/p/.env.dev"}},
           Case{"require('dotenv').config({ path: process.env.OTHER })", {"/p/.env"}},
           Case{"require('dotenv').config({ path: [process.env.APP_ENV || 'x', 'y'] })",
                {"/p/prod", "/p/y"}},
           Case{"process.loadEnvFile(process.env.APP_ENV === 'prod' ? '.env.p' : '.env.d')",
                {"/p/.env.p"}},
           Case{"if (!process.env.CI) { process.loadEnvFile('a') }", {"/p/a"}},
           Case{"import { loadEnvFile } from 'node:process'; loadEnvFile('a')", {"/p/a"}},
           Case{"import { config } from './config'; config()", {}},
           Case{"// import 'dotenv/config'", {}},
       }) {
    std::vector<std::string> files;
    const PrismaConfig config(c.text, "/p/prisma.config.ts", "/p");
    for (size_t step = 0; step < config.step_count(); ++step) {
      for (const auto& file : config.StepOf(step, variables).files) {
        files.push_back(!file.is_known        ? kUnknownFile
                        : file.is_conditional ? kSometimes
                                              : file.path.string());
      }
    }
    EXPECT_EQ(files, c.files) << c.text;
  }
}

}  // namespace
}  // namespace ballast::workspace
