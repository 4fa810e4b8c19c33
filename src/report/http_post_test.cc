// SPDX-License-Identifier: Apache-2.0
#include "report/http_post.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <mutex>
#include <thread>

namespace ballast::report {
namespace {

using std::chrono::milliseconds;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Answers each connection with the same text; an empty one is never answered.
class Server {
 public:
  explicit Server(std::string answer) : answer_(std::move(answer)) {
    listening_ = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(bind(listening_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(listen(listening_, 16), 0);
    socklen_t size = sizeof address;
    getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Serve(); });
  }
  ~Server() {
    stop_ = true;
    thread_.join();
    for (const int connection : held_) close(connection);
    close(listening_);
  }

  std::string Url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }
  std::string Received() {
    const std::lock_guard lock(mutex_);
    return received_;
  }

 private:
  void Serve() {
    while (!stop_) {
      pollfd waiting{listening_, POLLIN, 0};
      if (poll(&waiting, 1, 20) <= 0) continue;
      const int connection = accept(listening_, nullptr, nullptr);
      if (answer_.empty()) {
        held_.push_back(connection);
        continue;
      }
      Answer(connection);
      close(connection);
    }
  }
  void Answer(int connection) {
    std::string request;
    char buffer[4096];
    while (request.find("\r\n\r\n") == std::string::npos || !request.ends_with("}")) {
      const ssize_t count = read(connection, buffer, sizeof buffer);
      if (count <= 0) break;
      request.append(buffer, static_cast<size_t>(count));
    }
    const std::lock_guard lock(mutex_);
    received_ += request;
    EXPECT_GT(write(connection, answer_.data(), answer_.size()), 0);
  }

  std::string answer_;
  int listening_ = -1;
  uint16_t port_ = 0;
  std::atomic<bool> stop_ = false;
  std::vector<int> held_;
  std::mutex mutex_;
  std::string received_;
  std::thread thread_;
};

std::string Status(const std::string& line) {
  return "HTTP/1.1 " + line + "\r\nContent-Length: 0\r\n\r\n";
}

TEST(HttpPostTest, SendsTheBodyAndTheToken) {
  Server server(Status("204 No Content"));
  EXPECT_THAT(PostAll({{server.Url("/a?b=c"), "{\"x\":1}", "tok"}}, "", milliseconds(2000)),
              IsEmpty());
  const std::string request = server.Received();
  EXPECT_THAT(request, HasSubstr("POST /a?b=c HTTP/1.1\r\n"));
  EXPECT_THAT(request, HasSubstr("Authorization: Bearer tok\r\n"));
  EXPECT_THAT(request, HasSubstr("Content-Type: application/json\r\n"));
  EXPECT_THAT(request, HasSubstr("\r\n\r\n{\"x\":1}"));
}

TEST(HttpPostTest, NamesFailedReceiversWithoutSecrets) {
  Server refusing(Status("403 Forbidden"));
  Server redirecting("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n");
  const auto problems = PostAll({{refusing.Url("/secret"), "{}", ""},
                                 {redirecting.Url("/secret"), "{}", ""},
                                 {"http://user:secret@127.0.0.1:1/secret", "{}", ""},
                                 {"file:///etc/secret", "{}", "", {}, "--notify"},
                                 {refusing.Url("/x"), "{}", "sec\r\nret: 1"}},
                                "", milliseconds(2000));
  ASSERT_EQ(problems.size(), 5u);
  for (const std::string& problem : problems) EXPECT_EQ(problem.find("secret"), std::string::npos);
  EXPECT_EQ(problems[0],
            "nobody was notified: a value of --notify is not an http:// or https:// URL");
  EXPECT_THAT(problems[1], HasSubstr("the token has a line break"));
  EXPECT_THAT(problems[2], HasSubstr("HTTP status 403"));
  EXPECT_THAT(problems[3], HasSubstr("HTTP status 302"));
  EXPECT_THAT(problems[4], HasSubstr("127.0.0.1:1 was not notified: "));
}

TEST(HttpPostTest, NamesTheVariableOfATokenThatIsNotAccepted) {
  Server asking(Status("401 Unauthorized"));
  const auto problems = PostAll({{asking.Url("/a"), "{}", "wrong", "REPORT_TOKEN"},
                                 {asking.Url("/b"), "{}", "", "REPORT_TOKEN"},
                                 {asking.Url("/c"), "{}", ""}},
                                "", milliseconds(2000));
  ASSERT_EQ(problems.size(), 3u);
  EXPECT_THAT(problems[0],
              EndsWith("HTTP status 401: it does not accept the token in REPORT_TOKEN"));
  EXPECT_THAT(problems[1],
              EndsWith("HTTP status 401: it asks for a token, and REPORT_TOKEN is not set"));
  EXPECT_THAT(problems[2], EndsWith("HTTP status 401"));
}

// The silent ones never answer, and the limit ends the wait for all of them at once.
TEST(HttpPostTest, WaitsNoLongerThanTheLimit) {
  Server silent("");
  Server good(Status("200 OK"));
  const auto problems = PostAll(
      {{silent.Url("/a"), "{}", ""}, {silent.Url("/b"), "{}", ""}, {good.Url("/c"), "{}", ""}}, "",
      milliseconds(2000));
  EXPECT_EQ(problems.size(), 2u);
  EXPECT_THAT(good.Received(), HasSubstr("POST /c"));
}

}  // namespace
}  // namespace ballast::report
