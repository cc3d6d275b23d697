// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gui/rpc/rpc_core.h"
#include "gui/services/connection.h"

namespace ifrit::gui::rpc {

/// "Test connection": the line of each address on a thread of its own, then health, login, features
/// and permissions over gRPC. Session's thread only.
class ConnectionTest final : public LiveCall, public std::enable_shared_from_this<ConnectionTest> {
public:
    using OnStep = std::function<void(const services::TestStepResult&)>;
    explicit ConnectionTest(RpcCore& core) : m_core(core) {}

    void start(OnStep onStep, services::Done done);
    void cancel() override;

private:
    void probe(std::size_t line);
    void lineStep(std::size_t line, const services::TestStepResult& result);
    void linesProbed();
    void checkHealth();
    void healthAnswered(const absl::Status& status, const std::string& answer);
    void checkLogin();
    void checkFeatures();
    void tellPermissions();
    void tellDatabase();
    /// Tells one step; after a failure the rest as skipped and the end. False: it is over.
    bool tell(services::TestStepResult result);
    void say(const services::TestStepResult& result) const;
    services::TestStepResult result(services::TestStep step, const absl::Status& status) const;

    RpcCore& m_core;
    OnStep m_onStep;
    services::Done m_done;
    services::CallHandle m_call;
    services::Identity m_identity;
    std::optional<base::WallTime> m_staleSince;                  ///< of the master
    std::vector<std::vector<services::TestStepResult>> m_lines;  ///< by address
    std::string m_address;                                       ///< that the eight steps are of
    absl::Status m_lineFailure;                                  ///< the first of an address
    std::shared_ptr<std::atomic<bool>> m_cancelled = std::make_shared<std::atomic<bool>>(false);
    base::SteadyTime m_stepBegan{};
};

}  // namespace ifrit::gui::rpc
