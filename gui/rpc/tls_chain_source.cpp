// SPDX-License-Identifier: Apache-2.0
#include "gui/rpc/tls_chain_source.h"

#include <atomic>
#include <thread>
#include <utility>

#include "gui/rpc/line_probe.h"

namespace ifrit::gui::rpc {
namespace {

using Chain = absl::StatusOr<std::vector<std::string>>;

/// `reply` on the session's thread only.
struct Fetch {
    services::Reply<std::vector<std::string>> reply;
    std::atomic<bool> cancelled{false};
};

}  // namespace

services::CallHandle TlsChainSource::fetch(const std::string& address,
                                           services::Reply<std::vector<std::string>> reply) {
    auto fetch = std::make_shared<Fetch>();
    fetch->reply = std::move(reply);
    LineTarget target;
    target.address = address;
    // Not joined: a name look-up cannot be interrupted, and the thread touches only what it owns.
    std::thread([target = std::move(target), fetch, hop = m_hop] {
        hop->post([fetch, chain = fetchChain(target, fetch->cancelled)]() mutable {
            if (auto told = std::exchange(fetch->reply, nullptr)) told(std::move(chain));
        });
    }).detach();
    return services::CallHandle([fetch] {
        fetch->reply = nullptr;
        fetch->cancelled = true;
    });
}

}  // namespace ifrit::gui::rpc
