// SPDX-License-Identifier: Apache-2.0
#include "proof/sample_search.h"

#include <algorithm>
#include <utility>

namespace ballast::proof {
namespace {

bool Contains(const std::vector<std::string>& tables, const std::string& table) {
  return std::ranges::find(tables, table) != tables.end();
}

// Those to which others refer come first.
std::vector<std::string> Ordered(std::vector<std::string> tables, const SampleRows& rows) {
  std::vector<std::string> ordered;
  while (!tables.empty()) {
    std::vector<std::string> first = WithoutReferring(tables, rows);
    std::erase_if(tables, [&](const std::string& table) { return Contains(first, table); });
    ordered.insert(ordered.end(), first.begin(), first.end());
  }
  return ordered;
}

class Search {
 public:
  Search(const SampleSearch& search, const RunWithoutRows& run)
      : rows_(search.rows), run_(run), runs_(search.runs) {}

  Result<std::optional<std::vector<std::string>>> Find(const std::vector<std::string>& likely) {
    for (const std::vector<std::string>& tables : {likely, rows_.filled}) {
      if (tables.empty()) continue;
      omitted_ = WithReferring(tables, rows_);
      TRY_ASSIGN(const bool runs, RunsWithout(omitted_));
      if (!runs) continue;
      candidates_ = Ordered(omitted_, rows_);
      TRY(AddBack(0, candidates_.size(), /*fails=*/true));
      return std::optional(std::move(omitted_));
    }
    return std::optional<std::vector<std::string>>();
  }

 private:
  Result<bool> RunsWithout(const std::vector<std::string>& tables) {
    --runs_;
    TRY_ASSIGN(const std::optional<Error> refused, run_(tables));
    return !refused;
  }

  // The scripts run without `omitted_`. Omits no more of these candidates than necessary, and
  // returns whether none is. `fails`: it is known that they do not run with all of these.
  Result<bool> AddBack(size_t begin, size_t end, bool fails) {
    if (!fails) {
      std::vector<std::string> fewer = omitted_;
      std::erase_if(fewer, [&](const std::string& table) {
        const auto first = candidates_.begin();
        const auto last = first + static_cast<std::ptrdiff_t>(end);
        return std::find(first + static_cast<std::ptrdiff_t>(begin), last, table) != last;
      });
      const size_t requested = fewer.size();
      fewer = WithReferring(std::move(fewer), rows_);
      if (fewer.size() == omitted_.size() || runs_ <= 0) return false;
      TRY_ASSIGN(const bool runs, RunsWithout(fewer));
      if (runs) {
        const bool all = fewer.size() == requested;
        omitted_ = std::move(fewer);
        return all;
      }
    }
    if (end - begin == 1) return false;
    const size_t middle = begin + (end - begin) / 2;
    TRY_ASSIGN(const bool first, AddBack(begin, middle, false));
    TRY_ASSIGN(const bool second, AddBack(middle, end, first));
    return first && second;
  }

  const SampleRows& rows_;
  const RunWithoutRows& run_;
  int runs_;
  std::vector<std::string> candidates_;
  std::vector<std::string> omitted_;
};

}  // namespace

Result<std::optional<std::vector<std::string>>> TablesToOmit(const SampleSearch& search,
                                                             const RunWithoutRows& run) {
  return Search(search, run).Find(search.likely);
}

std::vector<std::string> WithoutReferring(const std::vector<std::string>& tables,
                                          const SampleRows& rows) {
  std::vector<std::string> first;
  for (const std::string& table : tables) {
    const bool refers = std::ranges::any_of(rows.referring, [&](const auto& parent) {
      return parent.first != table && Contains(tables, parent.first) &&
             Contains(parent.second, table);
    });
    if (!refers) first.push_back(table);
  }
  return first.empty() ? tables : first;  // each refers to another
}

}  // namespace ballast::proof
