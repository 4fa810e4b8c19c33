// SPDX-License-Identifier: Apache-2.0
// What a hostile history tries with a scratch server, by SQL and by machine code: nothing outside
// of the server's folder is written, read, started or reached.
#include "scratch/sandbox.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>

#include "base/text.h"
#include "tests/support/project.h"
#include "tests/support/test_server.h"

namespace ballast::scratch {

// As if the kernel's Landlock were of another version.
class SandboxPeer {
 public:
  static Sandbox Of(const std::string& program, const std::string& folder, int version) {
    return {program, folder, version};
  }
};

namespace {

namespace fs = std::filesystem;

// A loopback port that nobody may connect to.
class Listener {
 public:
  Listener() {
    socket_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(bind(socket_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(listen(socket_, 8), 0);
    getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
  }
  ~Listener() { close(socket_); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  int port() const { return port_; }
  bool WasReached() const {
    const int client = accept(socket_, nullptr, nullptr);
    if (client >= 0) close(client);
    return client >= 0;
  }

 private:
  int socket_ = -1;
  int port_ = 0;
};

struct Attack {
  const char* name;
  std::string sql;
};

// @V: a folder of the operator's that the server's account may write. @P: the port of the listener.
// @O: the folder of another server's socket.
const Attack kAttacks[] = {
    {"program", "COPY (SELECT 1) TO PROGRAM 'echo x >@V/new'"},
    {"program without a shell's path", "COPY (SELECT 1) TO PROGRAM '/usr/bin/touch @V/new'"},
    {"from program", "CREATE TABLE t (x text); COPY t FROM PROGRAM 'echo x >@V/new; echo 1'"},
    {"program in code",
     "DO $$ BEGIN EXECUTE $x$COPY (SELECT 1) TO PROGRAM 'touch @V/new'$x$; END $$"},
    {"copy to a file", "COPY (SELECT 1) TO '@V/new'"},
    {"copy over a file", "COPY (SELECT 1) TO '@V/secret'"},
    {"copy from a file", "CREATE TABLE t (x text); COPY t FROM '@V/secret'"},
    {"large object to a file", "SELECT lo_export(lo_from_bytea(0, 'x'), '@V/new')"},
    {"large object over a file", "SELECT lo_export(lo_from_bytea(0, 'x'), '@V/secret')"},
    {"large object from a file", "SELECT lo_import('@V/secret')"},
    {"read a file", "SELECT pg_read_file('@V/secret')"},
    {"read a system file", "SELECT pg_read_file('/etc/passwd')"},
    {"read a host name", "SELECT pg_read_binary_file('/etc/hostname')"},
    {"read a process", "SELECT pg_read_file('/proc/self/environ')"},
    {"read this process", "SELECT pg_read_file('/proc/1/cmdline')"},
    {"list a folder", "SELECT pg_ls_dir('@V')"},
    {"list homes", "SELECT pg_ls_dir('/home')"},
    {"list devices", "SELECT pg_ls_dir('/dev')"},
    {"adminpack", "CREATE EXTENSION adminpack; SELECT pg_file_write('@V/new', 'x', false)"},
    {"adminpack's rename",
     "CREATE EXTENSION adminpack; SELECT pg_file_rename('@V/secret', '@V/moved')"},
    {"foreign file",
     "CREATE EXTENSION file_fdw; CREATE SERVER s FOREIGN DATA WRAPPER file_fdw; CREATE FOREIGN "
     "TABLE "
     "f (x text) SERVER s OPTIONS (filename '@V/secret'); SELECT * FROM f"},
    {"foreign program",
     "CREATE EXTENSION file_fdw; CREATE SERVER s FOREIGN DATA WRAPPER file_fdw; CREATE FOREIGN "
     "TABLE "
     "f (x text) SERVER s OPTIONS (program 'touch @V/new'); SELECT * FROM f"},
    {"dblink over TCP",
     "CREATE EXTENSION dblink; SELECT dblink_connect('host=127.0.0.1 port=@P connect_timeout=3')"},
    {"dblink by name",
     "CREATE EXTENSION dblink; SELECT dblink_connect('host=localhost port=@P connect_timeout=3')"},
    {"dblink to another server",
     "CREATE EXTENSION dblink; SELECT dblink_connect('host=@O port=5432')"},
    {"dblink to itself",
     "CREATE EXTENSION dblink; SELECT dblink_connect('host=' || "
     "current_setting('unix_socket_directories'))"},
    {"postgres_fdw",
     "CREATE EXTENSION postgres_fdw; CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw OPTIONS "
     "(host "
     "'127.0.0.1', port '@P'); CREATE USER MAPPING FOR CURRENT_USER SERVER s; CREATE FOREIGN TABLE "
     "f "
     "(x int) SERVER s; SELECT * FROM f"},
    {"subscription",
     "CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1 port=@P connect_timeout=3' PUBLICATION p"},
    {"shell library", "LOAD '@V/secret'"},
    {"tablespace", "CREATE TABLESPACE s LOCATION '@V'"},
    {"execute right",
     "GRANT pg_execute_server_program TO CURRENT_USER; COPY (SELECT 1) TO PROGRAM "
     "'touch @V/new'"},
    {"untrusted Perl",
     "CREATE EXTENSION plperlu; DO LANGUAGE plperlu 'system(\"touch @V/new\") == 0 "
     "or die $!'"},
    {"untrusted Python",
     "CREATE EXTENSION plpython3u; DO LANGUAGE plpython3u 'open(\"@V/new\", \"w\")'"},
};

// These do not fail at once, and what comes of them comes later or never.
const Attack kTraps[] = {
    {"adminpack's unlink", "CREATE EXTENSION adminpack; SELECT pg_file_unlink('@V/secret')"},
    {"a program at reload",
     "ALTER SYSTEM SET ssl_passphrase_command = 'touch @V/new'; ALTER SYSTEM SET "
     "ssl_passphrase_command_supports_reload = on; ALTER SYSTEM SET ssl_cert_file = "
     "'/etc/ssl/certs/ssl-cert-snakeoil.pem'; ALTER SYSTEM SET ssl = on; SELECT pg_reload_conf()"},
    {"a program for the archive",
     "ALTER SYSTEM SET archive_command = 'touch @V/new'; ALTER SYSTEM SET archive_mode = on; "
     "SELECT "
     "pg_reload_conf(), pg_switch_wal()"},
    {"libraries of new sessions",
     "ALTER SYSTEM SET session_preload_libraries = '@V/secret'; SELECT pg_reload_conf()"},
    {"a log elsewhere",
     "ALTER SYSTEM SET log_destination = 'syslog'; ALTER SYSTEM SET external_pid_file = '@V/new'; "
     "ALTER SYSTEM SET log_directory = '@V'; ALTER SYSTEM SET log_min_messages = debug5; SELECT "
     "pg_reload_conf(), pg_rotate_logfile()"},
    {"statistics elsewhere",
     "ALTER SYSTEM SET stats_temp_directory = '@V'; SELECT pg_reload_conf()"},
    {"an event trigger",
     "CREATE FUNCTION e() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN COPY (SELECT 1) TO "
     "PROGRAM 'touch @V/new'; EXCEPTION WHEN OTHERS THEN END $$; CREATE EVENT TRIGGER e ON "
     "ddl_command_start EXECUTE FUNCTION e(); CREATE TABLE later (x int)"},
    {"standby",
     "SELECT pg_create_physical_replication_slot('s'); ALTER SYSTEM SET primary_conninfo = "
     "'host=127.0.0.1 port=@P'; SELECT pg_reload_conf()"},
};

class SandboxTest : public ::testing::Test {
 protected:
  void SetUp() override {
    BALLAST_NEEDS_SERVER();
    ASSERT_EQ(Sandbox::Unavailable(), "") << "this machine cannot show that the sandbox holds";
    victim_.emplace("victim");
    fs::permissions(victim_->path(), fs::perms::all);
    std::ofstream(Secret()) << "secret\n";
    fs::permissions(Secret(), fs::perms::all);
  }

  std::string Secret() const { return victim_->path() / "secret"; }

  std::string Filled(std::string sql, const std::string& other) const {
    sql = ReplaceAll(std::move(sql), "@V", victim_->path().string());
    sql = ReplaceAll(std::move(sql), "@P", std::to_string(listener_.port()));
    return ReplaceAll(std::move(sql), "@O", other);
  }

  void ExpectUntouched(const std::string& what) {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(victim_->path())) {
      names.push_back(entry.path().filename());
    }
    EXPECT_THAT(names, ::testing::ElementsAre("secret")) << what;
    std::ifstream file(Secret());
    std::string text;
    std::getline(file, text);
    EXPECT_EQ(text, "secret") << what;
    EXPECT_FALSE(listener_.WasReached()) << what;
    for (const std::string& name : names) {
      if (name != "secret") fs::remove_all(victim_->path() / name);
    }
  }

  void TryAttacks(ScratchServer& server, const std::string& other) {
    for (const Attack& attack : kAttacks) {
      auto database = server.CreateDatabase();
      ASSERT_TRUE(database.ok()) << attack.name << ": " << database.error().message;
      auto session = database->Connect();
      ASSERT_TRUE(session.ok()) << attack.name;
      session->Run("SET statement_timeout = '10s'");
      const postgres::Outcome outcome = session->Run(Filled(attack.sql, other));
      EXPECT_FALSE(outcome.ok()) << attack.name;
      ExpectUntouched(attack.name);
    }
  }

  void TryTraps(ScratchServer& server) {
    for (const Attack& trap : kTraps) {
      auto database = server.CreateDatabase();
      ASSERT_TRUE(database.ok()) << trap.name << ": " << database.error().message;
      auto session = database->Connect();
      if (!session.ok()) continue;  // a library of new sessions that is none: nobody gets in
      // ALTER SYSTEM cannot run with others in one message.
      for (const std::string& statement : Split(Filled(trap.sql, ""))) session->Run(statement);
      usleep(200'000);
      session->Run("ALTER SYSTEM RESET ALL");
      session->Run("SELECT pg_reload_conf()");
      usleep(50'000);
      ExpectUntouched(trap.name);
    }
  }

  // At "; " outside of functions, of which there is one.
  static std::vector<std::string> Split(const std::string& sql) {
    std::vector<std::string> parts;
    size_t from = 0;
    for (size_t at = 0; at < sql.size(); ++at) {
      const auto dollars = [&](size_t until) {
        size_t count = 0;
        for (size_t i = 0; i + 1 < until; ++i) count += sql.compare(i, 2, "$$") == 0 ? 1 : 0;
        return count;
      };
      if (sql[at] != ';' || dollars(at) % 2 != 0) continue;
      parts.push_back(sql.substr(from, at - from));
      from = at + 1;
    }
    parts.push_back(sql.substr(from));
    return parts;
  }

  static Result<ScratchServer> Start() {
    SilentProgress silent;
    return ScratchServer::Start({}, silent);
  }

  std::optional<testing::TemporaryFolder> victim_;
  Listener listener_;
};

TEST_F(SandboxTest, SqlCannotLeaveTheSandbox) {
  auto server = Start();
  ASSERT_TRUE(server.ok()) << server.error().message;
  const auto other = testing::ServerOf(0);
  ASSERT_TRUE(other.ok());
  TryAttacks(*server, (*other)->target().host());
  TryTraps(*server);
}

// The number of failures of `work` in a process of another account, which is told from its status.
int FailuresAs(uid_t user, const std::function<void()>& work) {
  const pid_t child = fork();
  if (child == 0) {
    if (setgid(user) != 0 || setuid(user) != 0) _exit(100);
    work();
    _exit(::testing::Test::HasFailure() ? 1 : 0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

TEST_F(SandboxTest, SqlOfAnOrdinaryUserCannotLeaveTheSandbox) {
  if (geteuid() != 0) GTEST_SKIP() << "NOT ROOT: the test above was one of an ordinary user";
  ASSERT_EQ(FailuresAs(65534,
                       [&] {
                         setenv("XDG_CACHE_HOME", "/tmp/ballast-test-of-nobody", 1);
                         auto server = Start();
                         EXPECT_TRUE(server.ok()) << server.error().message;
                         if (!server.ok()) return;
                         TryAttacks(*server, "/tmp");
                         TryTraps(*server);
                       }),
            0);
}

// What machine code in the sandbox would call. Each gives errno, or 0 when it did its work.
struct Call {
  const char* name;
  std::function<int(const std::string& victim, int port, pid_t parent)> make;
};

int ErrnoOf(long result) {
  return result < 0 ? errno : 0;
}

int Connect(int family, const sockaddr* address, socklen_t size) {
  const int connection = socket(family, SOCK_STREAM, 0);
  return connection < 0 ? errno : ErrnoOf(connect(connection, address, size));
}

int Execute(const char* program, const char* argument) {
  const pid_t child = fork();
  if (child == 0) {
    execl(program, program, argument, nullptr);
    _exit(errno);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WEXITSTATUS(status);
}

const Call kCalls[] = {
    {"open for writing",
     [](const auto& v, int, pid_t) {
       return ErrnoOf(open((v + "/new").c_str(), O_CREAT | O_WRONLY, 0600));
     }},
    {"open for reading",
     [](const auto& v, int, pid_t) { return ErrnoOf(open((v + "/secret").c_str(), O_RDONLY)); }},
    {"unlink", [](const auto& v, int, pid_t) { return ErrnoOf(unlink((v + "/secret").c_str())); }},
    {"rename",
     [](const auto& v, int, pid_t) {
       return ErrnoOf(rename((v + "/secret").c_str(), (v + "/moved").c_str()));
     }},
    {"truncate",
     [](const auto& v, int, pid_t) { return ErrnoOf(truncate((v + "/secret").c_str(), 0)); }},
    {"mkdir", [](const auto& v, int, pid_t) { return ErrnoOf(mkdir((v + "/new").c_str(), 0700)); }},
    {"symlink", [](const auto& v, int,
                   pid_t) { return ErrnoOf(symlink("/etc/passwd", (v + "/new").c_str())); }},
    {"hard link",
     [](const auto& v, int, pid_t) { return ErrnoOf(link((v + "/secret").c_str(), "linked")); }},
    {"fifo", [](const auto&, int, pid_t) { return ErrnoOf(mkfifo("fifo", 0600)); }},
    {"device",
     [](const auto&, int, pid_t) { return ErrnoOf(mknod("device", S_IFCHR | 0600, 0x103)); }},
    {"chown",
     [](const auto& v, int, pid_t) {
       return ErrnoOf(
           syscall(SYS_fchownat, AT_FDCWD, (v + "/secret").c_str(), getuid(), getgid(), 0));
     }},
    {"attribute",
     [](const auto& v, int, pid_t) {
       return ErrnoOf(setxattr((v + "/secret").c_str(), "user.x", "x", 1, 0));
     }},
    {"execute a shell", [](const auto&, int, pid_t) { return Execute("/bin/sh", "-c"); }},
    {"execute a program", [](const auto&, int, pid_t) { return Execute("/bin/true", ""); }},
    {"TCP socket",
     [](const auto&, int, pid_t) { return ErrnoOf(socket(AF_INET, SOCK_STREAM, 0)); }},
    {"UDP socket",
     [](const auto&, int, pid_t) { return ErrnoOf(socket(AF_INET6, SOCK_DGRAM, 0)); }},
    {"netlink socket",
     [](const auto&, int, pid_t) { return ErrnoOf(socket(AF_NETLINK, SOCK_RAW, 0)); }},
    {"TCP connection",
     [](const auto&, int port, pid_t) {
       sockaddr_in address{};
       address.sin_family = AF_INET;
       address.sin_port = htons(static_cast<uint16_t>(port));
       address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
       return Connect(AF_INET, reinterpret_cast<sockaddr*>(&address), sizeof address);
     }},
    {"Unix connection",
     [](const auto& v, int, pid_t) {
       sockaddr_un address{};
       address.sun_family = AF_UNIX;
       (v + "/socket").copy(address.sun_path, sizeof address.sun_path - 1);
       return Connect(AF_UNIX, reinterpret_cast<sockaddr*>(&address), sizeof address);
     }},
    {"datagram to a Unix socket",
     [](const auto& v, int, pid_t) {
       sockaddr_un address{};
       address.sun_family = AF_UNIX;
       (v + "/socket").copy(address.sun_path, sizeof address.sun_path - 1);
       const int datagrams = socket(AF_UNIX, SOCK_DGRAM, 0);
       return ErrnoOf(
           sendto(datagrams, "x", 1, 0, reinterpret_cast<sockaddr*>(&address), sizeof address));
     }},
    {"message to a Unix socket",
     [](const auto&, int, pid_t) {
       msghdr message{};
       return ErrnoOf(sendmsg(socket(AF_UNIX, SOCK_DGRAM, 0), &message, 0));
     }},
    {"signal to everybody", [](const auto&, int, pid_t) { return ErrnoOf(kill(-1, 0)); }},
    {"ptrace", [](const auto&, int, pid_t p) { return ErrnoOf(ptrace(PTRACE_SEIZE, p, 0, 0)); }},
    {"memory of a process",
     [](const auto&, int, pid_t p) {
       char byte = 0;
       iovec mine{&byte, 1};
       iovec other{const_cast<Call*>(kCalls), 1};
       return ErrnoOf(syscall(SYS_process_vm_readv, p, &mine, 1, &other, 1, 0));
     }},
    {"pidfd", [](const auto&, int, pid_t p) { return ErrnoOf(syscall(SYS_pidfd_open, p, 0)); }},
    {"limits of a process",
     [](const auto&, int, pid_t p) {
       const rlimit limit{10, 10};
       return ErrnoOf(syscall(SYS_prlimit64, p, RLIMIT_NOFILE, &limit, nullptr));
     }},
    {"user namespace", [](const auto&, int, pid_t) { return ErrnoOf(unshare(CLONE_NEWUSER)); }},
    {"user namespace by clone",
     [](const auto&, int, pid_t) {
       const long child = syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);
       if (child == 0) _exit(0);
       return ErrnoOf(child);
     }},
    {"mount",
     [](const auto& v, int, pid_t) { return ErrnoOf(mount("x", v.c_str(), "tmpfs", 0, "")); }},
    {"bpf", [](const auto&, int, pid_t) { return ErrnoOf(syscall(SYS_bpf, 0, nullptr, 0)); }},
    {"io_uring",
     [](const auto&, int, pid_t) { return ErrnoOf(syscall(SYS_io_uring_setup, 8, nullptr)); }},
    {"keys", [](const auto&, int, pid_t) { return ErrnoOf(syscall(SYS_keyctl, 0, 0, 0, 0, 0)); }},
    {"perf", [](const auto&, int,
                pid_t) { return ErrnoOf(syscall(SYS_perf_event_open, nullptr, 0, -1, -1, 0)); }},
#if defined(__x86_64__)
    {"x32 call", [](const auto&, int, pid_t) { return ErrnoOf(syscall(0x40000000 + SYS_getpid)); }},
#endif
};

// What a server needs, in its own folder; errno of what failed.
int Work() {
  const int file = open("file", O_CREAT | O_RDWR | O_TRUNC, 0600);
  if (file < 0 || write(file, "x", 1) != 1 || ftruncate(file, 0) != 0) return errno;
  if (mkdir("folder", 0700) != 0 || rename("file", "other") != 0) return errno;
  if (unlink("other") != 0 || rmdir("folder") != 0) return errno;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::string("./socket").copy(address.sun_path, sizeof address.sun_path - 1);
  const int server = socket(AF_UNIX, SOCK_STREAM, 0);
  if (bind(server, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return errno;
  if (listen(server, 1) != 0 || chmod("socket", 0600) != 0) return errno;
  const pid_t child = fork();
  if (child == 0)
    for (;;) pause();
  if (kill(child, SIGKILL) != 0 || waitpid(child, nullptr, 0) != child) return errno;
  return open("/usr/share", O_RDONLY) < 0 || open("/dev/null", O_RDWR) < 0 ? errno : 0;
}

class SandboxVersionTest : public ::testing::TestWithParam<int> {};

TEST_P(SandboxVersionTest, MachineCodeCannotLeaveTheSandbox) {
  if (GetParam() > Sandbox::LandlockVersion()) GTEST_SKIP() << "NO LANDLOCK " << GetParam();
  const testing::TemporaryFolder victim("victim");
  const testing::TemporaryFolder own("own");
  std::ofstream(victim.path() / "secret") << "secret\n";
  const std::string path = victim.path().string();
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  (path + "/socket").copy(address.sun_path, sizeof address.sun_path - 1);
  const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ASSERT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  ASSERT_EQ(listen(listener, 4), 0);
  const Listener tcp;
  const Sandbox sandbox = SandboxPeer::Of("/bin/false", own.path(), GetParam());
  const pid_t parent = getpid();
  for (const Call& call : kCalls) {
    const pid_t child = fork();
    if (child == 0) {
      if (chdir(own.path().c_str()) != 0 || !sandbox.Enter()) _exit(255);
      const int gave = call.make(path, tcp.port(), parent);
      // Before version 3 a file that is to be cut appears not to be there.
      const bool cut = gave == ENOENT && std::string_view(call.name) == "truncate";
      const bool refused = gave == EPERM || gave == EACCES || gave == EXDEV || cut;
      _exit(refused ? 0 : gave == 0 ? 254 : gave);
    }
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_EQ(status, 0) << call.name << " gave " << WEXITSTATUS(status);
  }
  close(listener);
  EXPECT_EQ(fs::file_size(victim.path() / "secret"), 7u);
}

TEST(Sandbox, SignalsStayInside) {
  if (Sandbox::LandlockVersion() < 6) GTEST_SKIP() << "NO LANDLOCK 6, which scopes signals";
  const Sandbox sandbox("/bin/false", "/tmp");
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child == 0) _exit(sandbox.Enter() && kill(parent, 0) < 0 ? 0 : 1);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST_P(SandboxVersionTest, AServerCanWork) {
  if (GetParam() > Sandbox::LandlockVersion()) GTEST_SKIP() << "NO LANDLOCK " << GetParam();
  const testing::TemporaryFolder own("own");
  const Sandbox sandbox = SandboxPeer::Of("/bin/true", own.path(), GetParam());
  const pid_t child = fork();
  if (child == 0) {
    if (chdir(own.path().c_str()) != 0 || !sandbox.Enter()) _exit(255);
    if (const int failed = Work(); failed != 0) _exit(failed);
    _exit(Execute("/bin/true", ""));
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0) << WEXITSTATUS(status);
}

INSTANTIATE_TEST_SUITE_P(Landlock, SandboxVersionTest, ::testing::Values(1, 2, 3, 5, 6));

}  // namespace
}  // namespace ballast::scratch
