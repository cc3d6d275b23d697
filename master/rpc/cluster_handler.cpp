// SPDX-License-Identifier: Apache-2.0
#include <deque>
#include <map>
#include <memory>
#include <set>

#include "master/rpc/fleet_handler.h"
#include "master/rpc/freeze_calls.h"
#include "master/rpc/push_stream.h"
#include "shared/base/status.h"
#include "shared/codec/enum_codec.h"
#include "shared/codec/window_codec.h"

namespace ifrit::master::rpc {
namespace {

constexpr std::chrono::seconds kHeartbeat{5};

v1::ClusterEvent::Kind toWire(services::EventKind kind) {
    switch (kind) {
        case services::EventKind::ReleaseChanged:
            return v1::ClusterEvent::KIND_RELEASE_CHANGED;
        case services::EventKind::PackageChanged:
            return v1::ClusterEvent::KIND_PACKAGE_CHANGED;
        case services::EventKind::ClusterChanged:
            return v1::ClusterEvent::KIND_CLUSTER_CHANGED;
        case services::EventKind::AuditAppended:
            return v1::ClusterEvent::KIND_AUDIT_APPENDED;
        case services::EventKind::Reset:
            break;
    }
    return v1::ClusterEvent::KIND_RESET;
}

class EventStream final : public PushStream<v1::ClusterEvent> {
public:
    EventStream(const FleetParts& parts, std::string resumeToken)
        : m_parts(parts), m_resumeToken(std::move(resumeToken)) {}

    void begin() {
        const std::weak_ptr<PushStream> self = weak_from_this();
        m_mailbox = m_parts.events.subscribe(m_resumeToken, [self] {
            if (const auto stream = self.lock()) stream->pump();
        });
        m_sequence = m_parts.events.lastSequence();
        open();
    }

protected:
    bool fill(v1::ClusterEvent& out) override {
        if (!m_sent) return heartbeat(out);
        if (m_waiting.empty()) {
            for (auto& event : m_mailbox->take())
                m_waiting.push_back(std::move(event));
        }
        if (m_waiting.empty()) return m_parts.clock.now() - *m_sent >= kHeartbeat && heartbeat(out);
        const services::ClusterEvent event = std::move(m_waiting.front());
        m_waiting.pop_front();
        m_sequence = event.sequence;
        out = base(toWire(event.kind));
        out.set_subject(event.subject);
        return true;
    }
    void closed() override { m_mailbox.reset(); }

private:
    bool heartbeat(v1::ClusterEvent& out) {
        out = base(v1::ClusterEvent::KIND_HEARTBEAT);
        return true;
    }
    v1::ClusterEvent base(v1::ClusterEvent::Kind kind) {
        m_sent = m_parts.clock.now();
        v1::ClusterEvent out;
        out.set_kind(kind);
        out.set_generation(m_parts.published.generation());
        out.set_now_ms(ifrit::base::toUnixMillis(*m_sent));
        out.set_resume_token(m_parts.events.tokenOf(m_sequence));
        return out;
    }

    const FleetParts& m_parts;
    const std::string m_resumeToken;
    std::shared_ptr<services::EventHub::Mailbox> m_mailbox;
    std::deque<services::ClusterEvent> m_waiting;
    std::uint64_t m_sequence = 0;
    std::optional<ifrit::base::WallTime> m_sent;
};

using VersionCounts = std::map<std::pair<std::string, std::string>, std::uint64_t>;

VersionCounts countVersions(const std::vector<services::MachineView>& machines) {
    VersionCounts out;
    for (const auto& machine : machines) {
        for (const auto& agent : machine.record->stored.agents) {
            const services::AgentNames& names = *agent.names;
            if (!names.runningVersion.empty()) ++out[{names.agent, names.runningVersion}];
        }
    }
    return out;
}

void fill(const std::pair<const std::pair<std::string, std::string>, std::uint64_t>& count,
          v1::VersionCount& out) {
    out.set_agent(count.first.first);
    out.set_version(count.first.second);
    out.set_machines(count.second);
}

/// Those that enrolled, which is what a release can name.
std::set<std::string> machineTypesOf(const std::vector<services::MachineView>& machines) {
    std::set<std::string> types;
    for (const auto& machine : machines)
        types.insert(machine.record->stored.facts.machineType);
    return types;
}

v1::ClusterFreeze toWire(const services::StandingFreeze& freeze,
                         const std::vector<Unconfirmed>& unconfirmed) {
    v1::ClusterFreeze out;
    out.set_id(freeze.mark.id);
    out.set_by(freeze.mark.by);
    out.set_reason(freeze.mark.reason);
    out.set_at_ms(base::toUnixMillis(freeze.mark.at));
    out.set_recorded(freeze.recorded);
    out.set_forgotten_by_restart(!freeze.recorded && !freeze.isInFile);
    for (const Unconfirmed& master : unconfirmed) {
        v1::UnconfirmedMaster& one = *out.add_unconfirmed();
        one.set_address(master.address);
        one.set_why(master.why);
    }
    return out;
}

v1::ClusterRules toWire(const release::ClusterRules& rules, std::uint64_t machines,
                        std::uint64_t changed) {
    v1::ClusterRules out;
    out.set_require_approval(rules.requireApproval);
    out.set_time_zone(rules.blackouts.timeZone);
    for (const domain::DateRange& range : rules.blackouts.blackouts)
        *out.add_blackouts() = codec::toWire(range);
    if (!rules.cap) return out;
    out.set_max_change_machines(rules.cap->machines);
    out.set_max_change_percent(rules.cap->percent);
    out.set_max_change_window_ms(static_cast<std::uint64_t>(rules.cap->window.count()));
    out.set_max_change_limit(rules.cap->limit(machines));
    out.set_changed_in_window(changed);
    return out;
}

/// Whoever finds it later has to know why.
absl::Status requireReason(const services::Caller& caller, const char* what) {
    if (!caller.reason.empty()) return absl::OkStatus();
    return base::invalidArgument("REASON_MISSING", "reason", "{} of the cluster needs a reason",
                                 what);
}

}  // namespace

CallRunner::Touches ClustersHandler::touchesCluster(const char* verb) const {
    return [verb]() -> absl::StatusOr<Touched> { return Touched{{verb, {}, {}}, "cluster"}; };
}

void ClustersHandler::fillCluster(v1::Cluster& out) const {
    const ClusterInfo& cluster = m_parts.cluster;
    const auto machines = m_parts.fleet.all();
    out.set_name(cluster.name);
    out.set_kind(cluster.kind);
    out.set_server_version(cluster.serverVersion);
    out.set_generation(m_parts.published.generation());
    out.set_machines(machines.size());
    std::uint64_t offline = 0;
    for (const auto& machine : machines) {
        ++(*out.mutable_machines_by_state())[codec::toWire(services::worstState(machine))];
        offline += machine.offline ? 1 : 0;
    }
    out.set_offline(offline);
    out.set_ring_batches(cluster.ring.batches);
    out.set_ring_seed(cluster.ring.seed);
    out.set_ring_virtual_nodes(cluster.ring.virtualNodes);
    const auto stale = m_parts.composer.staleSince();
    out.set_stale_since_ms(stale ? base::toUnixMillis(*stale) : 0);
    out.set_running_releases(static_cast<std::uint32_t>(m_parts.engine.runningCount()));
    for (const auto& count : countVersions(machines))
        fill(count, *out.add_versions());
    out.set_now_ms(base::toUnixMillis(m_parts.clock.now()));
    for (const std::string& type : machineTypesOf(machines))
        out.add_machine_types(type);
    for (const char* feature :
         {"releases.gray", "releases.rules", "cluster.freeze", "machines.watch"})
        out.add_features(feature);
    const auto freeze = m_parts.freeze.current();
    if (freeze) *out.mutable_freeze() = toWire(*freeze, m_parts.holders.unconfirmed());
    *out.mutable_rules() =
        toWire(m_parts.engine.rules(), machines.size(), m_parts.engine.changedInWindow());
}

grpc::ServerUnaryReactor* ClustersHandler::GetCluster(grpc::CallbackServerContext* context,
                                                      const v1::GetClusterRequest*,
                                                      v1::Cluster* response) {
    return m_parts.calls.run(context, "ifrit.v1.Clusters/GetCluster",
                             [this, response](const Principal&) -> absl::Status {
                                 fillCluster(*response);
                                 return absl::OkStatus();
                             });
}

grpc::ServerUnaryReactor* ClustersHandler::FreezeCluster(grpc::CallbackServerContext* context,
                                                         const v1::FreezeClusterRequest* request,
                                                         v1::Cluster* response) {
    return m_parts.calls.runAtOnce(
        context, Lane::KillSwitch, "ifrit.v1.Clusters/FreezeCluster", *request,
        touchesCluster("cluster.freeze"),
        [this, request, response](const Principal& who) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(const auto caller, callerOf(who, request->mutation()));
            IFRIT_RETURN_IF_ERROR(requireReason(caller, "a freeze"));
            // Not by way of runOnce(), which needs the database: a repeated
            // freeze finds the first.
            const domain::FreezeMark mark = m_parts.freeze.markOf(caller);
            m_parts.freeze.hold(mark);
            // The others meanwhile: disk and cache take their time, too.
            const FreezeCalls others(m_parts.calls.relay().othersAndSilent(), mark);
            const auto standing = m_parts.freeze.freeze(mark);
            m_parts.engine.settlePermits();
            m_parts.holders.told(standing->mark.id, others.wait());
            fillCluster(*response);
            return absl::OkStatus();
        });
}

grpc::ServerUnaryReactor* ClustersHandler::UnfreezeCluster(
    grpc::CallbackServerContext* context, const v1::UnfreezeClusterRequest* request,
    v1::Cluster* response) {
    return m_parts.calls.runChange(
        context, "ifrit.v1.Clusters/UnfreezeCluster", *request, touchesCluster("cluster.unfreeze"),
        [this, request, response](const Principal& who) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(const auto caller, callerOf(who, request->mutation()));
            IFRIT_RETURN_IF_ERROR(requireReason(caller, "an unfreeze"));
            const absl::Status done = m_parts.calls.runOnce(
                {caller, [&](const services::Caller& c) { return m_parts.freeze.unfreeze(c); },
                 [](const std::string&) { return absl::OkStatus(); }},
                "cluster.unfreeze");
            IFRIT_RETURN_IF_ERROR(done);
            // Else whoever leads goes on to refuse until its next look.
            warnOf(FreezeCalls(m_parts.calls.relay().others()).wait());
            fillCluster(*response);
            return absl::OkStatus();
        });
}

grpc::ServerUnaryReactor* AgentsHandler::ListAgents(grpc::CallbackServerContext* context,
                                                    const v1::ListAgentsRequest*,
                                                    v1::ListAgentsResponse* response) {
    return m_parts.calls.run(
        context, "ifrit.v1.Agents/ListAgents", [this, response](const Principal&) -> absl::Status {
            std::map<std::string, v1::ManagedAgent> agents;
            IFRIT_ASSIGN_OR_RETURN(const auto packages, m_parts.packages.list());
            for (const auto& package : packages)
                agents[package.agent].set_packages(agents[package.agent].packages() + 1);
            // Held: the next one may be published while this one is walked.
            const auto snapshot = m_parts.published.current();
            for (const auto& [key, fragment] : snapshot->fragments()) {
                const std::string prefix = "expect_default_";
                for (const auto& entry : fragment.entries) {
                    if (entry.level != domain::Level::Full || entry.version.empty()) continue;
                    (*agents[entry.agent].mutable_settled_versions())[key.substr(prefix.size())] =
                        entry.version;
                }
            }
            const auto machines = m_parts.fleet.all();
            for (const auto& count : countVersions(machines)) {
                v1::ManagedAgent& agent = agents[count.first.first];
                fill(count, *agent.add_running());
                agent.set_machines(agent.machines() + count.second);
            }
            for (auto& [name, agent] : agents) {
                agent.set_name(name);
                *response->add_agents() = agent;
            }
            return absl::OkStatus();
        });
}

grpc::ServerWriteReactor<v1::ClusterEvent>* EventsHandler::WatchEvents(
    grpc::CallbackServerContext* context, const v1::WatchEventsRequest* request) {
    auto stream = std::make_shared<EventStream>(m_parts, request->resume_token());
    auto* reactor = EventStream::adopt(stream);
    const bool taken = m_parts.calls.workers().submit(Lane::Operators, [this, context, stream] {
        const absl::Status status = m_parts.calls.admitStream(
            *context, "ifrit.v1.Events/WatchEvents", std::weak_ptr<Endable>(stream));
        if (!status.ok()) {
            stream->end(status);
            return;
        }
        m_parts.ticker.add(std::weak_ptr<Ticked>(stream));
        stream->begin();
    });
    if (!taken) stream->end(overloaded());
    return reactor;
}

}  // namespace ifrit::master::rpc
