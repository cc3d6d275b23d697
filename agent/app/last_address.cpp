// SPDX-License-Identifier: Apache-2.0
#include "agent/app/last_address.h"

#include <spdlog/spdlog.h>

#include <utility>

#include "agent/guard/key_value_file.h"

namespace ifrit::agent::app {
namespace {

constexpr char kBoot[] = "boot";
constexpr char kAddress[] = "address";

}  // namespace

LastAddress::LastAddress(std::string path, std::string boot)
    : m_path(std::move(path)), m_boot(std::move(boot)) {
    if (const Kept kept = load(); kept.isOfThisBoot) m_kept = kept.address;
}

LastAddress::Kept LastAddress::load() const {
    if (m_path.empty() || m_boot.empty()) return {};
    const auto values = guard::readKeyValues(m_path);
    if (!values.ok()) return {};
    return {guard::textOf(*values, kAddress), guard::textOf(*values, kBoot) == m_boot};
}

void LastAddress::keep(const std::string& address) {
    if (m_path.empty() || m_boot.empty() || address == m_kept) return;
    const absl::Status written =
        guard::writeKeyValues(m_path, {{kBoot, m_boot}, {kAddress, address}});
    if (written.ok())
        m_kept = address;
    else if (!std::exchange(m_isTold, true))
        spdlog::warn("the machine's address is not kept: {}", base::messageOf(written));
}

}  // namespace ifrit::agent::app
