// SPDX-License-Identifier: Apache-2.0
// Wraps a store and reports when it stops answering, and when it answers again.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "serve/store.h"

namespace ballast::serve {

// Passes all calls to `store`. Calls `notice` with a sentence for the first failure after a
// success, and for the first success after a failure; never from two threads at once.
std::unique_ptr<Store> WithNotices(std::unique_ptr<Store> store,
                                   std::function<void(const std::string& sentence)> notice);

}  // namespace ballast::serve
