// SPDX-License-Identifier: Apache-2.0
#include "serve/server.h"

#include <fmt/format.h>
#include <netdb.h>

#include <utility>

#include "base/interruption.h"
#include "serve/access.h"
#include "serve/api.h"
#include "serve/http_server.h"
#include "serve/refresher.h"
#include "serve/state_registry.h"
#include "serve/store.h"
#include "serve/store_notices.h"

namespace ballast::serve {
namespace {

bool IsKnownHost(const std::string& host) {
  addrinfo* found = nullptr;
  const bool known = getaddrinfo(host.c_str(), nullptr, nullptr, &found) == 0;
  if (found != nullptr) freeaddrinfo(found);
  return known;
}

}  // namespace

Status Serve(const Settings& settings, const project::Invocation& invocation,
             const std::function<void(const std::string& url)>& listening) {
  if (!IsKnownHost(settings.host)) {
    return MakeError(ErrorCode::kServeFailed,
                     fmt::format("the host {} in --listen is not known", settings.host),
                     "write an address of this machine: --listen HOST:PORT");
  }
  if (!IsLoopback(settings.host) && settings.token.empty() && !settings.ready_only) {
    return MakeError(
        ErrorCode::kServeFailed,
        fmt::format("{} can be reached from other machines, and there is no token", settings.host),
        "set BALLAST_SERVE_TOKEN, or listen on 127.0.0.1, or use --ready-only");
  }
  TRY_ASSIGN(std::unique_ptr<Store> opened, OpenStore(settings.store));
  const std::unique_ptr<Store> store =
      WithNotices(std::move(opened),
                  [&](const std::string& sentence) { invocation.progress->Notice(sentence); });
  std::vector<std::string> names;
  for (const TargetSpec& spec : settings.targets) names.push_back(spec.name);
  TRY(store->RemoveOthers(names));
  StateRegistry registry(settings);
  Api api(settings, registry, *store);
  HttpServer server(settings, api);
  TRY_ASSIGN(const int port, server.Start());
  Refresher refresher(settings, invocation, registry, *store);
  const bool six = settings.host.find(':') != std::string::npos;
  listening(
      fmt::format(fmt::runtime(six ? "http://[{}]:{}" : "http://{}:{}"), settings.host, port));
  while (!Interruption::WaitFor(std::chrono::hours(1))) {
  }
  server.Stop();
  refresher.Stop();
  return {};
}

}  // namespace ballast::serve
