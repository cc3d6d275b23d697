// SPDX-License-Identifier: Apache-2.0
#include "agent/app/configured_link.h"

#include "shared/base/atomic_file.h"

namespace ifrit::agent::app {
namespace {

constexpr std::size_t kMaxCaBytes = 256 * 1024;

}  // namespace

link::LinkSettings configuredLink(const Config& config) {
    return {config.masters, config.serverName,
            config.caFile.empty() ? "" : base::readFile(config.caFile, kMaxCaBytes).value_or("")};
}

}  // namespace ifrit::agent::app
