// SPDX-License-Identifier: Apache-2.0
// PgBouncer before a server of the tests.
#pragma once

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/faults/private_server.h"
#include "tests/faults/scenario.h"

namespace ballast::testing {

// Debian's pgbouncer before a server, reached by a Unix socket. In transaction mode, all clients
// share one connection to the server.
class Pooler {
 public:
  static constexpr char kProgram[] = "/usr/sbin/pgbouncer";

  // `more`: further lines of pgbouncer.ini.
  Pooler(const PrivateServer& server, const std::string& mode, const std::string& more = "")
      : folder_(server.folder()) {
    const std::string file = folder_ + "/pgbouncer.ini";
    std::ofstream(file) << fmt::format(
        "[databases]\n* = host={0} port={1} user=postgres\n[pgbouncer]\nlisten_addr =\nlisten_port "
        "= 6432\n"
        "unix_socket_dir = {0}\nauth_type = any\npool_mode = {2}\ndefault_pool_size = {3}\n"
        "logfile = {0}/pgbouncer.log\npidfile =\nignore_startup_parameters = "
        "extra_float_digits,options\n{4}\n",
        folder_, server.port(), mode, mode == "transaction" ? 1 : 4, more);
    std::filesystem::permissions(
        file, std::filesystem::perms::owner_all | std::filesystem::perms::others_read);
    process_ = server.StartProgram({kProgram, file});
    // Any answer means that it listens; between its socket and its listening, it is refused.
    for (int tries = 0; tries < 5000; ++tries) {
      const auto session = postgres::Session::Connect(target());
      const bool early = !session && (Has(session.error().message, "No such file") ||
                                      Has(session.error().message, "Connection refused"));
      if (!early) break;
      usleep(2000);
    }
  }
  ~Pooler() {
    kill(process_, SIGKILL);
    scratch::WaitForProcess(process_);
  }
  Pooler(const Pooler&) = delete;
  Pooler& operator=(const Pooler&) = delete;

  std::string Url(const std::string& database = "app") const {
    return fmt::format("postgresql://postgres@localhost:6432/{}?host={}", database, folder_);
  }
  postgres::Target target() const { return *postgres::ParseUrl(Url()); }

 private:
  std::string folder_;
  pid_t process_ = -1;
};

}  // namespace ballast::testing
