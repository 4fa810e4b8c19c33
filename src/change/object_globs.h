// SPDX-License-Identifier: Apache-2.0
// Labels of statements and losses ("column \"User\".\"age\""), which packages also have, compared
// with names that users give and that reports have. Objects of snapshots and models:
// catalog/object_ref.h.
#pragma once

#include <string>
#include <vector>

namespace ballast::change {

// Whether a glob names the object; globs can omit its kind and its quotes, or quote only the names
// that need it, as reports do.
bool IsNamed(const std::string& label, const std::vector<std::string>& globs);

// Whether it is one of the additions, which have the names of reports.
bool IsAddition(const std::vector<std::string>& additions, const std::string& object);

}  // namespace ballast::change
