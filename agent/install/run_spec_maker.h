// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "agent/install/layout.h"
#include "agent/platform/process_launcher.h"
#include "agent/supervise/run_spec.h"
#include "shared/base/status.h"
#include "shared/domain/machine.h"
#include "shared/domain/manifest.h"
#include "shared/package/variables.h"

namespace ifrit::agent::install {

/// This machine's own address, as far as it is known.
struct MachineAddress {
    std::string text;  ///< empty: none is known
    /// It is the one from before the machine was started; whether it still is nobody knows yet.
    bool isAssumed = false;
};

/// Fills a manifest's variables with this machine's values. Thread-safe. Where the machine has no
/// address (yet), what uses ${machine.address} is refused with UNAVAILABLE NO_ADDRESS.
class RunSpecMaker {
public:
    using AddressNow = std::function<MachineAddress()>;
    enum class Purpose {
        Start,  ///< with the last address known
        Trial,  ///< not with one that is assumed: a version would be convicted for what that does
        Stop,   ///< needs no address
    };

    /// `vars` are the machine's own values of ${vars.*}; those that a manifest does not declare are
    /// not used.
    RunSpecMaker(Layout layout, domain::MachineFacts machine,
                 std::map<std::string, std::string> vars, AddressNow addressNow);

    absl::StatusOr<supervise::RunSpec> runSpec(const domain::Manifest& manifest,
                                               const journal::InstalledVersion& version,
                                               Purpose purpose = Purpose::Start) const;
    /// Of a version whose manifest is lost: enough to adopt and to stop it, and never to start it.
    supervise::RunSpec bareSpec(const std::string& agent,
                                const journal::InstalledVersion& version) const;
    /// Account and time limit are the caller's. A program of the package runs only as signed.
    absl::StatusOr<platform::LaunchSpec> hookSpec(const domain::Manifest& manifest,
                                                  const journal::InstalledVersion& version,
                                                  const domain::Hook& hook,
                                                  Purpose purpose = Purpose::Trial) const;
    /// preflight.ports as numbers.
    absl::StatusOr<std::vector<std::uint16_t>> ports(
        const domain::Manifest& manifest, const journal::InstalledVersion& version) const;

private:
    absl::StatusOr<supervise::RunSpec> runSpecWith(const ::ifrit::package::Variables& values,
                                                   const domain::Manifest& manifest,
                                                   const journal::InstalledVersion& version) const;
    ::ifrit::package::Variables variables(const domain::Manifest& manifest,
                                          const journal::InstalledVersion& version,
                                          Purpose purpose) const;
    absl::StatusOr<std::vector<std::string>> command(
        const std::vector<std::string>& texts, const ::ifrit::package::Variables& variables) const;
    absl::StatusOr<std::map<std::string, std::string>> environment(
        const domain::Manifest& manifest, const ::ifrit::package::Variables& variables) const;

    const Layout m_layout;
    const domain::MachineFacts m_machine;
    const std::map<std::string, std::string> m_vars;
    const AddressNow m_addressNow;
};

}  // namespace ifrit::agent::install
