// SPDX-License-Identifier: Apache-2.0
// Between ballast and the server: a pooler, a role with few privileges, a database that only reads,
// TLS, and passwords that stand in files.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/faults/pooler.h"
#include "tests/faults/private_server.h"
#include "tests/faults/scenario.h"

namespace ballast::testing {
namespace {

namespace fs = std::filesystem;

const Scripts kPrivilegesHistory = {
    {"20240101000000_init", "CREATE TABLE \"A\" (\"id\" INTEGER);\n"}};

class Between : public ::testing::Test {
 protected:
  bool Make(const PrivateServerOptions& options = {}) {
    server_ = PrivateServer::Make(options, &why_);
    if (server_ == nullptr) return false;
    server_->Run("CREATE DATABASE app");
    project_ = MakeProject(kPrivilegesHistory);
    return true;
  }

  // The exit status; what was printed lands in `output_`.
  int Ballast(const std::vector<std::string>& words, const std::string& url) {
    Process run(project_->path(), words, url);
    const int status = run.Wait();
    output_ = run.Output();
    return status;
  }
  int Deploy(const std::string& url) { return Ballast({"deploy", "--strategy", "history"}, url); }
  std::string Tables() const {
    return server_->Value(
        "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = "
        "'public'::regnamespace",
        "app");
  }

  std::unique_ptr<PrivateServer> server_;
  std::unique_ptr<TemporaryFolder> project_;
  std::string why_;
  std::string output_;
};

class Poolers : public Between {
 protected:
  void SetUp() override {
    if (!fs::exists(Pooler::kProgram)) {
      GTEST_SKIP() << "NO POOLER: install the package pgbouncer (tools/setup does)";
    }
    if (!Make()) GTEST_SKIP() << why_;
  }

  // What commands have left in the one session that everybody shares.
  static std::string LeftBehind(const Pooler& pooler) {
    postgres::Session session = std::move(*postgres::Session::Connect(pooler.target()));
    return session
        .QueryValue(
            "SELECT concat_ws(' ', (SELECT string_agg(name || '=' || setting, ' ' ORDER BY name) "
            "FROM pg_settings WHERE source = 'session' AND name NOT LIKE 'transaction%' AND name "
            "<> 'application_name'), (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'))")
        ->value_or("?");
  }
};

TEST_F(Poolers, InTransactionModeAreRefused) {
  const Pooler pooler(*server_, "transaction");
  const std::string clean = LeftBehind(pooler);
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"deploy", "--strategy", "history", "--lock-timeout", "5s", "--statement-timeout", "9s"},
           {"deploy", "--strategy", "history", "--dry-run"},
           {"resolve", "--applied", "20240101000000_init"}}) {
    EXPECT_EQ(Ballast(words, pooler.Url() + "&schema=public"), 1) << words[0] << output_;
    EXPECT_TRUE(Has(output_, "B603") && Has(output_, "DIRECT_URL")) << words[0] << output_;
    EXPECT_EQ(LeftBehind(pooler), clean) << words[0];
  }
  EXPECT_EQ(Tables(), "0");
  // DIRECT_URL is the remedy.
  const Ran ran = RunIn(project_->path(), "ballast deploy --strategy history",
                        {{"DATABASE_URL", pooler.Url()}, {"DIRECT_URL", server_->Url("app")}});
  EXPECT_EQ(ran.status, 0) << ran.err;
}

TEST_F(Poolers, InTransactionModeAllowReading) {
  ASSERT_EQ(RunIn(project_->path(), "ballast release create v1").status, 0);
  const std::string tenant = "&schema=Tenant%20a";  // each is another schema to the application
  for (const std::string& which : {std::string(), tenant}) {
    ASSERT_EQ(Ballast({"deploy", "--strategy", "release"}, server_->Url("app") + which), 0)
        << output_;
  }
  const Pooler pooler(*server_, "transaction");
  const std::string clean = LeftBehind(pooler);
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"status", "--strategy", "release"},
           {"log"},
           {"catalog", "fingerprint"},
           {"catalog", "diff", pooler.Url() + tenant, pooler.Url() + tenant}}) {
    for (const std::string& which : {std::string(), tenant}) {
      EXPECT_EQ(Ballast(words, pooler.Url() + which), 0) << words[0] << output_;
      EXPECT_EQ(LeftBehind(pooler), clean) << words[0] << which;
    }
  }
  Ballast({"schema", "check", "--live"}, pooler.Url() + tenant);  // the schema has no models
  EXPECT_TRUE(Has(output_, "do not agree")) << output_;
  EXPECT_EQ(LeftBehind(pooler), clean);
}

TEST_F(Poolers, InTransactionModeRefuseWhatNeedsASession) {
  ASSERT_EQ(RunIn(project_->path(), "ballast release create v1").status, 0);
  ASSERT_EQ(Ballast({"deploy", "--strategy", "release"}, server_->Url("app")), 0) << output_;
  const Pooler pooler(*server_, "transaction");
  const std::string clean = LeftBehind(pooler);
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"repair", "--dry-run"},
           {"repair"},
           {"rollback", "--to", "20240101000000_init", "--strategy", "history", "--dry-run"},
           {"doctor"}}) {
    EXPECT_NE(Ballast(words, pooler.Url() + "&schema=public"), 0) << words[0] << output_;
    EXPECT_TRUE(Has(output_, "B603")) << words[0] << output_;
    EXPECT_EQ(LeftBehind(pooler), clean) << words[0];
  }
}

TEST_F(Poolers, InSessionModeAreAccepted) {
  const Pooler pooler(*server_, "session");
  EXPECT_EQ(Deploy(pooler.Url()), 0) << output_;
  EXPECT_EQ(Tables(), "2");
}

TEST_F(Poolers, AreRefusedByTheirUrl) {
  const Pooler pooler(*server_, "session");
  EXPECT_EQ(Deploy(pooler.Url() + "&pgbouncer=true"), 1) << output_;
  EXPECT_TRUE(Has(output_, "B603")) << output_;
  EXPECT_EQ(Tables(), "0");
}

struct Poor {
  const char* name;
  const char* setup;  // as the superuser, in the database
  int status;
  const char* says;
  const char* tables;
};

class PoorRoles : public Between {};

TEST_F(PoorRoles, LearnWhichPrivilegesAreMissing) {
  if (!Make()) GTEST_SKIP() << why_;
  const Poor cases[] = {
      {"owner of the schema alone",
       "REVOKE ALL ON DATABASE app FROM public; GRANT CONNECT ON DATABASE app TO poor; "
       "GRANT ALL ON SCHEMA public TO poor",
       0, "no journal is kept", "2"},
      {"nothing at all", "REVOKE ALL ON SCHEMA public FROM public", 1,
       "GRANT USAGE ON SCHEMA \"public\" TO \"poor\"", "0"},
      {"usage alone", "GRANT USAGE ON SCHEMA public TO poor", 1,
       "GRANT CREATE ON SCHEMA \"public\" TO \"poor\"", "0"},
      {"a migrations table that it cannot read",
       "GRANT ALL ON SCHEMA public TO poor; CREATE TABLE public._prisma_migrations(id int)", 1,
       "B501", "1"},
      {"a migrations table that it may only read",
       "GRANT ALL ON SCHEMA public TO poor; CREATE TABLE public._prisma_migrations(id text, "
       "checksum text, finished_at timestamptz, migration_name text, logs text, rolled_back_at "
       "timestamptz, started_at timestamptz, applied_steps_count int); "
       "GRANT SELECT, UPDATE ON public._prisma_migrations TO poor",
       1, "GRANT INSERT ON _prisma_migrations TO \"poor\"", "1"},
      {"a journal that it may only read",
       "GRANT ALL ON SCHEMA public TO poor; CREATE SCHEMA ballast; CREATE TABLE "
       "ballast.journal(sequence int, release text, baseline_checksum text, older_baselines "
       "text[], event text, subject text); GRANT USAGE ON SCHEMA ballast TO poor; "
       "GRANT SELECT ON ballast.journal TO poor",
       1, "GRANT INSERT ON ballast.journal TO \"poor\"", "0"},
      {"a journal in a schema that it may not use",
       "GRANT ALL ON SCHEMA public TO poor; CREATE SCHEMA ballast; CREATE TABLE "
       "ballast.journal(sequence int); GRANT INSERT ON ballast.journal TO poor",
       1, "GRANT USAGE ON SCHEMA ballast TO \"poor\"", "0"},
      {"a role that only reads",
       "GRANT ALL ON SCHEMA public TO poor; ALTER ROLE poor SET default_transaction_read_only = on",
       1, "B604", "0"},
      {"no right to connect", "REVOKE ALL ON DATABASE app FROM public", 3,
       "GRANT CONNECT ON DATABASE \"app\" TO \"poor\"", "0"},
  };
  for (const Poor& poor : cases) {
    server_->Run("DROP DATABASE app WITH (FORCE)");
    server_->Run("DROP ROLE IF EXISTS poor");
    server_->Run("CREATE DATABASE app");
    server_->Run("CREATE ROLE poor LOGIN");
    server_->Run(poor.setup, "app");
    EXPECT_EQ(Deploy(server_->Url("app", "poor")), poor.status) << poor.name << "\n" << output_;
    EXPECT_TRUE(Has(output_, poor.says)) << poor.name << "\n" << output_;
    EXPECT_EQ(Tables(), poor.tables) << poor.name;
  }
}

TEST_F(Between, ADatabaseInRecoveryIsOnlyRead) {
  if (!Make()) GTEST_SKIP() << why_;
  server_->Stop(SIGINT);
  server_->Append("standby.signal", "");
  ASSERT_TRUE(server_->Start());
  ASSERT_EQ(server_->Value("SELECT pg_is_in_recovery()", "app"), "t");
  EXPECT_EQ(Deploy(server_->Url("app")), 1) << output_;
  EXPECT_TRUE(Has(output_, "B604") && Has(output_, "recovery")) << output_;
  EXPECT_EQ(Ballast({"resolve", "--applied", "20240101000000_init"}, server_->Url("app")), 1)
      << output_;
  EXPECT_TRUE(Has(output_, "B604")) << output_;
  EXPECT_EQ(Ballast({"status", "--strategy", "history"}, server_->Url("app")), 1) << output_;
  EXPECT_TRUE(Has(output_, "20240101000000_init")) << output_;
}

struct TlsForm {
  const char* parameters;  // {ca}: the server's own certificate; {other}: another
  int status;
};

// A certificate of its own that names "localhost"; false where openssl is missing.
bool MakeCertificate(const std::string& folder, const std::string& name) {
  return std::system(fmt::format("openssl req -new -x509 -days 2 -nodes -subj /CN=localhost "
                                 "-addext subjectAltName=DNS:localhost,IP:127.0.0.1 "
                                 "-out {0}/{1}.crt -keyout {0}/{1}.key 2>/dev/null",
                                 folder, name)
                         .c_str()) == 0;
}

// Restarts the server with TLS and the certificate "server"; it trusts clients with the certificate
// "other". False where openssl is missing.
bool StartWithTls(PrivateServer& server) {
  if (!MakeCertificate(server.folder(), "server") || !MakeCertificate(server.folder(), "other")) {
    return false;
  }
  const std::string key = server.folder() + "/server.key";
  struct stat data {};
  EXPECT_EQ(stat(server.data().c_str(), &data), 0);
  EXPECT_EQ(chown(key.c_str(), data.st_uid, data.st_gid), 0);
  server.Append("postgresql.conf", fmt::format("ssl = on\nssl_cert_file = '{0}/server.crt'\n"
                                               "ssl_key_file = '{0}/server.key'\n"
                                               "ssl_ca_file = '{0}/other.crt'\n",
                                               server.folder()));
  server.Stop(SIGINT);
  EXPECT_TRUE(server.Start());
  return true;
}

TEST_F(Between, TlsInLibpqsFormsAndInPrismas) {
  if (!Make({.access = "local all all trust\nhostssl all all all trust\n"})) GTEST_SKIP() << why_;
  if (!StartWithTls(*server_)) GTEST_SKIP() << "NO OPENSSL: install openssl (tools/setup does)";
  const TlsForm forms[] = {
      {"?sslmode=require", 0},
      {"?sslmode=prefer", 0},
      {"", 0},
      {"?sslmode=disable", 3},
      {"?sslmode=verify-ca&sslrootcert={ca}", 0},
      {"?sslmode=verify-full&sslrootcert={ca}", 0},
      {"?sslmode=verify-ca&sslrootcert={other}", 3},
      {"?sslmode=verify-full&sslrootcert={other}", 3},
      {"?sslmode=verify-full&sslrootcert=/nowhere", 3},
      // Prisma takes unknown modes as prefer.
      {"?sslmode=no-verify", 0},
      // Prisma's own words for it: sslcert is the trusted CA.
      {"?sslmode=require&sslcert={ca}&sslaccept=strict", 0},
      {"?sslmode=require&sslcert={other}&sslaccept=strict", 3},
      {"?sslmode=require&sslaccept=accept_invalid_certs", 0},
      {"?sslmode=require&sslcert={other}&sslaccept=accept_invalid_certs", 0},
      {"?sslmode=disable&sslaccept=strict", 3},
      // The certificate is trusted and names another host.
      {"?sslmode=verify-ca&sslrootcert={ca}&host=elsewhere&hostaddr=127.0.0.1", 0},
      {"?sslmode=verify-full&sslrootcert={ca}&host=elsewhere&hostaddr=127.0.0.1", 3},
      {"?sslmode=require&sslcert={ca}&sslaccept=strict&host=elsewhere&hostaddr=127.0.0.1", 3},
  };
  for (const TlsForm& form : forms) {
    std::string parameters = form.parameters;
    for (const auto& [word, name] : {std::pair{"{ca}", "server"}, std::pair{"{other}", "other"}}) {
      const size_t at = parameters.find(word);
      if (at == std::string::npos) continue;
      parameters.replace(at, std::string(word).size(),
                         fmt::format("{}/{}.crt", server_->folder(), name));
    }
    const int status = Deploy(server_->TcpUrl("app", "postgres", parameters));
    EXPECT_EQ(status, form.status) << form.parameters << "\n" << output_;
  }
}

TEST_F(Between, TlsWithTheAuthoritiesThatTheSystemTrusts) {
  if (!Make({.access = "local all all trust\nhostssl all all all trust\n"})) GTEST_SKIP() << why_;
  if (!StartWithTls(*server_)) GTEST_SKIP() << "NO OPENSSL: install openssl (tools/setup does)";
  for (const auto& [trusted, status] : {std::pair{"server", 0}, std::pair{"other", 3}}) {
    const std::string bundle = fmt::format("{}/{}.crt", server_->folder(), trusted);
    for (const char* parameters :
         {"?sslmode=verify-full", "?sslrootcert=system", "?sslmode=require&sslrootcert=system",
          "?sslmode=require&sslaccept=strict"}) {
      const Ran ran = RunIn(project_->path(), "ballast deploy --strategy history",
                            {{"DATABASE_URL", server_->TcpUrl("app", "postgres", parameters)},
                             {"SSL_CERT_FILE", bundle}});
      EXPECT_EQ(ran.status, status) << trusted << parameters << "\n" << ran.err;
    }
  }
}

// The commands in backticks that begin with this word.
std::vector<std::string> CommandsIn(const std::string& text, const std::string& begin) {
  std::vector<std::string> commands;
  for (size_t at = text.find("`" + begin); at != text.npos; at = text.find("`" + begin, at + 1)) {
    commands.push_back(text.substr(at + 1, text.find('`', at + 1) - at - 1));
  }
  return commands;
}

TEST_F(Between, ClientCertificates) {
  if (!Make({.access = "local all all trust\nhostssl all all all cert\n"})) GTEST_SKIP() << why_;
  if (!StartWithTls(*server_)) GTEST_SKIP() << "NO OPENSSL: install openssl (tools/setup does)";
  server_->Run("CREATE ROLE localhost LOGIN SUPERUSER");  // the common name of the certificate
  const std::string folder = server_->folder();
  const std::string tls = fmt::format("?sslmode=verify-full&sslrootcert={}/server.crt", folder);
  const auto deploy = [&](const std::string& parameters) {
    return Deploy(server_->TcpUrl("app", "localhost", tls + parameters));
  };
  EXPECT_EQ(deploy(""), 3) << output_;
  EXPECT_TRUE(Has(output_, "P1000")) << output_;
  EXPECT_EQ(deploy(fmt::format("&sslcert={0}/other.crt&sslkey={0}/other.key", folder)), 0)
      << output_;

  // Prisma's form, and what the error recommends.
  const std::string in_folder = fmt::format("cd {} && ", folder);
  const std::string pack =
      "openssl pkcs12 -export -in other.crt -inkey other.key "
      "-passout pass:s3cret -out client.p12";
  ASSERT_EQ(std::system((in_folder + pack).c_str()), 0);
  EXPECT_EQ(deploy(fmt::format("&sslidentity={}/client.p12&sslpassword=s3cret", folder)), 2);
  EXPECT_FALSE(Has(output_, "s3cret")) << output_;
  const std::vector<std::string> commands = CommandsIn(output_, "openssl");
  ASSERT_EQ(commands.size(), 2U) << output_;
  for (const std::string& command : commands) {
    ASSERT_EQ(std::system((in_folder + command + " -passin pass:s3cret").c_str()), 0) << command;
  }
  EXPECT_EQ(deploy(fmt::format("&sslcert={0}/client.crt&sslkey={0}/client.key", folder)), 0)
      << output_;
}

TEST_F(Between, PasswordsInFiles) {
  if (!Make({.access = "local all postgres trust\nhost all all all scram-sha-256\n"})) {
    GTEST_SKIP() << why_;
  }
  server_->Run("CREATE ROLE app LOGIN SUPERUSER PASSWORD 's3cr3tw0rd'");
  const std::string folder = project_->path().string();
  std::ofstream(folder + "/pass") << "127.0.0.1:*:app:app:s3cr3tw0rd\n";
  fs::permissions(folder + "/pass", fs::perms::owner_read | fs::perms::owner_write);
  std::ofstream(folder + "/open") << "127.0.0.1:*:app:app:s3cr3tw0rd\n";
  fs::permissions(folder + "/open", fs::perms::all);
  std::ofstream(folder + "/service")
      << fmt::format("[mine]\nhost=127.0.0.1\nport={}\nuser=app\ndbname=app\npassword=s3cr3tw0rd\n",
                     server_->port());
  const std::string bare = server_->TcpUrl("app", "app", "");
  struct Case {
    std::string url;
    std::map<std::string, std::string> variables;
    int status;
  };
  const Case cases[] = {
      {bare, {{"PGPASSFILE", folder + "/pass"}}, 0},
      {bare, {{"PGPASSWORD", "s3cr3tw0rd"}}, 0},
      {bare + "?passfile=" + folder + "/pass", {}, 0},
      {"service=mine", {{"PGSERVICEFILE", folder + "/service"}}, 0},
      {"postgresql:///?service=mine", {{"PGSERVICEFILE", folder + "/service"}}, 0},
      {"postgresql:///app?service=mine", {{"PGSERVICEFILE", folder + "/service"}}, 0},
      {"postgresql:///app", {{"PGSERVICEFILE", folder + "/service"}, {"PGSERVICE", "mine"}}, 0},
      {bare, {{"PGPASSFILE", folder + "/open"}}, 3},  // readable by others: libpq ignores it
      {bare, {{"PGPASSFILE", folder + "/missing"}}, 3},
      {bare, {{"PGPASSWORD", "wrong"}}, 3},
      {"service=other", {{"PGSERVICEFILE", folder + "/service"}}, 3},
  };
  for (const Case& one : cases) {
    std::map<std::string, std::string> variables = one.variables;
    variables["DATABASE_URL"] = one.url;
    const Ran ran = RunIn(folder, "ballast -v deploy --strategy history", variables);
    EXPECT_EQ(ran.status, one.status) << one.url << ran.out << ran.err;
    const std::string line =
        fmt::format("app on 127.0.0.1:{}, schema public, role app, PostgreSQL", server_->port());
    EXPECT_EQ(Has(ran.out + ran.err, line), one.status == 0) << one.url << ran.out << ran.err;
    EXPECT_FALSE(Has(ran.out + ran.err, "s3cr3tw0rd")) << ran.out << ran.err;
  }
}

}  // namespace
}  // namespace ballast::testing
