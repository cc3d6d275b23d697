// SPDX-License-Identifier: Apache-2.0
#include "shared/domain/preflight_rules.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

namespace ifrit::domain {
namespace {

/// "glibc 2.36" -> "2.36"; empty for another C library.
std::string_view glibcVersion(std::string_view libc) {
    constexpr std::string_view kName = "glibc ";
    return libc.substr(0, kName.size()) == kName ? libc.substr(kName.size()) : std::string_view();
}

std::vector<std::uint32_t> leadingNumbers(std::string_view text) {
    std::vector<std::uint32_t> numbers;
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at != end) {
        std::uint32_t number = 0;
        const auto [next, error] = std::from_chars(at, end, number);
        if (error != std::errc()) break;
        numbers.push_back(number);
        if (next == end || *next != '.') break;
        at = next + 1;
    }
    return numbers;
}

PreflightRefusal refuse(std::string_view reason, const std::string& subject, std::string message) {
    return {std::string(reason), subject, std::move(message)};
}

std::optional<PreflightRefusal> refuseOlder(const Manifest& manifest,
                                            const KnownOfMachine& machine) {
    const Preflight& rules = manifest.preflight;
    if (!rules.minKernel.empty() && machine.kernel &&
        !isAtLeast(*machine.kernel, rules.minKernel)) {
        return refuse(kPreflightKernel, manifest.name,
                      fmt::format("needs kernel {} or newer, this machine has {}", rules.minKernel,
                                  *machine.kernel));
    }
    if (!rules.minGlibc.empty() && machine.libc &&
        !isAtLeast(glibcVersion(*machine.libc), rules.minGlibc)) {
        return refuse(kPreflightLibc, manifest.name,
                      fmt::format("needs glibc {} or newer, this machine has {}", rules.minGlibc,
                                  machine.libc->empty() ? "none" : *machine.libc));
    }
    return std::nullopt;
}

std::optional<PreflightRefusal> refuseBeside(const Manifest& manifest,
                                             const KnownOfMachine& machine) {
    for (const std::string& conflict : manifest.preflight.conflicts) {
        if (machine.installed.count(conflict) == 0) continue;
        return refuse(kPreflightConflict, conflict,
                      fmt::format("cannot be installed beside {}; uninstall that first", conflict));
    }
    if (machine.refusedBy.empty()) return std::nullopt;
    const std::string& other = *machine.refusedBy.begin();
    return refuse(kPreflightConflict, other,
                  fmt::format("cannot be installed beside {}, whose package names it a conflict; "
                              "uninstall that first",
                              other));
}

}  // namespace

bool isAtLeast(std::string_view actual, std::string_view minimum) {
    const std::vector<std::uint32_t> have = leadingNumbers(actual);
    const std::vector<std::uint32_t> need = leadingNumbers(minimum);
    return !have.empty() &&
           !std::lexicographical_compare(have.begin(), have.end(), need.begin(), need.end());
}

std::optional<PreflightRefusal> preflightRefusal(const Manifest& manifest,
                                                 const KnownOfMachine& machine) {
    if (manifest.index < machine.withdrawnBelow) {
        return refuse(
            kPackageWithdrawn, manifest.name,
            fmt::format("{} {} has index {}; a later package, which ran here, withdraws all below "
                        "{}. Release a newer one; if the publisher wants this back, it must be "
                        "signed again with a higher index",
                        manifest.name, manifest.version, manifest.index, machine.withdrawnBelow));
    }
    const auto& types = manifest.machineTypes;
    if (std::find(types.begin(), types.end(), machine.machineType) == types.end()) {
        return refuse(kPreflightType, manifest.name,
                      fmt::format("{} {} is for {}, this machine is {}", manifest.name,
                                  manifest.version, fmt::join(types, ", "), machine.machineType));
    }
    if (auto older = refuseOlder(manifest, machine)) return older;
    return refuseBeside(manifest, machine);
}

}  // namespace ifrit::domain
