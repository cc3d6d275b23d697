// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <limits>

namespace ifrit::gui::ctl {

/// Of every option that is a number: digits alone, within bounds. CLI11 wraps "-1" and what does
/// not fit round to a number that nobody typed, and reads "010" as eight.
CLI::Validator wholeNumber(std::uint64_t least = 0,
                           std::uint64_t most = std::numeric_limits<std::uint64_t>::max());

}  // namespace ifrit::gui::ctl
