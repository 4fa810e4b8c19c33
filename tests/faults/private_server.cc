// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/private_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "base/result.h"

namespace ballast::testing {
namespace {

namespace fs = std::filesystem;

// A port that was free a moment ago.
int FreePort() {
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  BALLAST_CHECK(bind(probe, reinterpret_cast<sockaddr*>(&address), size) == 0);
  BALLAST_CHECK(getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  close(probe);
  return ntohs(address.sin_port);
}

std::string Settings(const std::string& folder, int port) {
  return fmt::format(
      "listen_addresses = '127.0.0.1'\nport = {}\nunix_socket_directories = '{}'\n"
      "fsync = off\nfull_page_writes = off\nautovacuum = off\n"
      "shared_buffers = 16MB\nmin_wal_size = 2MB\nmax_wal_size = 8MB\ntimezone = 'UTC'\n"
      "lc_messages = 'C'\ndynamic_shared_memory_type = mmap\n",
      port, folder);
}

}  // namespace

std::unique_ptr<PrivateServer> PrivateServer::Make(const PrivateServerOptions& options,
                                                   std::string* why) {
  auto binaries = scratch::ChooseServerBinaries("", 0);
  if (!binaries) {
    *why = "NO SERVER: " + binaries.error().message;
    return nullptr;
  }
  std::unique_ptr<PrivateServer> server(new PrivateServer);
  server->binaries_ = *std::move(binaries);
  server->account_ = scratch::ServerAccount();
  if (!server->MakeFiles(options, why)) return nullptr;
  if (!server->Start()) {
    *why = "the server does not start; see " + server->folder_ + "/log";
    ADD_FAILURE() << *why;
    return nullptr;
  }
  return server;
}

bool PrivateServer::MakeFiles(const PrivateServerOptions& options, std::string* why) {
  std::string pattern = (fs::temp_directory_path() / "ballast-private-XXXXXX").string();
  folder_ = mkdtemp(pattern.data());
  const std::string disk = folder_ + "/disk";
  fs::create_directory(disk);
  if (options.disk_megabytes > 0) {
    const std::string size = fmt::format("size={}m", options.disk_megabytes);
    mounted_ = mount("tmpfs", disk.c_str(), "tmpfs", 0, size.c_str()) == 0;
    if (!mounted_) {
      *why = fmt::format("NO DISK TO FILL: this account may not mount one ({})", strerror(errno));
      return false;
    }
  }
  for (const std::string& path : {folder_, disk}) {
    if (account_.change) BALLAST_CHECK(chown(path.c_str(), account_.user, account_.group) == 0);
  }
  if (!RunProgram({binaries_.Program("initdb"), "-D", data(), "-U", "postgres", "--auth=trust",
                   "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8", "--wal-segsize=1"})) {
    *why = "initdb failed";
    ADD_FAILURE() << *why;
    return false;
  }
  port_ = FreePort();
  Append("postgresql.conf", Settings(folder_, port_) + options.settings);
  if (!options.access.empty()) {
    std::ofstream(data() + "/pg_hba.conf", std::ios::trunc) << options.access;
  }
  return true;
}

PrivateServer::~PrivateServer() {
  if (folder_.empty()) return;
  Stop(SIGQUIT);
  if (mounted_) umount2((folder_ + "/disk").c_str(), MNT_DETACH);
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

pid_t PrivateServer::StartProgram(const std::vector<std::string>& argv) const {
  scratch::Command command;
  command.argv = argv;
  command.folder = folder_;
  command.log = folder_ + "/log";
  command.run_as = account_;
  command.death_signal = SIGQUIT;
  return scratch::StartProcess(command);
}

bool PrivateServer::RunProgram(const std::vector<std::string>& argv) const {
  const pid_t process = StartProgram(argv);
  return process > 0 && scratch::WaitForProcess(process) == 0;
}

bool PrivateServer::Start() {
  process_ = StartProgram({binaries_.Program("postgres"), "-D", data()});
  while (true) {
    if (postgres::Session::Connect(target())) return true;
    if (waitpid(process_, nullptr, WNOHANG) == process_) break;
    usleep(2000);
  }
  process_ = -1;
  return false;
}

void PrivateServer::Stop(int signal) {
  if (process_ <= 0) return;
  kill(process_, signal);
  waitpid(process_, nullptr, 0);
  process_ = -1;
}

postgres::Target PrivateServer::target(const std::string& database, const std::string& user) const {
  auto target = postgres::ParseUrl(Url(database, user));
  BALLAST_CHECK(target);
  return *std::move(target);
}

std::string PrivateServer::Url(const std::string& database, const std::string& user) const {
  return fmt::format("postgresql://{}@localhost:{}/{}?host={}", user, port_, database, folder_);
}

std::string PrivateServer::TcpUrl(const std::string& database, const std::string& user,
                                  const std::string& parameters) const {
  return fmt::format("postgresql://{}@127.0.0.1:{}/{}{}", user, port_, database, parameters);
}

std::string PrivateServer::Value(const std::string& sql, const std::string& database) const {
  auto session = postgres::Session::Connect(target(database));
  if (!session) {
    ADD_FAILURE() << session.error().message;
    return {};
  }
  const auto value = session->QueryValue(sql);
  if (!value) ADD_FAILURE() << sql << "\n" << value.error().message;
  return value ? value->value_or("") : "";
}

void PrivateServer::Run(const std::string& sql, const std::string& database) const {
  (void)Value(sql, database);
}

void PrivateServer::Append(const std::string& file, const std::string& text) const {
  const std::string path = data() + "/" + file;
  const bool is_new = !fs::exists(path);
  std::ofstream(path, std::ios::app) << text;
  if (!is_new) return;
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
  if (account_.change) BALLAST_CHECK(chown(path.c_str(), account_.user, account_.group) == 0);
}

void PrivateServer::FillDisk(size_t leave) const {
  struct statvfs disk {};
  BALLAST_CHECK(mounted_ && statvfs((folder_ + "/disk").c_str(), &disk) == 0);
  const size_t free = disk.f_bavail * disk.f_frsize;
  const int file = open((folder_ + "/disk/filler").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
  if (free > leave) {
    BALLAST_CHECK(posix_fallocate(file, 0, static_cast<off_t>(free - leave)) == 0);
  }
  close(file);
}

void PrivateServer::FreeDisk() const {
  fs::remove(folder_ + "/disk/filler");
}

}  // namespace ballast::testing
