// SPDX-License-Identifier: Apache-2.0
#include "serve/connection.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace ballast::serve {
namespace {

constexpr std::chrono::milliseconds kSlice{200};
constexpr std::chrono::seconds kWriteTime{10};

}  // namespace

Connection::Connection(int socket, std::chrono::seconds request_time,
                       const std::atomic<bool>& stopping)
    : socket_(socket), request_time_(request_time), stopping_(stopping) {
  BeginRequest(0);
}

Connection::~Connection() {
  shutdown(socket_, SHUT_RDWR);
  close(socket_);
}

void Connection::BeginRequest(size_t bytes) {
  allowed_ = bytes;
  deadline_ = Steady::now() + request_time_;
}

bool Connection::Await(short events, Steady::time_point until) const {
  while (!stopping_) {
    const auto now = Steady::now();
    if (now >= until) return false;
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - now) +
                      std::chrono::milliseconds(1);
    pollfd descriptor{socket_, events, 0};
    const int ready = poll(&descriptor, 1, static_cast<int>(std::min(left, kSlice).count()));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
  return false;
}

bool Connection::AwaitRequest(std::chrono::milliseconds timeout) {
  if (taken_ < filled_) return true;
  return Await(POLLIN, Steady::now() + timeout) && !IsPeerClosed();
}

ssize_t Connection::Read(char* bytes, size_t size) {
  if (allowed_ == 0) return -1;
  if (taken_ == filled_) {
    if (!Await(POLLIN, deadline_)) return -1;
    const ssize_t got = recv(socket_, buffer_, sizeof buffer_, 0);
    if (got <= 0) return got;
    taken_ = 0;
    filled_ = static_cast<size_t>(got);
  }
  const size_t count = std::min({size, filled_ - taken_, allowed_});
  std::memcpy(bytes, buffer_ + taken_, count);
  taken_ += count;
  allowed_ -= count;
  return static_cast<ssize_t>(count);
}

ssize_t Connection::Write(const char* bytes, size_t size) {
  const auto until = Steady::now() + kWriteTime;
  size_t sent = 0;
  while (sent < size) {
    if (!Await(POLLOUT, until)) return -1;
    const ssize_t count = send(socket_, bytes + sent, size - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (count <= 0) return -1;
    sent += static_cast<size_t>(count);
  }
  return static_cast<ssize_t>(size);
}

bool Connection::IsReadable() const {
  return taken_ < filled_ || Await(POLLIN, deadline_);
}

bool Connection::IsWritable() const {
  return Await(POLLOUT, Steady::now() + kWriteTime) && !IsPeerClosed();
}

bool Connection::IsPeerClosed() const {
  char byte = 0;
  const ssize_t got = recv(socket_, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
}

std::string Connection::RemoteAddress() const {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  char text[NI_MAXHOST] = "";
  if (getpeername(socket_, reinterpret_cast<sockaddr*>(&address), &length) != 0) return {};
  if (getnameinfo(reinterpret_cast<sockaddr*>(&address), length, text, sizeof text, nullptr, 0,
                  NI_NUMERICHOST) != 0) {
    return {};
  }
  constexpr std::string_view kMapped = "::ffff:";
  const std::string whole = text;
  return whole.starts_with(kMapped) ? whole.substr(kMapped.size()) : whole;
}

}  // namespace ballast::serve
