// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/releases_handler.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "master/rpc/paging.h"
#include "master/rpc/push_stream.h"
#include "master/rpc/release_wire.h"
#include "shared/base/status.h"
#include "shared/codec/enum_codec.h"
#include "shared/codec/release_codec.h"
#include "shared/domain/enum_names.h"

namespace ifrit::master::rpc {
namespace {

constexpr std::chrono::milliseconds kWatchInterval{500};

v1::Release wireOf(const release::Model& model, const ReleasesHandler::Parts& parts) {
    return toWire(model, parts.clock.now(), parts.fleet.size(), parts.engine);
}

/// The release when it changed, at most twice a second; ends after a final state.
class ReleaseStream final : public PushStream<v1::Release> {
public:
    explicit ReleaseStream(const ReleasesHandler::Parts& parts)
        : m_engine(parts.engine), m_fleet(parts.fleet), m_clock(parts.clock) {}
    void begin(const v1::WatchReleaseRequest& request) {
        m_id = request.release_id();
        m_atLeast = request.at_least_revision();
        open();
    }

protected:
    bool fill(v1::Release& out) override {
        if (m_last && m_clock.now() - *m_last < kWatchInterval) return false;
        const auto model = m_engine.head(m_id);
        if (!model.ok()) {
            end(model.status());
            return false;
        }
        // What the leader answered to a verb has not come here yet.
        const release::Model& now = **model;
        if (now.release.revision < m_atLeast) return false;
        v1::Release next = toWire(now, m_clock.now(), m_fleet.size(), m_engine);
        if (next.etag() == m_etag) return false;
        m_etag = next.etag();
        m_last = m_clock.now();
        out = std::move(next);
        if (!release::isActive(now.release.state)) end(absl::OkStatus());
        return true;
    }

private:
    services::ReleaseEngine& m_engine;
    const services::Fleet& m_fleet;
    const base::Clock& m_clock;
    std::string m_id;
    std::uint64_t m_atLeast = 0;
    std::string m_etag;
    std::optional<base::WallTime> m_last;
};

}  // namespace

grpc::ServerUnaryReactor* ReleasesHandler::CreateRelease(grpc::CallbackServerContext* context,
                                                         const v1::CreateReleaseRequest* request,
                                                         v1::Release* response) {
    return m_parts.calls.runAtLeader(
        context, "ifrit.v1.Releases/CreateRelease", *request, *response,
        CallRunner::WithoutLeader::Refuse,
        [request]() -> absl::StatusOr<Touched> {
            IFRIT_ASSIGN_OR_RETURN(const auto spec, codec::fromWire(request->spec()));
            return Touched{{"release.create", spec.agent, spec.machineTypes}, spec.agent};
        },
        [this, request, response](const Principal& who) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(const auto caller, callerOf(who, request->mutation()));
            IFRIT_ASSIGN_OR_RETURN(const auto spec, codec::fromWire(request->spec()));
            const auto answer = [this, response](const absl::StatusOr<release::Model>& model) {
                if (model.ok()) *response = wireOf(*model, m_parts);
                return model.status();
            };
            const auto again = [this, response](const std::string& id) -> absl::Status {
                IFRIT_ASSIGN_OR_RETURN(const auto head, m_parts.engine.head(id));
                *response = wireOf(*head, m_parts);
                return absl::OkStatus();
            };
            return m_parts.calls.runOnce(
                {caller,
                 [&](const services::Caller& c) { return answer(m_parts.engine.create(c, spec)); },
                 again},
                "release.create");
        });
}

grpc::ServerUnaryReactor* ReleasesHandler::PlanRelease(grpc::CallbackServerContext* context,
                                                       const v1::PlanReleaseRequest* request,
                                                       v1::ReleasePlan* response) {
    return m_parts.calls.runAtLeader(
        context, "ifrit.v1.Releases/PlanRelease", *request, *response,
        CallRunner::WithoutLeader::Refuse,
        [this, request, response](const Principal&) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(const auto plan, m_parts.engine.plan(request->release_id()));
            *response = toWire(plan, request->release_id());
            return absl::OkStatus();
        });
}

grpc::ServerUnaryReactor* ReleasesHandler::ActOnRelease(grpc::CallbackServerContext* context,
                                                        const v1::ActOnReleaseRequest* request,
                                                        v1::Release* response) {
    return m_parts.calls.runAtLeader(
        context, "ifrit.v1.Releases/ActOnRelease", *request, *response,
        CallRunner::WithoutLeader::Refuse,
        [this, request]() -> absl::StatusOr<Touched> {
            IFRIT_ASSIGN_OR_RETURN(const auto verb, codec::fromWire(request->verb()));
            IFRIT_ASSIGN_OR_RETURN(const auto model, m_parts.engine.head(request->release_id()));
            // Of the release as it is, not of what the call says about it.
            return Touched{{fmt::format("release.{}", domain::nameOf(verb)),
                            model->release.spec.agent, model->release.spec.machineTypes},
                           model->release.id};
        },
        [this, request, response](const Principal& who) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(auto caller, callerOf(who, request->mutation()));
            IFRIT_ASSIGN_OR_RETURN(const auto verb, codec::fromWire(request->verb()));
            if (request->has_seen()) {
                IFRIT_ASSIGN_OR_RETURN(const auto stage, codec::fromWire(request->seen().stage()));
                caller.expected.stage = release::StageKey{stage, request->seen().batch()};
            }
            if (request->has_standing()) {
                const v1::SeenStanding& seen = request->standing();
                IFRIT_ASSIGN_OR_RETURN(const auto state, codec::fromWire(seen.state()));
                caller.expected.standing = {state, seen.change_revision()};
            }
            const auto answer = [this, response](const absl::StatusOr<release::Model>& model) {
                if (model.ok()) *response = wireOf(*model, m_parts);
                return model.status();
            };
            const auto again = [this, response](const std::string& id) -> absl::Status {
                IFRIT_ASSIGN_OR_RETURN(const auto head, m_parts.engine.head(id));
                *response = wireOf(*head, m_parts);
                return absl::OkStatus();
            };
            return m_parts.calls.runOnce(
                {caller,
                 [&](const services::Caller& c) {
                     return answer(
                         m_parts.engine.act(c, request->release_id(), verb, request->plan_id()));
                 },
                 again},
                fmt::format("release.{}", domain::nameOf(verb)));
        });
}

grpc::ServerUnaryReactor* ReleasesHandler::GetRelease(grpc::CallbackServerContext* context,
                                                      const v1::GetReleaseRequest* request,
                                                      v1::Release* response) {
    return m_parts.calls.runAtLeader(
        context, "ifrit.v1.Releases/GetRelease", *request, *response,
        CallRunner::WithoutLeader::Serve,
        [this, request, response](const Principal&) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(const auto model, m_parts.engine.head(request->release_id()));
            *response = wireOf(*model, m_parts);
            return absl::OkStatus();
        });
}

grpc::ServerUnaryReactor* ReleasesHandler::ListReleases(grpc::CallbackServerContext* context,
                                                        const v1::ListReleasesRequest* request,
                                                        v1::ListReleasesResponse* response) {
    return m_parts.calls.runAtLeader(
        context, "ifrit.v1.Releases/ListReleases", *request, *response,
        CallRunner::WithoutLeader::Serve,
        [this, request, response](const Principal&) -> absl::Status {
            // Newest first by number; the token is the last number that was shown.
            IFRIT_ASSIGN_OR_RETURN(const std::uint64_t below,
                                   numberOfToken(request->page_token(), UINT64_MAX));
            const auto all = m_parts.engine.list();
            PageRoom room(pageSize(request->page_size()));
            for (const release::Head& head : all) {
                const auto& release = head->release;
                const bool fits =
                    release.number < below &&
                    (request->agent().empty() || release.spec.agent == request->agent()) &&
                    (!request->only_running() || release::isRunning(release.state));
                if (!fits) continue;
                v1::Release wire = wireOf(*head, m_parts);
                if (!room.take(wire)) {
                    response->set_next_page_token(
                        std::to_string(response->releases(response->releases_size() - 1).number()));
                    break;
                }
                *response->add_releases() = std::move(wire);
            }
            return absl::OkStatus();
        });
}

grpc::ServerUnaryReactor* ReleasesHandler::ListReleaseMachines(
    grpc::CallbackServerContext* context, const v1::ListReleaseMachinesRequest* request,
    v1::ListReleaseMachinesResponse* response) {
    return m_parts.calls.runAtLeader(
        context, "ifrit.v1.Releases/ListReleaseMachines", *request, *response,
        CallRunner::WithoutLeader::Serve,
        [this, request, response](const Principal&) -> absl::Status {
            const std::size_t size = pageSize(request->page_size());
            // By uuid; the token is the last one that was shown. One more says whether there are.
            storage::ProgressPage page{request->page_token(), std::nullopt, size + 1};
            if (request->outcome() != v1::OUTCOME_UNSPECIFIED) {
                IFRIT_ASSIGN_OR_RETURN(page.outcome, codec::fromWire(request->outcome()));
            }
            IFRIT_ASSIGN_OR_RETURN(auto machines,
                                   m_parts.engine.machines(request->release_id(), page));
            PageRoom room(size);
            for (const release::MachineProgress& machine : machines) {
                v1::ReleaseMachine wire = toWire(machine);
                if (!room.take(wire)) {
                    response->set_next_page_token(
                        response->machines(response->machines_size() - 1).uuid());
                    break;
                }
                *response->add_machines() = std::move(wire);
            }
            return absl::OkStatus();
        });
}

grpc::ServerUnaryReactor* ReleasesHandler::ListReleaseTimeline(
    grpc::CallbackServerContext* context, const v1::ListReleaseTimelineRequest* request,
    v1::ListReleaseTimelineResponse* response) {
    return m_parts.calls.runAtLeader(
        context, "ifrit.v1.Releases/ListReleaseTimeline", *request, *response,
        CallRunner::WithoutLeader::Serve,
        [this, request, response](const Principal&) -> absl::Status {
            IFRIT_ASSIGN_OR_RETURN(const auto model, m_parts.engine.head(request->release_id()));
            IFRIT_ASSIGN_OR_RETURN(const std::uint64_t first,
                                   numberOfToken(request->page_token(), 0));
            std::vector<release::TimelineNote> notes;
            const absl::Status read =
                m_parts.database.read([&](storage::Transaction& in) -> absl::Status {
                    IFRIT_ASSIGN_OR_RETURN(notes, in.releases().loadTimeline(model->release.id));
                    return absl::OkStatus();
                });
            IFRIT_RETURN_IF_ERROR(read);
            PageRoom room(pageSize(request->page_size()));
            for (std::size_t i = first; i < notes.size(); ++i) {
                v1::TimelineEntry entry;
                entry.set_at_ms(base::toUnixMillis(notes[i].at));
                entry.set_what(notes[i].what);
                entry.set_actor(notes[i].actor);
                entry.set_message(notes[i].message);
                if (!room.take(entry)) {
                    response->set_next_page_token(std::to_string(i));
                    break;
                }
                *response->add_entries() = std::move(entry);
            }
            return absl::OkStatus();
        });
}

grpc::ServerWriteReactor<v1::Release>* ReleasesHandler::WatchRelease(
    grpc::CallbackServerContext* context, const v1::WatchReleaseRequest* request) {
    auto stream = std::make_shared<ReleaseStream>(m_parts);
    auto* reactor = ReleaseStream::adopt(stream);
    m_parts.ticker.add(std::weak_ptr<Ticked>(stream));
    const bool taken = m_parts.calls.workers().submit(
        Lane::Operators, [this, context, stream, request = *request] {
            absl::Status status = m_parts.calls.admitStream(
                *context, "ifrit.v1.Releases/WatchRelease", std::weak_ptr<Endable>(stream));
            if (status.ok()) status = m_parts.engine.hearOf(request.release_id());
            if (status.ok())
                stream->begin(request);
            else
                stream->end(status);
        });
    if (!taken) stream->end(overloaded());
    return reactor;
}

}  // namespace ifrit::master::rpc
