// SPDX-License-Identifier: Apache-2.0
// One accepted connection, with limits against careless or hostile clients. Closes the socket.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>

namespace ballast::serve {

class Connection {
 public:
  using Steady = std::chrono::steady_clock;

  // When `stopping` becomes true, all waits end.
  Connection(int socket, std::chrono::seconds request_time, const std::atomic<bool>& stopping);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Waits for the first byte of a request. False: timeout, the client disconnected, or the server
  // stops.
  bool AwaitRequest(std::chrono::milliseconds timeout);
  // Begins a request: until AllowMore, at most `bytes` may be read within `request_time`.
  void BeginRequest(size_t bytes);
  void AllowMore(size_t bytes) { allowed_ += bytes; }
  // For a stream: only each write has a time limit.
  void LiftDeadline() { deadline_ = Steady::time_point::max(); }

  // As recv and send, for complete buffers; -1 on a limit, timeout or disconnect.
  ssize_t Read(char* bytes, size_t size);
  ssize_t Write(const char* bytes, size_t size);
  bool IsReadable() const;
  bool IsWritable() const;
  // Whether the peer has closed its side.
  bool IsPeerClosed() const;
  std::string RemoteAddress() const;
  int socket() const { return socket_; }

 private:
  bool Await(short events, Steady::time_point until) const;

  int socket_;
  std::chrono::seconds request_time_;
  const std::atomic<bool>& stopping_;
  Steady::time_point deadline_;
  size_t allowed_ = 0;
  char buffer_[4096];
  size_t filled_ = 0;
  size_t taken_ = 0;
};

}  // namespace ballast::serve
