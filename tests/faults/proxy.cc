// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/proxy.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "base/result.h"

namespace ballast::testing {
namespace {

int Listen(int* port) {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  BALLAST_CHECK(bind(listener, reinterpret_cast<sockaddr*>(&address), size) == 0);
  BALLAST_CHECK(listen(listener, 16) == 0);
  BALLAST_CHECK(getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  *port = ntohs(address.sin_port);
  return listener;
}

int ConnectUnix(const std::string& path) {
  const int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  if (connect(server, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) return server;
  close(server);
  return -1;
}

bool SendAll(int to, const std::string& bytes) {
  for (size_t sent = 0; sent < bytes.size();) {
    const ssize_t n = send(to, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (n <= 0) return false;
    sent += static_cast<size_t>(n);
  }
  return true;
}

}  // namespace

struct Proxy::Wire {
  int client = -1;
  int server = -1;
  std::string pending[2];  // bytes that do not make a message yet
  bool started = false;    // the client's first message has no type byte

  // The length of the first whole message of a side; 0 when there is none.
  size_t Whole(Side side) const {
    const std::string& bytes = pending[side == Side::kToServer ? 0 : 1];
    const size_t type = side == Side::kToServer && !started ? 0 : 1;
    if (bytes.size() < type + 4) return 0;
    uint32_t length = 0;
    std::memcpy(&length, bytes.data() + type, 4);
    const size_t whole = type + ntohl(length);
    return bytes.size() < whole ? 0 : whole;
  }
};

Proxy::Proxy(const postgres::Target& server, Fault fault)
    : socket_(fmt::format("{}/.s.PGSQL.{}", server.host(), server.port())),
      user_(server.user()),
      fault_(std::move(fault)) {
  listener_ = Listen(&port_);
  BALLAST_CHECK(pipe(wake_) == 0);
  thread_ = std::thread([this] { Serve(); });
}

Proxy::~Proxy() {
  close(wake_[1]);
  thread_.join();
  close(wake_[0]);
  if (listener_ >= 0) close(listener_);
  for (const int open : left_open_) close(open);
}

std::string Proxy::Url(const std::string& database) const {
  return fmt::format("postgresql://{}@127.0.0.1:{}/{}?sslmode=disable", user_, port_, database);
}

void Proxy::Serve() {
  while (true) {
    pollfd ready[2] = {{listener_, POLLIN, 0}, {wake_[0], POLLIN, 0}};
    if (poll(ready, 2, -1) < 0) continue;
    if (ready[1].revents != 0) return;
    if (fired_ && fault_.mute == Mute::kAll) {
      usleep(1000);
      continue;
    }
    const int client = accept(listener_, nullptr, nullptr);
    if (client < 0) continue;
    if (fired_ && fault_.gone) {
      close(client);
    } else {
      Carry(client);
    }
  }
}

void Proxy::Carry(int client) {
  const int now = 1;
  setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &now, sizeof now);
  Wire wire{client, ConnectUnix(socket_), {}, false};
  while (wire.server >= 0) {
    pollfd ready[3] = {{wire.client, POLLIN, 0}, {wire.server, POLLIN, 0}, {wake_[0], POLLIN, 0}};
    if (poll(ready, 3, -1) < 0) continue;
    if (ready[2].revents != 0) break;
    if (ready[0].revents != 0 && !Pump(wire, Side::kToServer)) break;
    if (ready[1].revents != 0 && !Pump(wire, Side::kToClient)) break;
  }
  if (fired_ && fault_.mute != Mute::kNothing && left_open_.empty()) {
    left_open_ = {wire.client, wire.server};
    return;
  }
  close(wire.client);
  if (wire.server >= 0) close(wire.server);
}

bool Proxy::Pump(Wire& wire, Side side) {
  const size_t index = side == Side::kToServer ? 0 : 1;
  char buffer[65536];
  const ssize_t n =
      read(side == Side::kToServer ? wire.client : wire.server, buffer, sizeof buffer);
  if (n <= 0) return false;
  wire.pending[index].append(buffer, static_cast<size_t>(n));
  while (const size_t whole = wire.Whole(side)) {
    const std::string message = wire.pending[index].substr(0, whole);
    wire.pending[index].erase(0, whole);
    if (side == Side::kToServer) wire.started = true;
    if (!Pass(wire, side, message)) return false;
  }
  return true;
}

bool Proxy::Pass(Wire& wire, Side side, const std::string& message) {
  const int to = side == Side::kToServer ? wire.server : wire.client;
  const int number = counts_[side == Side::kToServer ? 0 : 1]++;
  const bool here = !fired_ && side == fault_.side && number == fault_.at;
  if (!here) return SendAll(to, message);
  fired_ = true;
  if (fault_.forward_first && !SendAll(to, message)) return false;
  if (fault_.act) fault_.act();
  if (fault_.cut || fault_.mute != Mute::kNothing) return false;
  return fault_.forward_first || SendAll(to, message);
}

}  // namespace ballast::testing
