// SPDX-License-Identifier: Apache-2.0
#include "serve/store_notices.h"

#include <mutex>
#include <optional>
#include <utility>

namespace ballast::serve {
namespace {

class NoticingStore : public Store {
 public:
  NoticingStore(std::unique_ptr<Store> store, std::function<void(const std::string&)> notice)
      : store_(std::move(store)), notice_(std::move(notice)) {}

  Result<bool> AddRun(const StoredRun& run) override {
    Result<bool> added = store_->AddRun(run);
    const Does does = added.ok() && !*added ? Does::kNothing : Does::kWrite;
    return Noticed(std::move(added), does);
  }
  Status RemoveOthers(const std::vector<std::string>& databases) override {
    return Noticed(store_->RemoveOthers(databases), Does::kNothing);
  }
  Result<std::vector<RunCount>> Counts() override { return Noticed(store_->Counts(), Does::kRead); }
  Result<std::vector<StoredRun>> Runs(const RunQuery& query) override {
    return Noticed(store_->Runs(query), Does::kRead);
  }
  Result<std::vector<StoredRun>> RunList(int most) override {
    return Noticed(store_->RunList(most), Does::kRead);
  }
  Result<std::vector<StoredRun>> RunsOf(const std::vector<std::string>& runs) override {
    return Noticed(store_->RunsOf(runs), Does::kRead);
  }
  Status AddSamples(const std::vector<Sample>& samples) override {
    return Noticed(store_->AddSamples(samples), Does::kWrite);
  }
  Result<std::vector<Sample>> Samples(const std::string& database, int64_t since) override {
    return Noticed(store_->Samples(database, since), Does::kRead);
  }
  Status Prune(int64_t before, int runs) override {
    return Noticed(store_->Prune(before, runs), Does::kNothing);
  }

 private:
  // What a call that succeeded has shown to work. A full disk can be read, and what changes nothing
  // needs no disk.
  enum class Does { kNothing, kRead, kWrite };

  template <class Answer>
  Answer Noticed(Answer answer, Does does) {
    const std::scoped_lock lock(mutex_);
    if (!answer.ok()) {
      const bool is_first = !failed_;
      if (!failed_ || does != Does::kRead) failed_ = does;
      if (is_first) {
        notice_("the store cannot be used; runs and samples are lost until it can be: " +
                answer.error().message);
      }
    } else if (failed_ && (does == Does::kWrite || (does == *failed_ && does == Does::kRead))) {
      failed_.reset();
      notice_("the store can be used again");
    }
    return answer;
  }

  std::unique_ptr<Store> store_;
  std::function<void(const std::string&)> notice_;
  std::mutex mutex_;
  std::optional<Does> failed_;  // the last failure, a write if there was one
};

}  // namespace

std::unique_ptr<Store> WithNotices(std::unique_ptr<Store> store,
                                   std::function<void(const std::string& sentence)> notice) {
  return std::make_unique<NoticingStore>(std::move(store), std::move(notice));
}

}  // namespace ballast::serve
