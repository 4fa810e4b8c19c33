// SPDX-License-Identifier: Apache-2.0
// Projects with extensions, real ones and the usual layouts of others, deployed by a role that is
// no superuser and owns none of the extensions: an admin has installed them, as platforms do.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "tests/support/project.h"
#include "tests/support/test_server.h"

namespace ballast::testing {
namespace {

namespace fs = std::filesystem;

struct Layout {
  std::string name;
  std::vector<std::string> extensions;
  Scripts scripts;  // empty: the corpus of that name
  Scripts later;    // of a second release
};

const std::vector<Layout>& Layouts() {
  static const std::vector<Layout> layouts = {
      {"amplication", {"uuid-ossp"}, {}, {}},
      {"bloom", {"uuid-ossp"}, {}, {}},
      {"hoppscotch", {"pg_trgm"}, {}, {}},
      {"umami", {"pgcrypto"}, {}, {}},
      {"accounts",
       {"citext"},
       {{"20240101000000_init",
         "-- CreateExtension\nCREATE EXTENSION IF NOT EXISTS \"citext\" WITH SCHEMA \"public\";\n"
         "CREATE TABLE \"User\" (\"id\" TEXT NOT NULL, \"email\" CITEXT NOT NULL, CONSTRAINT "
         "\"User_pkey\" PRIMARY KEY (\"id\"));\n"
         "CREATE UNIQUE INDEX \"User_email_key\" ON \"User\"(\"email\");\n"}},
       {{"20240201000000_nick", "ALTER TABLE \"User\" ADD COLUMN \"nick\" CITEXT[];\n"}}},
      {"keys",
       {"pgcrypto", "uuid-ossp"},
       {{"20240101000000_init",
         "CREATE EXTENSION IF NOT EXISTS \"pgcrypto\";\nCREATE EXTENSION IF NOT EXISTS "
         "\"uuid-ossp\";\nCREATE TABLE \"Key\" (\"id\" UUID NOT NULL DEFAULT uuid_generate_v4(), "
         "\"secret\" TEXT NOT NULL DEFAULT encode(gen_random_bytes(16), 'hex'), CONSTRAINT "
         "\"Key_pkey\" PRIMARY KEY (\"id\"));\n"}},
       {{"20240201000000_salt",
         "ALTER TABLE \"Key\" ADD COLUMN \"salt\" TEXT NOT NULL DEFAULT gen_salt('bf');\n"}}},
      {"search",
       {"pg_trgm", "unaccent", "btree_gin"},
       {{"20240101000000_init",
         "CREATE EXTENSION IF NOT EXISTS pg_trgm;\nCREATE EXTENSION IF NOT EXISTS unaccent;\n"
         "CREATE EXTENSION IF NOT EXISTS btree_gin;\n"
         "CREATE TABLE \"Doc\" (\"id\" INTEGER NOT NULL, \"title\" TEXT NOT NULL, CONSTRAINT "
         "\"Doc_pkey\" PRIMARY KEY (\"id\"));\n"
         "CREATE INDEX \"Doc_title_idx\" ON \"Doc\" USING GIN (\"title\" gin_trgm_ops);\n"
         "CREATE FUNCTION plain(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT "
         "unaccent($1) $$;\n"}},
       {{"20240201000000_both",
         "CREATE INDEX \"Doc_both_idx\" ON \"Doc\" USING GIN (\"id\", \"title\" "
         "gin_trgm_ops);\n"}}},
      {"places",
       {"postgis"},
       {{"20240101000000_init",
         "CREATE EXTENSION IF NOT EXISTS postgis;\n"
         "CREATE TABLE \"Place\" (\"id\" INTEGER NOT NULL, \"at\" geography(Point, 4326), "
         "\"area\" geometry(Polygon, 4326), CONSTRAINT \"Place_pkey\" PRIMARY KEY (\"id\"));\n"
         "CREATE INDEX \"Place_at_idx\" ON \"Place\" USING GIST (\"at\");\n"}},
       {{"20240201000000_area",
         "CREATE INDEX \"Place_area_idx\" ON \"Place\" USING GIST (\"area\");\n"}}},
      {"trees",
       {"ltree", "hstore"},
       {{"20240101000000_init",
         "CREATE EXTENSION IF NOT EXISTS \"ltree\";\nCREATE EXTENSION IF NOT EXISTS \"hstore\";\n"
         "CREATE TABLE \"Node\" (\"path\" LTREE NOT NULL, \"tags\" HSTORE, CONSTRAINT "
         "\"Node_pkey\" PRIMARY KEY (\"path\"));\n"
         "CREATE INDEX \"Node_path_idx\" ON \"Node\" USING GIST (\"path\");\n"}},
       {{"20240201000000_check",
         "ALTER TABLE \"Node\" ADD CONSTRAINT \"Node_depth\" CHECK (nlevel(\"path\") < 20);\n"}}},
      {"booking",
       {"btree_gist", "fuzzystrmatch"},
       {{"20240101000000_init",
         "CREATE EXTENSION IF NOT EXISTS btree_gist;\nCREATE EXTENSION IF NOT EXISTS "
         "fuzzystrmatch;\nCREATE TABLE \"Stay\" (\"room\" INTEGER NOT NULL, \"during\" TSRANGE NOT "
         "NULL, EXCLUDE USING gist (\"room\" WITH =, \"during\" WITH &&));\n"}},
       {{"20240201000000_sound",
         "ALTER TABLE \"Stay\" ADD COLUMN \"guest\" TEXT GENERATED ALWAYS AS (soundex('x')) "
         "STORED;\n"}}},
  };
  return layouts;
}

class ExtensionProjectsTest : public ::testing::TestWithParam<Layout> {
 protected:
  static void SetUpTestSuite() {
    TestDatabase db;
    db.Run(
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'poor_role') THEN CREATE "
        "ROLE poor_role LOGIN; END IF; END $$");
  }

  static std::string PoorUrl(const TestDatabase& db) {
    const std::string url = db.Url();
    const size_t host = url.find('@');
    return "postgresql://poor_role" + url.substr(host);
  }

  // As an admin or a platform prepares a database.
  static void Prepare(TestDatabase& db, bool elsewhere) {
    if (elsewhere) db.Run("CREATE SCHEMA extensions; GRANT USAGE ON SCHEMA extensions TO PUBLIC");
    for (const std::string& extension : GetParam().extensions) {
      db.Run(fmt::format("CREATE EXTENSION \"{}\"{}", extension,
                         elsewhere ? " SCHEMA extensions" : ""));
    }
    db.Run("GRANT ALL ON SCHEMA public TO poor_role");
    if (!elsewhere) return;
    db.Run(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = public, extensions', "
        "current_database()); END $$");
  }

  void Expect(const std::string& command, const TestDatabase& db) {
    const Ran ran = RunIn(folder_.path(), "ballast " + command,
                          {{"DATABASE_URL", PoorUrl(db)},
                           {"DIRECT_URL", PoorUrl(db)},
                           {"POSTGRESQL_URL", PoorUrl(db)}});
    EXPECT_EQ(ran.status, 0) << command << "\n" << ran.out << ran.err;
  }

  TemporaryFolder folder_{"extensions"};
};

TEST_P(ExtensionProjectsTest, DeploysAsAPoorRole) {
  const Layout& layout = GetParam();
  if (layout.scripts.empty()) {
    BALLAST_NEEDS_SHARED();
    for (const Corpus& corpus : Corpora()) {
      if (corpus.name == layout.name) WriteProject(corpus, folder_.path());
    }
  } else {
    WriteBareProject(layout.scripts, folder_.path());
  }
  const Ran made = RunIn(folder_.path(), "ballast release create v1 && ballast baseline create");
  ASSERT_EQ(made.status, 0) << made.out << made.err;
  TestDatabase moved;
  for (const char* strategy : {"release", "development", "history"}) {
    TestDatabase fresh;
    TestDatabase& db = std::string(strategy) == "release" ? moved : fresh;
    Prepare(db, false);
    Expect(fmt::format("deploy --strategy {}", strategy), db);
    Expect(fmt::format("status --strategy {}", strategy), db);
  }
  if (layout.later.empty()) return;
  TestDatabase elsewhere;
  const bool names_schema = layout.name == "accounts";
  if (!names_schema) {
    Prepare(elsewhere, true);
    Expect("deploy --strategy release", elsewhere);
  }
  AddScripts(folder_.path(), layout.later);
  const Ran next = RunIn(folder_.path(),
                         "cp -r .ballast v1 && ballast release create v2 "
                         "--from-release v1");
  ASSERT_EQ(next.status, 0) << next.out << next.err;
  Expect("deploy --strategy release", moved);
  if (!names_schema) Expect("deploy --strategy release", elsewhere);
}

INSTANTIATE_TEST_SUITE_P(Slow, ExtensionProjectsTest, ::testing::ValuesIn(Layouts()),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace ballast::testing
