// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "master/rpc/fleet_handler.h"
#include "master/rpc/machine_codec.h"
#include "master/rpc/machine_stream.h"
#include "master/rpc/machine_walk.h"
#include "master/rpc/paging.h"
#include "master/services/audit_entry.h"
#include "master/services/event_times.h"
#include "master/services/expectation.h"
#include "master/services/held_back.h"
#include "master/services/machine_filter.h"
#include "shared/base/status.h"
#include "shared/codec/desired_state_codec.h"
#include "shared/codec/enum_codec.h"
#include "shared/codec/limits.h"
#include "shared/codec/machine_codec.h"
#include "shared/domain/names.h"

namespace ifrit::master::rpc {
namespace {

absl::Status unknownMachine(const std::string& uuid) {
    return base::notFound("MACHINE_UNKNOWN", uuid, "there is no machine {}", uuid);
}

/// Of one call. A hundred thousand machines take a tenth of a second of it.
constexpr std::chrono::seconds kMostFilterTime{2};

absl::Status tooSlow() {
    return base::invalidArgument("FILTER", "",
                                 "the filter takes longer than {} s for all machines; write a "
                                 "simpler one, or put a term before it that few of them match",
                                 kMostFilterTime.count());
}

/// What the audit says of them; a row is no list of ten thousand.
std::string clearedJson(const storage::KnownBadClearsByUuid& clears) {
    constexpr std::size_t kMostNamed = 500;
    std::vector<std::string> named;
    for (const auto& [uuid, ofOne] : clears) {
        if (named.size() == kMostNamed) break;
        named.push_back(fmt::format(R"("{}")", uuid));  // checkMachineUuid() lets it hold no quote
    }
    return fmt::format(R"({{"machines":{},"uuids":[{}]}})", clears.size(), fmt::join(named, ","));
}

}  // namespace

grpc::ServerUnaryReactor* MachinesHandler::ListMachines(grpc::CallbackServerContext* context,
                                                        const v1::ListMachinesRequest* request,
                                                        v1::ListMachinesResponse* response) {
    return m_parts.calls.run(
        context, "ifrit.v1.Machines/ListMachines",
        [this, request, response](const Principal&) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(const auto filter,
                                   services::parseMachineFilter(request->filter()));
            response->set_total(m_parts.fleet.size());
            if (filter.empty()) response->set_matching(response->total());
            response->set_generation(m_parts.published.generation());
            // Of a filter all that match are counted, once: beside the first page.
            const bool counts = request->page_token().empty() && !filter.empty();
            const auto until = std::chrono::steady_clock::now() + kMostFilterTime;
            const auto now = m_parts.clock.now();
            MachineWalk walk(m_parts.fleet, filter, request->page_token());
            PageRoom room(pageSize(request->page_size()));
            std::uint64_t matching = 0;
            // By uuid; the token is the last one that was shown.
            while (const auto machine = walk.next(now, until)) {
                ++matching;
                if (!response->next_page_token().empty()) continue;
                v1::Machine wire = toWire(*machine);
                if (room.take(wire)) {
                    *response->add_machines() = std::move(wire);
                    continue;
                }
                response->set_next_page_token(
                    response->machines(response->machines_size() - 1).uuid());
                if (!counts) return absl::OkStatus();
            }
            if (!walk.isAtEnd()) return tooSlow();
            if (counts) response->set_matching(matching);
            return absl::OkStatus();
        });
}

grpc::ServerUnaryReactor* MachinesHandler::GetMachine(grpc::CallbackServerContext* context,
                                                      const v1::GetMachineRequest* request,
                                                      v1::Machine* response) {
    return m_parts.calls.run(context, "ifrit.v1.Machines/GetMachine",
                             [this, request, response](const Principal&) -> absl::Status {
                                 const auto machine = m_parts.fleet.find(request->uuid());
                                 if (!machine) return unknownMachine(request->uuid());
                                 *response = toWire(*machine);
                                 return absl::OkStatus();
                             });
}

grpc::ServerUnaryReactor* MachinesHandler::ExplainMachine(grpc::CallbackServerContext* context,
                                                          const v1::ExplainMachineRequest* request,
                                                          v1::ExplainMachineResponse* response) {
    return m_parts.calls.run(
        context, "ifrit.v1.Machines/ExplainMachine",
        [this, request, response](const Principal&) -> absl::Status {
            const auto machine = m_parts.fleet.find(request->uuid());
            if (!machine) return unknownMachine(request->uuid());
            // The snapshot that the machine itself is served from.
            const auto snapshot = m_parts.published.current();
            const compose::Answer served = snapshot->answerFor(
                request->uuid(), machine->record->stored.facts.machineType, machine->record->batch);
            const domain::DesiredState state = served.state();
            const auto isAsked = [request](const std::string& agent) {
                return request->agent().empty() || agent.empty() || agent == request->agent();
            };
            std::set<std::string> agents;
            for (const auto& entry : state.entries)
                agents.insert(entry.agent);
            response->set_uuid(request->uuid());
            response->set_generation(state.generation);
            response->set_held_generation(machine->held.generation);
            response->set_holds_entries(machine->held.generation != 0 &&
                                        machine->held.etag == served.etag);
            for (const std::string& agent : agents) {
                if (!isAsked(agent)) continue;
                for (const auto& explained : domain::explain(state, agent)) {
                    auto& out = *response->add_entries();
                    *out.mutable_entry() = codec::toWire(explained.entry);
                    out.set_verdict(codec::toWire(explained.verdict));
                }
            }
            const services::ClusterConditions conditions = m_parts.engine.conditions();
            const auto headOf = [this](const std::string& id) {
                return m_parts.engine.head(id).value_or(nullptr);
            };
            for (const services::HeldBack& one : services::heldBackOf(
                     *machine, state, conditions.get(), m_parts.clock.now(), headOf)) {
                if (!isAsked(one.agent)) continue;
                v1::HeldBack& out = *response->add_held_back();
                out.set_agent(one.agent);
                out.set_reason(one.reason);
                out.set_message(one.message);
                out.set_opens_ms(codec::timeToWire(one.opens));
            }
            return absl::OkStatus();
        });
}

absl::Status MachinesHandler::beginStream(const v1::WatchMachinesRequest& request,
                                          const std::shared_ptr<MachineStream>& stream) {
    IFRIT_ASSIGN_OR_RETURN(auto filter, services::parseMachineFilter(request.filter()));
    IFRIT_RETURN_IF_ERROR(
        stream->begin(std::move(filter), request.resume_token(), m_parts.streamRoom));
    m_parts.ticker.add(std::weak_ptr<Ticked>(stream));
    return absl::OkStatus();
}

grpc::ServerWriteReactor<v1::WatchMachinesResponse>* MachinesHandler::WatchMachines(
    grpc::CallbackServerContext* context, const v1::WatchMachinesRequest* request) {
    auto stream = std::make_shared<MachineStream>(m_parts);
    auto* reactor = MachineStream::adopt(stream);
    const bool taken = m_parts.calls.workers().submit(
        Lane::Operators, [this, context, stream, request = *request] {
            absl::Status status = m_parts.calls.admitStream(
                *context, "ifrit.v1.Machines/WatchMachines", std::weak_ptr<Endable>(stream));
            if (status.ok()) status = beginStream(request, stream);
            if (!status.ok()) stream->end(status);
        });
    if (!taken) stream->end(overloaded());
    return reactor;
}

grpc::ServerUnaryReactor* MachinesHandler::ListMachineEvents(
    grpc::CallbackServerContext* context, const v1::ListMachineEventsRequest* request,
    v1::ListMachineEventsResponse* response) {
    return m_parts.calls.run(
        context, "ifrit.v1.Machines/ListMachineEvents",
        [this, request, response](const Principal&) -> absl::Status {
            if (!m_parts.fleet.find(request->uuid())) return unknownMachine(request->uuid());
            IFRIT_ASSIGN_OR_RETURN(const std::uint64_t before,
                                   numberOfToken(request->page_token(), 0));
            const std::size_t size = pageSize(request->page_size());
            std::vector<services::StoredEvent> events;
            const absl::Status read =
                m_parts.database.read([&](storage::Transaction& in) -> absl::Status {
                    IFRIT_ASSIGN_OR_RETURN(
                        events, in.machines().listEvents(request->uuid(), before, size + 1));
                    return absl::OkStatus();
                });
            IFRIT_RETURN_IF_ERROR(read);
            PageRoom room(size);
            std::uint64_t last = 0;
            for (const auto& event : events) {
                v1::MachineEvent wire = codec::toWire(services::shownEvent(event));
                if (!room.take(wire)) {
                    response->set_next_page_token(std::to_string(last));
                    break;
                }
                *response->add_events() = std::move(wire);
                last = event.id;
            }
            return absl::OkStatus();
        });
}

absl::StatusOr<Touched> MachinesHandler::touchedByClear(
    const v1::ClearKnownBadRequest& request) const {
    IFRIT_RETURN_IF_ERROR(domain::checkAgentName(request.agent()));
    std::set<std::string> types;
    for (const std::string& uuid : request.uuids()) {
        const auto machine = m_parts.fleet.find(uuid);
        if (!machine) return unknownMachine(uuid);
        types.insert(machine->record->stored.facts.machineType);
    }
    return Touched{{"machine.clear-known-bad", request.agent(), {types.begin(), types.end()}},
                   request.agent()};
}

absl::Status MachinesHandler::clearKnownBad(const services::Caller& caller,
                                            const v1::ClearKnownBadRequest& request,
                                            const std::string& digest, std::uint64_t& machines) {
    storage::KnownBadClearsByUuid clears;
    const std::set<std::string> uuids(request.uuids().begin(), request.uuids().end());
    IFRIT_RETURN_IF_ERROR(services::checkExpectation(
        caller.expected, {uuids.size(), m_parts.published.generation()}, request.agent()));
    for (const std::string& uuid : uuids) {
        const auto machine = m_parts.fleet.find(uuid);
        if (!machine) return unknownMachine(uuid);
        const auto report = services::reportOf(*machine->record, request.agent());
        if (!report) continue;
        for (const std::string& bad : report->knownBad) {
            if (digest.empty() || bad == digest) clears[uuid].push_back(services::newClear(bad));
        }
    }
    machines = clears.size();
    const absl::Status written =
        m_parts.database.transact([&](storage::Transaction& in) -> absl::Status {
            IFRIT_RETURN_IF_ERROR(in.machines().putClearsKnownBad(clears));
            auto entry = services::auditEntry(caller, "machine.clear-known-bad", request.agent(),
                                              "allowed", m_parts.clock.now());
            entry.after = clearedJson(clears);
            IFRIT_RETURN_IF_ERROR(m_parts.trail.append(in, entry));
            if (caller.requestId.empty()) return absl::OkStatus();
            return in.requests().put(caller.name, caller.requestId,
                                     {"machine.clear-known-bad", std::to_string(machines)},
                                     m_parts.clock.now());
        });
    IFRIT_RETURN_IF_ERROR(written);
    for (const auto& [uuid, ofOne] : clears) {
        for (const domain::KnownBadClear& clear : ofOne)
            m_parts.clears.add(uuid, clear);
    }
    return absl::OkStatus();
}

grpc::ServerUnaryReactor* MachinesHandler::ClearKnownBad(grpc::CallbackServerContext* context,
                                                         const v1::ClearKnownBadRequest* request,
                                                         v1::ClearKnownBadResponse* response) {
    return m_parts.calls.runChange(
        context, "ifrit.v1.Machines/ClearKnownBad", *request,
        [this, request] { return touchedByClear(*request); },
        [this, request, response](const Principal& who) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(const auto caller, callerOf(who, request->mutation()));
            IFRIT_RETURN_IF_ERROR(domain::checkAgentName(request->agent()));
            IFRIT_RETURN_IF_ERROR(codec::checkCount(
                "uuids", static_cast<std::size_t>(request->uuids_size()), codec::kMaxGrayUuids));
            IFRIT_ASSIGN_OR_RETURN(const std::string digest,
                                   codec::digestFromWire(request->manifest_digest()));
            std::uint64_t machines = 0;
            const absl::Status status =
                m_parts.calls.runOnce({caller,
                                       [&](const services::Caller& c) {
                                           return clearKnownBad(c, *request, digest, machines);
                                       },
                                       [&](const std::string& count) {
                                           machines = std::stoull(count);
                                           return absl::OkStatus();
                                       }},
                                      "machine.clear-known-bad");
            response->set_machines(machines);
            return status;
        });
}

}  // namespace ifrit::master::rpc
