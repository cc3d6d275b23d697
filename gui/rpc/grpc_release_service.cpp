// SPDX-License-Identifier: Apache-2.0
#include "gui/rpc/grpc_release_service.h"

#include "gui/rpc/decode.h"
#include "gui/rpc/unary_call.h"
#include "gui/rpc/watch_stream.h"
#include "shared/codec/enum_codec.h"
#include "shared/codec/release_codec.h"

namespace ifrit::gui::rpc {
namespace {

using Releases = v1::Releases::StubInterface::async_interface;
using ReleaseStream = WatchStream<v1::Release, services::ReleaseInfo>;

services::ReleaseInfo decodeRelease(v1::Release&& in) {
    return decode(in);
}

absl::StatusOr<Decoded<services::ReleaseInfo>> decodeWatched(v1::Release&& in) {
    Decoded<services::ReleaseInfo> out;
    out.item = decode(in);
    out.final = out.item->ended();
    return out;
}

}  // namespace

services::CallHandle GrpcReleaseService::create(const domain::ReleaseSpec& spec,
                                                const services::Mutation& mutation,
                                                services::Reply<services::ReleaseInfo> reply) {
    v1::CreateReleaseRequest request;
    *request.mutable_mutation() = m_core.toWire(mutation);
    *request.mutable_spec() = codec::toWire(spec);
    return startChange<services::ReleaseInfo>(m_core, &MasterStubs::releases,
                                              &Releases::CreateRelease, std::move(request),
                                              decodeRelease, std::move(reply));
}

services::CallHandle GrpcReleaseService::plan(const std::string& releaseId,
                                              services::Reply<services::ReleasePlan> reply) {
    v1::PlanReleaseRequest request;
    request.set_release_id(releaseId);
    return startUnary<services::ReleasePlan>(
        m_core, Repeat::WhenUnavailable, &MasterStubs::releases, &Releases::PlanRelease,
        std::move(request), [](v1::ReleasePlan&& in) { return decode(in); }, std::move(reply));
}

services::CallHandle GrpcReleaseService::act(const services::ReleaseAct& request,
                                             services::Reply<services::ReleaseInfo> reply) {
    v1::ActOnReleaseRequest out;
    *out.mutable_mutation() = m_core.toWire(request.mutation);
    out.set_release_id(request.releaseId);
    out.set_verb(codec::toWire(request.verb));
    out.set_plan_id(request.planId);
    if (request.seen) {
        out.mutable_seen()->set_stage(codec::toWire(request.seen->kind));
        out.mutable_seen()->set_batch(request.seen->batch);
    }
    if (request.standing) {
        out.mutable_standing()->set_state(codec::toWire(request.standing->state));
        out.mutable_standing()->set_change_revision(request.standing->changeRevision);
    }
    return startChange<services::ReleaseInfo>(m_core, &MasterStubs::releases,
                                              &Releases::ActOnRelease, std::move(out),
                                              decodeRelease, std::move(reply));
}

services::CallHandle GrpcReleaseService::get(const std::string& releaseId,
                                             services::Reply<services::ReleaseInfo> reply) {
    v1::GetReleaseRequest request;
    request.set_release_id(releaseId);
    return startUnary<services::ReleaseInfo>(m_core, Repeat::WhenUnavailable,
                                             &MasterStubs::releases, &Releases::GetRelease,
                                             std::move(request), decodeRelease, std::move(reply));
}

services::CallHandle GrpcReleaseService::list(
    const services::ReleaseQuery& query,
    services::Reply<services::Page<services::ReleaseInfo>> reply) {
    v1::ListReleasesRequest request;
    request.set_agent(query.agent);
    request.set_only_running(query.onlyRunning);
    request.set_page_token(query.page.token);
    request.set_page_size(query.page.size);
    return startUnary<services::Page<services::ReleaseInfo>>(
        m_core, Repeat::WhenUnavailable, &MasterStubs::releases, &Releases::ListReleases,
        std::move(request),
        [](v1::ListReleasesResponse&& in) {
            return decodePage<services::ReleaseInfo>(in.releases(), in.next_page_token());
        },
        std::move(reply));
}

services::CallHandle GrpcReleaseService::machines(
    const services::ReleaseMachinesQuery& query,
    services::Reply<services::Page<services::ReleaseMachine>> reply) {
    v1::ListReleaseMachinesRequest request;
    request.set_release_id(query.releaseId);
    if (query.outcome.has_value()) request.set_outcome(codec::toWire(*query.outcome));
    request.set_page_token(query.page.token);
    request.set_page_size(query.page.size);
    return startUnary<services::Page<services::ReleaseMachine>>(
        m_core, Repeat::WhenUnavailable, &MasterStubs::releases, &Releases::ListReleaseMachines,
        std::move(request),
        [](v1::ListReleaseMachinesResponse&& in) {
            return decodePage<services::ReleaseMachine>(in.machines(), in.next_page_token());
        },
        std::move(reply));
}

services::CallHandle GrpcReleaseService::timeline(
    const std::string& releaseId, const services::PageRequest& page,
    services::Reply<services::Page<services::TimelineEntry>> reply) {
    v1::ListReleaseTimelineRequest request;
    request.set_release_id(releaseId);
    request.set_page_token(page.token);
    request.set_page_size(page.size);
    return startUnary<services::Page<services::TimelineEntry>>(
        m_core, Repeat::WhenUnavailable, &MasterStubs::releases, &Releases::ListReleaseTimeline,
        std::move(request),
        [](v1::ListReleaseTimelineResponse&& in) {
            return decodePage<services::TimelineEntry>(in.entries(), in.next_page_token());
        },
        std::move(reply));
}

services::CallHandle GrpcReleaseService::watch(
    const std::string& releaseId, std::uint64_t atLeast,
    services::StreamObserver<services::ReleaseInfo> observer) {
    auto stream =
        makeWatch<services::ReleaseInfo, v1::Releases::Stub, Releases, v1::WatchReleaseRequest>(
            m_core, Silence::IsNormal, &MasterStubs::releases, &Releases::WatchRelease,
            [releaseId, atLeast](const std::string&) {
                v1::WatchReleaseRequest request;
                request.set_release_id(releaseId);
                request.set_at_least_revision(atLeast);
                return request;
            },
            [] { return ReleaseStream::Reader::Decode(decodeWatched); });
    stream->start(std::move(observer));
    return RpcCore::handleFor(stream);
}

}  // namespace ifrit::gui::rpc
