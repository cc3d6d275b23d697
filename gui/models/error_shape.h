// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace ifrit::gui::models {

/// What is the same in the sentences of all machines that fail alike: numbers, addresses, times and
/// identifiers stand as '#'. A number that says how something ended ("code 3", "signal 11",
/// "HTTP 503") stays, for it tells failures apart. `machine` is the uuid of who said it: '#', too.
/// Pure.
std::string shapeOfError(std::string_view message, std::string_view machine);

}  // namespace ifrit::gui::models
