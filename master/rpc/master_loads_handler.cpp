// SPDX-License-Identifier: Apache-2.0
// ClustersHandler::ListMasterLoads: the one call that asks every master.
#include <absl/synchronization/mutex.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>
#include <vector>

#include "ifrit/v1/masters.grpc.pb.h"
#include "master/rpc/fleet_handler.h"
#include "master/rpc/own_load.h"
#include "shared/rpc/channel.h"
#include "shared/rpc/status_adapter.h"

namespace ifrit::master::rpc {
namespace {

constexpr char kMethod[] = "ifrit.v1.Clusters/ListMasterLoads";
/// Who waits for the answer looks at it every ten seconds.
constexpr std::chrono::seconds kPatience{2};

/// Collects one row for each of the other masters; the last one ends the call.
class Gathering {
public:
    Gathering(std::size_t asked, v1::ListMasterLoadsResponse& response,
              grpc::ServerUnaryReactor& reactor)
        : m_rows(asked), m_left(asked), m_response(response), m_reactor(reactor) {}

    void take(std::size_t at, v1::MasterLoad row) {
        {
            const absl::MutexLock lock(&m_mutex);
            m_rows[at] = std::move(row);
            if (--m_left > 0) return;
            for (v1::MasterLoad& each : m_rows)
                *m_response.add_masters() = std::move(each);
        }
        m_reactor.Finish(grpc::Status::OK);
    }

private:
    absl::Mutex m_mutex;
    std::vector<v1::MasterLoad> m_rows ABSL_GUARDED_BY(m_mutex);
    std::size_t m_left ABSL_GUARDED_BY(m_mutex);
    v1::ListMasterLoadsResponse& m_response;  ///< until the reactor is finished, as that is
    grpc::ServerUnaryReactor& m_reactor;
};

/// Of a master that did not tell itself.
v1::MasterLoad silentRow(const Relay::Other& other, grpc::StatusCode code) {
    v1::MasterLoad out;
    out.set_address(other.address);
    out.set_server_version(other.version);
    out.set_leads(other.leads);
    // It answered, in its way: its version has no such call.
    out.set_unreachable(code != grpc::StatusCode::UNIMPLEMENTED);
    return out;
}

void ask(const grpc::CallbackServerContext& context, const Relay::Other& other,
         std::uint64_t withinMs, std::size_t at, const std::shared_ptr<Gathering>& rows) {
    struct Call {
        std::unique_ptr<v1::Masters::Stub> stub;
        std::unique_ptr<grpc::ClientContext> context;
        v1::GetLoadRequest request;
        v1::MasterLoad response;
    };
    const auto call = std::make_shared<Call>();
    call->stub = v1::Masters::NewStub(other.channel);
    call->request.set_within_ms(withinMs);
    // Ends with the asker's call, also where that is cancelled.
    call->context = grpc::ClientContext::FromCallbackServerContext(context);
    ifrit::rpc::setDeadline(*call->context, kPatience);
    call->stub->async()->GetLoad(call->context.get(), &call->request, &call->response,
                                 [call, other, at, rows](const grpc::Status& status) {
                                     rows->take(at, status.ok()
                                                        ? std::move(call->response)
                                                        : silentRow(other, status.error_code()));
                                 });
}

}  // namespace

grpc::ServerUnaryReactor* ClustersHandler::ListMasterLoads(
    grpc::CallbackServerContext* context, const v1::ListMasterLoadsRequest* request,
    v1::ListMasterLoadsResponse* response) {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    const bool taken = m_parts.calls.workers().submit(Lane::Operators, [this, context, reactor,
                                                                        request, response] {
        Principal who;
        if (const absl::Status status = m_parts.calls.admit(*context, kMethod, who); !status.ok()) {
            reactor->Finish(ifrit::rpc::toGrpc(status));
            return;
        }
        *response->add_masters() = m_parts.load.tell(loadWithin(request->within_ms()));
        std::vector<Relay::Other> others = m_parts.calls.relay().others();
        if (others.empty()) {
            reactor->Finish(grpc::Status::OK);
            return;
        }
        std::sort(others.begin(), others.end(),
                  [](const auto& a, const auto& b) { return a.address < b.address; });
        const auto rows = std::make_shared<Gathering>(others.size(), *response, *reactor);
        for (std::size_t i = 0; i < others.size(); ++i)
            ask(*context, others[i], request->within_ms(), i, rows);
    });
    if (!taken) reactor->Finish(ifrit::rpc::toGrpc(overloaded()));
    return reactor;
}

}  // namespace ifrit::master::rpc
