// SPDX-License-Identifier: Apache-2.0
#include "gui/ctl/whole_number.h"

#include <fmt/format.h>

#include <charconv>
#include <string>
#include <system_error>

namespace ifrit::gui::ctl {
namespace {

/// What is wrong with it; empty: nothing.
std::string wrongWith(const std::string& text, std::uint64_t least, std::uint64_t most) {
    const bool isDigits =
        !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
    std::uint64_t number = 0;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool isPlain = isDigits && (text.size() == 1 || text.front() != '0');
    if (isPlain && error == std::errc() && number >= least && number <= most) return {};
    return fmt::format("'{}' is no whole number in range {} to {}", text, least, most);
}

}  // namespace

CLI::Validator wholeNumber(std::uint64_t least, std::uint64_t most) {
    // The bounds stand in the help where they are some.
    const bool isOpen = most == std::numeric_limits<std::uint64_t>::max();
    return CLI::Validator(
        [least, most](const std::string& text) { return wrongWith(text, least, most); },
        isOpen ? std::string() : fmt::format("{} to {}", least, most), "WHOLE_NUMBER");
}

}  // namespace ifrit::gui::ctl
