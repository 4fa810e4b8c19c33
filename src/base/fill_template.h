// SPDX-License-Identifier: Apache-2.0
// Fills placeholders of a text, such as a query.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace ballast {

// Replaces each "@name" (small letters and "_") by its value. What a value contains is never a
// placeholder, so it can be a name that a user has chosen. `values` has all names of the text.
std::string FillTemplate(
    std::string_view text,
    std::initializer_list<std::pair<std::string_view, std::string_view>> values);

}  // namespace ballast
