// SPDX-License-Identifier: Apache-2.0
// Scripts whose effect cannot be seen in the catalog.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace ballast::sql {

// Whether the script can change or delete rows that it does not insert itself, or insert rows that
// it computes from others: what rows of constants in a replay do not show.
bool DependsOnRows(std::string_view script);

// What the texts of the scripts of a history show about a database that has the catalog to which
// all of them lead, in order.
struct CatalogTraces {
  // For each script, whether it can change rows, or what columns and tables contain, in a way that
  // a catalog need not show: it writes rows, runs code, renames, computes a column, or drops what
  // an earlier script has made and what can be made again. Or it changes what belongs to the server
  // (cluster_changes.h).
  std::vector<bool> may_change_contents;
  // How many of the scripts have run at least: what is dropped again, and what only exists already
  // or not any more (IF EXISTS), shows nothing.
  size_t shown_by_objects = 0;
  // The same if every statement that defines something leaves a trace, such as SET NOT NULL.
  size_t shown_by_definitions = 0;
};
CatalogTraces TracesOf(const std::vector<std::string_view>& scripts);

}  // namespace ballast::sql
