// SPDX-License-Identifier: Apache-2.0
// Repeats options of the command line (-C, --schema, --project, --package, --trust-history,
// --database-url) in the commands that remedies name, so that each works as it is printed; and
// those that determine what a deploy reaches (--strategy, --branch, --trusted-key) in `ballast
// deploy`.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/options.h"

namespace ballast::cli {

class GivenOptions {
 public:
  using Variables = std::map<std::string, std::string, std::less<>>;

  // `variables`: those of the program, one of which may hold the database's URL.
  GivenOptions(const Options& options, const Variables& variables);

  // "run ballast deploy --adopt" → "run ballast -C app deploy --adopt". Options that the named
  // command has already are not repeated. Other text is unchanged. No password is shown: see
  // postgres::UrlArgument.
  std::string RepeatIn(std::string text) const;
  // Only in lines that begin with the mark of a remedy or a remark.
  std::string RepeatInRemedies(const std::string& text) const;
  // In the hints, remedies and notices of a JSON document.
  std::string RepeatInJson(std::string document) const;

 private:
  bool IsEmpty() const { return options_.empty() && goal_.empty() && database_url_.empty(); }
  std::string ArgumentsFor(std::string_view command) const;

  std::string database_url_;  // as a word of a shell; empty: not given
  std::vector<std::pair<std::string, std::string>> options_;  // flag; with its value, quoted
  std::vector<std::pair<std::string, std::string>> goal_;     // of a deploy, the same
  std::vector<std::string> commands_;
};

}  // namespace ballast::cli
