// SPDX-License-Identifier: Apache-2.0
#include "report/http_post.h"

#include <fmt/format.h>

#include <memory>

#include "base/text.h"
#include "report/libcurl.h"
#include "report/notification.h"

namespace ballast::report {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

// The answer's text is of no use.
size_t Discard(char*, size_t size, size_t count, void*) {
  return size * count;
}

// One POST in progress.
class Transfer {
 public:
  Transfer(const Libcurl& curl, const HttpPost& post, const std::string& authorities,
           milliseconds limit)
      : curl_(curl), post_(post), handle_(curl.curl_easy_init()) {
    Header("Content-Type: application/json");
    Header("Expect:");
    if (!post.token.empty()) Header("Authorization: Bearer " + post.token);
    Set(CURLOPT_URL, post_.url.c_str());
    Set(CURLOPT_PROTOCOLS_STR, "http,https");
    Set(CURLOPT_POST, 1L);
    Set(CURLOPT_POSTFIELDS, post_.body.c_str());
    Set(CURLOPT_POSTFIELDSIZE, static_cast<long>(post_.body.size()));
    Set(CURLOPT_HTTPHEADER, headers_);
    Set(CURLOPT_USERAGENT, "ballast");
    Set(CURLOPT_WRITEFUNCTION, &Discard);
    Set(CURLOPT_NOSIGNAL, 1L);
    // Else the end would wait for a name server that does not answer.
    Set(CURLOPT_QUICK_EXIT, 1L);
    Set(CURLOPT_TIMEOUT_MS, static_cast<long>(limit.count()));
    if (!authorities.empty()) Set(CURLOPT_CAINFO, authorities.c_str());
  }
  ~Transfer() {
    curl_.curl_easy_cleanup(handle_);
    curl_.curl_slist_free_all(headers_);
  }
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  CURL* handle() const { return handle_; }

  void Ended(CURLcode result) {
    long status = 0;
    curl_.curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &status);
    if (result != CURLE_OK) {
      problem_ = curl_.curl_easy_strerror(result);
    } else if (status < 200 || status > 299) {
      problem_ = fmt::format("HTTP status {}{}", status, Why(status));
    } else {
      problem_.clear();
    }
  }

  // Empty: it was accepted.
  std::string Problem() const {
    if (problem_.empty()) return {};
    return fmt::format("{} was not notified: {}", HostOf(post_.url), problem_);
  }

 private:
  std::string Why(long status) const {
    if (post_.token_variable.empty()) return {};  // not one of ballast serve
    if (status == 404 || status == 405) {
      return ": the path of " + post_.source + " is /api/v1/runs in ballast serve";
    }
    if (status != 401) return {};
    return post_.token.empty()
               ? ": it asks for a token, and " + post_.token_variable + " is not set"
               : ": it does not accept the token in " + post_.token_variable;
  }

  template <typename Value>
  void Set(CURLoption option, Value value) {
    curl_.curl_easy_setopt(handle_, option, value);
  }
  void Header(const std::string& line) {
    headers_ = curl_.curl_slist_append(headers_, line.c_str());
  }

  const Libcurl& curl_;
  const HttpPost& post_;
  CURL* handle_;
  curl_slist* headers_ = nullptr;
  std::string problem_ = "it did not answer in time";
};

void RunAll(const Libcurl& curl, std::vector<std::unique_ptr<Transfer>>& transfers,
            milliseconds limit) {
  CURLM* const multi = curl.curl_multi_init();
  for (const auto& transfer : transfers) curl.curl_multi_add_handle(multi, transfer->handle());
  const Clock::time_point end = Clock::now() + limit;
  int running = 1;
  while (running > 0 && Clock::now() < end) {
    if (curl.curl_multi_perform(multi, &running) != CURLM_OK) break;
    int queued = 0;
    while (const CURLMsg* message = curl.curl_multi_info_read(multi, &queued)) {
      for (const auto& transfer : transfers) {
        if (transfer->handle() == message->easy_handle) transfer->Ended(message->data.result);
      }
    }
    const auto left = std::chrono::duration_cast<milliseconds>(end - Clock::now()).count();
    if (running > 0 && left > 0) {
      curl.curl_multi_poll(multi, nullptr, 0, static_cast<int>(left), nullptr);
    }
  }
  for (const auto& transfer : transfers) curl.curl_multi_remove_handle(multi, transfer->handle());
  curl.curl_multi_cleanup(multi);
}

// A line break would let a token write headers of its own.
std::string WhyNot(const HttpPost& post) {
  const std::string url = ToLowerAscii(post.url.substr(0, 8));
  if (!url.starts_with("http://") && !url.starts_with("https://")) {
    return fmt::format("nobody was notified: {} is {}",
                       post.source.empty() ? "an address" : "a value of " + post.source,
                       post.url.empty() ? "empty" : "not an http:// or https:// URL");
  }
  if (post.token.find_first_of("\r\n") != std::string::npos) {
    return fmt::format("{} was not notified: the token has a line break", HostOf(post.url));
  }
  return {};
}

}  // namespace

std::vector<std::string> PostAll(const std::vector<HttpPost>& posts, const std::string& authorities,
                                 milliseconds limit) {
  std::vector<std::string> problems;
  if (posts.empty()) return problems;
  const Libcurl* curl = LoadLibcurl();
  if (curl == nullptr) {
    return {
        "no notification was sent: libcurl.so.4 cannot be loaded (Debian: apt-get install "
        "libcurl4)"};
  }
  std::vector<std::unique_ptr<Transfer>> transfers;
  for (const HttpPost& post : posts) {
    std::string problem = WhyNot(post);
    if (problem.empty()) {
      transfers.push_back(std::make_unique<Transfer>(*curl, post, authorities, limit));
    } else {
      problems.push_back(std::move(problem));
    }
  }
  RunAll(*curl, transfers, limit);
  for (const auto& transfer : transfers) {
    if (std::string problem = transfer->Problem(); !problem.empty()) problems.push_back(problem);
  }
  return problems;
}

}  // namespace ballast::report
