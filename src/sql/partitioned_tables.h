// SPDX-License-Identifier: Apache-2.0
// Which tables are partitioned, and which indexes may be theirs, according to the scripts that
// create them.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace ballast::sql {

// Names are compared without their schemas, so an answer can be "maybe" where "no" is true.
class PartitionedTables {
 public:
  // The scripts must create everything that is asked about.
  explicit PartitionedTables(const std::vector<std::string_view>& scripts);

  bool MayBePartitioned(const std::string& table) const;
  // An index whose table no statement names may belong to a partitioned table, if there is one.
  bool MayBeOnPartitioned(const std::string& index) const;

 private:
  void Read(std::string_view script);

  std::set<std::string> tables_;  // partitioned
  std::map<std::string, std::set<std::string>> tables_of_index_;
  bool hides_tables_ = false;  // code, or a text that cannot be parsed, may create partitioned ones
  bool hides_renames_ = false;  // or may rename them
};

}  // namespace ballast::sql
