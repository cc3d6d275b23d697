// SPDX-License-Identifier: Apache-2.0
#include <ifrit/v1/machine_link.grpc.pb.h>

#include <algorithm>
#include <utility>

#include "shared/base/clock.h"
#include "shared/base/ids.h"
#include "shared/base/status.h"
#include "shared/codec/desired_state_codec.h"
#include "shared/rpc/channel.h"
#include "shared/rpc/status_adapter.h"
#include "tests/fault/masters_cluster.h"

namespace ifrit::tests {

ObeyingMachine::ObeyingMachine(std::string uuid, std::function<Channels()> channels)
    : m_uuid(std::move(uuid)),
      m_connect(std::move(channels)),
      m_channels(m_connect()),
      m_stream(base::randomUuid()) {}

grpc::Status ObeyingMachine::syncAt(std::size_t master) {
    v1::SyncRequest request;
    request.set_held_generation(m_generation);
    request.set_held_etag(m_etag);
    v1::ReportDelta& report = *request.mutable_report();
    if (m_instance != 0) {
        request.mutable_presence()->set_instance(m_instance);
        request.mutable_presence()->set_moved(m_moved);
    }
    report.set_stream_id(m_stream);
    report.set_seq(m_seq);
    report.set_full(true);
    report.mutable_facts()->set_machine_type("LINUX");
    if (!m_running.empty()) {
        v1::AgentReport& agent = *report.add_agents();
        agent.set_agent("exporter");
        agent.set_running_version(m_running);
        agent.set_running_digest(m_runningDigest);
        agent.set_desired_version(m_desired.version());
        agent.set_desired_digest(m_desired.manifest_digest());
        agent.set_release_id(m_desired.release_id());
        agent.set_state(v1::MACHINE_STATE_HEALTHY);
    }
    for (const v1::LogTailRequest& wanted : m_wantedTails) {
        v1::LogTail& tail = *report.add_log_tails();
        tail.set_request_id(wanted.request_id());
        tail.set_agent(wanted.agent());
        tail.set_text("log of " + m_uuid);
    }
    addEvents(report);
    grpc::ClientContext context;
    rpc::setDeadline(context, std::chrono::seconds(10));
    v1::SyncResponse response;
    const grpc::Status status =
        v1::MachineLink::NewStub(m_channels[master])->Sync(&context, request, &response);
    if (status.ok() && report.events_size() > 0 && response.acked_seq() == m_seq)
        m_promised.push_back(m_seq);
    if (status.ok())
        m_wantedTails.assign(response.log_tail_requests().begin(),
                             response.log_tail_requests().end());
    if (!status.ok() || !response.changed()) return status;
    m_generation = response.desired().generation();
    m_etag = response.desired().etag();
    const auto state = codec::fromWire(response.desired());
    if (!state.ok()) return {grpc::StatusCode::DATA_LOSS, "desired state"};
    const auto chosen = domain::chosenEntries(*state);
    m_isTold = !chosen.empty();
    if (m_isTold) m_desired = codec::toWire(chosen[0]);
    return status;
}

void ObeyingMachine::addEvents(v1::ReportDelta& report) const {
    constexpr std::size_t kLongest = 4'000;
    for (std::size_t left = m_eventBytes; left > 0;) {
        const std::size_t size = std::min(left, kLongest);
        v1::MachineEvent& event = *report.add_events();
        event.set_kind("test");
        event.set_at_ms(base::toUnixMillis(base::SystemClock().now()));  // old ones are removed
        std::string text = report.events_size() == 1 ? eventOf(m_seq) : std::string("more ");
        text.resize(std::max(size, text.size()), 'x');
        event.set_message(text);
        left -= size;
    }
}

std::string ObeyingMachine::poll(std::size_t master) {
    ++m_seq;
    const grpc::Status status = syncAt(master);
    if (status.ok()) return "taken";
    const auto info = base::errorInfo(rpc::fromGrpc(status));
    return info.reason.empty() ? status.error_message() : info.reason;
}

bool ObeyingMachine::sync() {
    ++m_seq;
    if (syncAt(m_at).ok()) return true;
    ++m_retried;
    m_at = 1 - m_at;
    if (syncAt(m_at).ok()) return true;
    ++m_lost;
    return false;
}

std::string ObeyingMachine::askPermit() {
    v1::PermitRequest request;
    request.set_agent("exporter");
    request.set_release_id(m_desired.release_id());
    request.set_version(m_desired.version());
    request.set_manifest_digest(m_desired.manifest_digest());
    grpc::ClientContext context;
    rpc::setDeadline(context, std::chrono::seconds(20));
    v1::PermitResponse response;
    const grpc::Status status =
        v1::MachineLink::NewStub(m_channels[m_at])->RequestPermit(&context, request, &response);
    if (!status.ok()) return "error " + std::to_string(status.error_code());
    return response.granted() ? "granted" : "refused";
}

std::string ObeyingMachine::download() {
    v1::DownloadArchiveRequest request;
    request.set_manifest_digest(m_desired.manifest_digest());
    grpc::ClientContext context;
    rpc::setDeadline(context, std::chrono::seconds(30));
    const auto stub = v1::MachineLink::NewStub(m_channels[m_at]);
    const auto reader = stub->DownloadArchive(&context, request);
    std::string out;
    v1::ArchiveChunk chunk;
    while (reader->Read(&chunk))
        out += chunk.data();
    return reader->Finish().ok() ? out : std::string();
}

void ObeyingMachine::step() {
    if (!sync() || !m_isTold || m_runningDigest == m_desired.manifest_digest()) return;
    if (askPermit() != "granted") return;
    m_running = m_desired.version();
    m_runningDigest = m_desired.manifest_digest();
    ++m_switches;
    sync();
}

}  // namespace ifrit::tests
