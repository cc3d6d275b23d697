// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/client_context.h>

#include <map>
#include <memory>
#include <string>

#include "gui/rpc/call_registry.h"
#include "gui/rpc/gui_hop.h"
#include "gui/rpc/masters.h"
#include "gui/rpc/rpc_options.h"
#include "gui/services/connection.h"
#include "ifrit/v1/types.pb.h"
#include "shared/base/backoff.h"
#include "shared/base/clock.h"

namespace ifrit::gui::rpc {

/// What the services of one session share. Session's thread only, but `outstanding` and `hop`.
struct RpcCore {
    RpcCore(services::ConnectionProfile connectionProfile, RpcOptions rpcOptions,
            const base::Clock& clockOfAll);

    services::ConnectionProfile profile;
    RpcOptions options;
    const base::Clock& clock;
    std::shared_ptr<GuiHop> hop = std::make_shared<GuiHop>();
    std::shared_ptr<Outstanding> outstanding = std::make_shared<Outstanding>();
    CallRegistry registry;
    Masters masters;
    base::UniformRandom random = base::systemUniformRandom();
    std::map<std::string, std::string> certificates;  ///< by address

    /// Token of the operator, where there is one.
    void authorize(grpc::ClientContext& context) const;
    /// Fills request id (made where empty) and via.
    v1::Mutation toWire(const services::Mutation& mutation) const;
    /// Keeps what the master at `address` showed for the call, which is over. False where it showed
    /// nothing: the call was never on a line to it, and nothing was asked.
    bool keepCertificate(const std::string& address, const grpc::ClientContext& context);
    /// PEM; empty: that master has shown none yet.
    std::string certificateOf(const std::string& address) const;
    /// OK, or FAILED_PRECONDITION (READ_ONLY) when the connection must not change anything.
    absl::Status mayChange() const;
    /// A handle for a call that is kept by the registry.
    static services::CallHandle handleFor(const std::shared_ptr<LiveCall>& call);
};

/// Whether a call was ever on a line to its master.
enum class Line { Stood, NeverStood };
/// Says in a sentence why `address` was not reached: gRPC's own words are for its developers.
absl::Status explainFailure(const absl::Status& status, const std::string& address,
                            std::chrono::milliseconds deadline, Line line = Line::Stood);
/// With the id of a call that a master has got and did not name in its answer, or in none: in the
/// master's log it is found by that.
absl::Status withRequestId(const absl::Status& status, const std::string& requestId);

}  // namespace ifrit::gui::rpc
