// SPDX-License-Identifier: Apache-2.0
// A wire that fails on demand: a TCP listener on loopback that passes a PostgreSQL conversation on
// to a server's Unix socket message by message (manual 55.7), counts them, and at a chosen one does
// what the test wants.
#pragma once

#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "postgres/url.h"

namespace ballast::testing {

enum class Side { kToServer, kToClient };

// What falls silent, open as it stays: nothing, this connection, or all of the wire.
enum class Mute { kNothing, kWire, kAll };

// What happens at the `at`-th message (from 0, over all connections) of a side; once.
struct Fault {
  Side side = Side::kToServer;
  int at = -1;                 // -1: never
  bool forward_first = false;  // the message still arrives
  bool cut = true;             // both ends are closed afterwards
  bool gone = false;           // and no further connection is let in
  std::function<void()> act = {};
  Mute mute = Mute::kNothing;  // in place of `cut`
};

class Proxy {
 public:
  Proxy(const postgres::Target& server, Fault fault);
  ~Proxy();
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

  // The URL of `database` through this wire.
  std::string Url(const std::string& database) const;
  int messages(Side side) const { return counts_[side == Side::kToServer ? 0 : 1]; }
  bool fired() const { return fired_; }

 private:
  struct Wire;
  void Serve();
  void Carry(int client);
  bool Pump(Wire& wire, Side side);
  bool Pass(Wire& wire, Side side, const std::string& message);

  std::string socket_;  // of the server
  std::string user_;
  Fault fault_;
  std::vector<int> left_open_;  // of connections that fell silent
  int listener_ = -1;
  int wake_[2] = {-1, -1};
  int port_ = 0;
  std::atomic<int> counts_[2] = {0, 0};
  std::atomic<bool> fired_{false};
  std::thread thread_;
};

}  // namespace ballast::testing
