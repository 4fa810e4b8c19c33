// SPDX-License-Identifier: Apache-2.0
// Names of objects in options and settings, compared with the labels of differences.
#pragma once

#include <string>
#include <vector>

namespace ballast::change {

// Without its quotes.
std::string Unquoted(const std::string& name);

// `label` is "column \"User\".\"age\""; globs can omit its kind and its quotes, or quote only the
// names that need it, as reports do.
bool IsNamed(const std::string& label, const std::vector<std::string>& globs);

// `ignore` matches an object by its own name, its table's or its schema's, as in a comparison
// (catalog::IsCovered). Labels are those of difference::Options.
bool IsIgnored(const std::string& label, const std::vector<std::string>& globs);

// Whether an object of a statement is one of the additions, which have the names of reports.
bool IsAddition(const std::vector<std::string>& additions, const std::string& object);
// The same for the label of a definition, which can also be a part of an addition.
bool IsOfAdditions(const std::vector<std::string>& additions, const std::string& label);

}  // namespace ballast::change
