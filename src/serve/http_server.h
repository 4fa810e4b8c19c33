// SPDX-License-Identifier: Apache-2.0
// An HTTP server based on cpp-httplib. It passes every request to the Api.
#pragma once

#include <memory>

#include "base/result.h"
#include "serve/api.h"
#include "serve/settings.h"

namespace ballast::serve {

class HttpServer {
 public:
  HttpServer(const Settings& settings, Api& api);
  ~HttpServer();  // as Stop()
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // Starts to listen; returns the port. B801 if the address cannot be used.
  Result<int> Start();
  // Closes every connection and waits for their threads.
  void Stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ballast::serve
