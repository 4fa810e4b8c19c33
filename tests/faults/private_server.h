// SPDX-License-Identifier: Apache-2.0
// A server of a test's own: it may be stopped, started again, filled up and configured at will.
#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "postgres/session.h"
#include "postgres/url.h"
#include "scratch/child_process.h"
#include "scratch/server_binaries.h"

namespace ballast::testing {

struct PrivateServerOptions {
  std::string settings = {};  // further lines of postgresql.conf
  std::string access = {};    // pg_hba.conf; empty: trust
  int disk_megabytes = 0;     // its files on a disk of that size (a tmpfs); 0: the machine's
};

// Superuser "postgres", a Unix socket in a folder of its own, a TCP port on 127.0.0.1. What is
// committed outlives the server's processes, not the machine.
class PrivateServer {
 public:
  // Made and started; null with the reason in `*why` where this machine cannot do that.
  static std::unique_ptr<PrivateServer> Make(const PrivateServerOptions& options, std::string* why);
  ~PrivateServer();
  PrivateServer(const PrivateServer&) = delete;
  PrivateServer& operator=(const PrivateServer&) = delete;

  // Whether it answers in the end.
  bool Start();
  // SIGQUIT is pg_ctl's "immediate", SIGINT its "fast". Returns when the server has ended.
  void Stop(int signal);

  postgres::Target target(const std::string& database = "postgres",
                          const std::string& user = "postgres") const;
  // By the Unix socket, and by TCP.
  std::string Url(const std::string& database, const std::string& user = "postgres") const;
  std::string TcpUrl(const std::string& database, const std::string& user,
                     const std::string& parameters) const;
  int port() const { return port_; }

  // Runs it as the superuser in that database; a failure fails the test.
  void Run(const std::string& sql, const std::string& database = "postgres") const;
  std::string Value(const std::string& sql, const std::string& database = "postgres") const;

  std::string folder() const { return folder_; }
  std::string data() const { return folder_ + "/disk/data"; }
  // Appends to a file of the data folder; the server sees it when it starts.
  void Append(const std::string& file, const std::string& text) const;
  // Runs a program under the server's account; whether it ended with 0.
  bool RunProgram(const std::vector<std::string>& argv) const;
  pid_t StartProgram(const std::vector<std::string>& argv) const;

  // Of a disk of its own: all but that many bytes are taken, or given back.
  void FillDisk(size_t leave) const;
  void FreeDisk() const;

 private:
  PrivateServer() = default;
  bool MakeFiles(const PrivateServerOptions& options, std::string* why);

  std::string folder_;
  bool mounted_ = false;
  int port_ = 0;
  scratch::ServerBinaries binaries_;
  scratch::ServerAccountIds account_;
  pid_t process_ = -1;
};

}  // namespace ballast::testing
