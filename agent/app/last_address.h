// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace ifrit::agent::app {

/// Keeps the machine's address on the disk, for an ifrit-agent that starts while no network is up:
/// what runs with that address is adopted by it, and after a start of the machine itself begins
/// with it, though the machine may get another one. One thread.
class LastAddress {
public:
    /// `boot` names this life of the machine. With an empty path or boot nothing is kept.
    LastAddress(std::string path, std::string boot);

    struct Kept {
        std::string address;  ///< empty: none was kept
        bool isOfThisBoot = false;
    };
    Kept load() const;
    /// A disk that does not take it is logged; nothing else comes of it.
    void keep(const std::string& address);

private:
    const std::string m_path;
    const std::string m_boot;
    std::string m_kept;     ///< in this life of the machine
    bool m_isTold = false;  ///< that the disk did not take it
};

}  // namespace ifrit::agent::app
