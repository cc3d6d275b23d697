// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "gui/rpc/gui_hop.h"
#include "gui/services/chain_source.h"

namespace ifrit::gui::rpc {

/// Shakes hands on a thread of its own and sends nothing. Needs an event loop on the thread that
/// made it.
class TlsChainSource final : public services::ChainSource {
public:
    ~TlsChainSource() override { m_hop->close(); }
    services::CallHandle fetch(const std::string& address,
                               services::Reply<std::vector<std::string>> reply) override;

private:
    std::shared_ptr<GuiHop> m_hop = std::make_shared<GuiHop>();
};

}  // namespace ifrit::gui::rpc
