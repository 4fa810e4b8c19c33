// SPDX-License-Identifier: Apache-2.0
// Scripts whose effect cannot be seen in the catalog.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace ballast::sql {

// Whether the script can change rows and, as far as its words show, changes nothing else: INSERT,
// UPDATE, DELETE, COPY, functions that are called, DO blocks without DDL. The catalog is then the
// same before and after it.
bool ChangesOnlyRows(std::string_view script);

// Whether the script can change or delete rows that it does not insert itself, or insert rows that
// it computes from others: what rows of constants in a replay do not show.
bool DependsOnRows(std::string_view script);

// A database has the catalog that all of these scripts lead to, in order. Returns how many of them
// have run at least, as far as their texts show: what is dropped again, and what only exists
// already or not any more (IF EXISTS), shows nothing.
size_t ShownByCatalog(const std::vector<std::string_view>& scripts);

}  // namespace ballast::sql
