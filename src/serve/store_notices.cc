// SPDX-License-Identifier: Apache-2.0
#include "serve/store_notices.h"

#include <mutex>
#include <utility>

namespace ballast::serve {
namespace {

class NoticingStore : public Store {
 public:
  NoticingStore(std::unique_ptr<Store> store, std::function<void(const std::string&)> notice)
      : store_(std::move(store)), notice_(std::move(notice)) {}

  Result<bool> AddRun(const StoredRun& run) override { return Noticed(store_->AddRun(run)); }
  Status RemoveOthers(const std::vector<std::string>& databases) override {
    return Noticed(store_->RemoveOthers(databases));
  }
  Result<std::vector<RunCount>> Counts() override { return Noticed(store_->Counts()); }
  Result<std::vector<StoredRun>> Runs(const RunQuery& query) override {
    return Noticed(store_->Runs(query));
  }
  Status AddSamples(const std::vector<Sample>& samples) override {
    return Noticed(store_->AddSamples(samples));
  }
  Result<std::vector<Sample>> Samples(const std::string& database, int64_t since) override {
    return Noticed(store_->Samples(database, since));
  }
  Status Prune(int64_t before, int runs) override { return Noticed(store_->Prune(before, runs)); }

 private:
  template <class Answer>
  Answer Noticed(Answer answer) {
    const std::scoped_lock lock(mutex_);
    const bool answers = answer.ok();
    if (answers != std::exchange(answers_, answers)) {
      notice_(answers ? std::string("the store can be used again")
                      : "the store cannot be used; runs and samples are lost until it can be: " +
                            answer.error().message);
    }
    return answer;
  }

  std::unique_ptr<Store> store_;
  std::function<void(const std::string&)> notice_;
  std::mutex mutex_;
  bool answers_ = true;
};

}  // namespace

std::unique_ptr<Store> WithNotices(std::unique_ptr<Store> store,
                                   std::function<void(const std::string& sentence)> notice) {
  return std::make_unique<NoticingStore>(std::move(store), std::move(notice));
}

}  // namespace ballast::serve
