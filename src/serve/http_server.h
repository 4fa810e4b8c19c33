// SPDX-License-Identifier: Apache-2.0
// HTTP over sockets, by cpp-httplib. It routes nothing itself: every request goes to the Api.
#pragma once

#include <memory>

#include "base/result.h"
#include "serve/api.h"
#include "serve/board.h"
#include "serve/settings.h"

namespace ballast::serve {

class HttpServer {
 public:
  HttpServer(const Settings& settings, Api& api, Board& board);
  ~HttpServer();  // as Stop
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // Listens; gives the port. B801 when the address cannot be used.
  Result<int> Start();
  // Closes every connection and waits for their threads.
  void Stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ballast::serve
