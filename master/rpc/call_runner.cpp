// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/call_runner.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <chrono>

#include "master/audit/secrets.h"
#include "master/services/audit_entry.h"
#include "shared/base/call_details.h"
#include "shared/base/ids.h"
#include "shared/base/status.h"
#include "shared/codec/limits.h"
#include "shared/domain/names.h"
#include "shared/log/request_scope.h"
#include "shared/rpc/status_adapter.h"

namespace ifrit::master::rpc {
namespace {

constexpr std::chrono::milliseconds kRetryAfter{1'000};

bool isLate(const grpc::CallbackServerContext& context) {
    return context.IsCancelled() || std::chrono::system_clock::now() > context.deadline();
}

grpc::Status late() {
    return {grpc::StatusCode::DEADLINE_EXCEEDED, "the call's deadline passed before it began"};
}

std::string viaOf(const Principal& principal) {
    return principal.method.empty() ? std::string("none") : principal.method;
}

/// Who is behind a refused call: the machine, or of strangers the host.
std::string sourceOf(const Principal& caller) {
    if (caller.kind == Principal::Kind::Machine) return caller.name;
    return caller.address.substr(0, caller.address.rfind(':'));
}

}  // namespace

absl::Status overloaded() {
    return base::withCallDetails(
        base::makeError(absl::StatusCode::kResourceExhausted, "OVERLOADED", "",
                        "the master has more calls than it can take now; try again later"),
        {{}, kRetryAfter, 0, 0});
}

absl::StatusOr<services::Caller> callerOf(const Principal& principal,
                                          const v1::Mutation& mutation) {
    IFRIT_RETURN_IF_ERROR(domain::checkReason(mutation.reason()));
    IFRIT_RETURN_IF_ERROR(
        codec::checkText("request_id", mutation.request_id(), codec::kMaxShortTextBytes));
    IFRIT_RETURN_IF_ERROR(codec::checkText("via", mutation.via(), codec::kMaxShortTextBytes));
    services::Caller out;
    out.name = principal.name;
    out.address = principal.address;
    out.via = mutation.via().empty() ? viaOf(principal) : mutation.via();
    out.requestId = mutation.request_id();
    // Kept in more places than the audit, which masks its own: a freeze, a release, a grant.
    out.reason = audit::withoutSecrets(mutation.reason());
    if (mutation.expect_count()) out.expected.machines = mutation.expected_count();
    out.expected.generation = mutation.resolved_at_generation();
    return out;
}

absl::Status CallRunner::admit(const grpc::CallbackServerContext& context, std::string_view method,
                               Principal& caller) {
    const MethodRule* rule = findMethod(method);
    if (rule == nullptr)
        return base::permissionDenied("NOT_ALLOWED", method, "{} is not open to anyone", method);
    const absl::Status status = m_parts.gatekeeper.admit(context, *rule, caller);
    if (!status.ok()) auditRefusal(caller, *rule, status);
    return status;
}

absl::Status CallRunner::admitStream(const grpc::CallbackServerContext& context,
                                     std::string_view method, std::weak_ptr<Endable> stream,
                                     Principal& caller) {
    IFRIT_RETURN_IF_ERROR(admit(context, method, caller));
    return m_parts.streams.add(caller, std::move(stream), OpenStreams::Use::Passing);
}

absl::Status CallRunner::permit(const Principal& caller, const MethodRule& rule,
                                const Touched& touched) {
    if (!Gatekeeper::isHeldToGrants(caller, rule)) return absl::OkStatus();
    const absl::Status status = m_parts.gatekeeper.permit(caller, touched);
    if (!status.ok()) auditRefusal(caller, touched.touch.verb, status);
    return status;
}

absl::Status CallRunner::permit(const Principal& caller, const MethodRule& rule,
                                const Touches& touches) {
    if (rule.scope == Scope::None || !Gatekeeper::isHeldToGrants(caller, rule))
        return absl::OkStatus();
    Touched touched{{std::string(rule.verb), {}, {}}, std::string(rule.method)};
    if (touches) {
        auto found = touches();
        if (!found.ok()) {
            auditRefusal(caller, rule, found.status());
            return found.status();
        }
        touched = *std::move(found);
    }
    return permit(caller, rule, touched);
}

void CallRunner::finish(grpc::ServerUnaryReactor* reactor, std::string_view method,
                        const Principal& caller, const Touches& touches, const Work& work) {
    const MethodRule& rule = *findMethod(method);
    const log::RequestScope scope(base::randomUuid());
    absl::Status status = permit(caller, rule, touches);
    if (status.ok()) {
        status = work(caller);
        if (!status.ok()) status = refused(caller, method, status);
    }
    reactor->Finish(ifrit::rpc::toGrpc(status));
}

grpc::ServerUnaryReactor* CallRunner::runThere(LeaderCall given) {
    grpc::ServerUnaryReactor* reactor = given.context->DefaultReactor();
    const auto call = std::make_shared<const LeaderCall>(std::move(given));
    const Lane lane = laneOf(call->method);
    const bool taken = m_parts.workers.submit(lane, [this, call, reactor] {
        if (isLate(*call->context)) return reactor->Finish(late());
        Principal caller;
        const absl::Status status = admit(*call->context, call->method, caller);
        if (!status.ok()) return reactor->Finish(ifrit::rpc::toGrpc(status));
        // What was passed on once is answered here: two masters that take each other for the
        // leader must not play ball.
        if (!caller.isPassed && m_parts.relay.way() == Relay::Way::Leader)
            return pass(call, caller, reactor);
        finish(reactor, call->method, caller, call->touches, call->work);
    });
    if (!taken) reactor->Finish(ifrit::rpc::toGrpc(overloaded()));
    return reactor;
}

void CallRunner::pass(const std::shared_ptr<const LeaderCall>& call, const Principal& caller,
                      grpc::ServerUnaryReactor* reactor) {
    m_parts.relay.pass(*call->context, call->method, caller, *call->request, *call->response,
                       [this, call, caller, reactor](const grpc::Status& status) {
                           const bool isAway = status.error_code() == grpc::StatusCode::UNAVAILABLE;
                           if (!isAway || call->without == WithoutLeader::Refuse)
                               return reactor->Finish(status);
                           const bool taken = m_parts.workers.submitAdmitted(
                               laneOf(call->method), [this, call, caller, reactor] {
                                   call->response->Clear();
                                   finish(reactor, call->method, caller, call->touches, call->work);
                               });
                           if (!taken) reactor->Finish(status);
                       });
}

grpc::ServerUnaryReactor* CallRunner::run(grpc::CallbackServerContext* context,
                                          std::string_view method, Touches touches, Work work) {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    const bool taken = m_parts.workers.submit(
        laneOf(method),
        [this, context, reactor, method, touched = std::move(touches), doIt = std::move(work)] {
            admitAndFinish(context, reactor, method, touched, doIt);
        });
    if (!taken) reactor->Finish(ifrit::rpc::toGrpc(overloaded()));
    return reactor;
}

void CallRunner::admitAndFinish(grpc::CallbackServerContext* context,
                                grpc::ServerUnaryReactor* reactor, std::string_view method,
                                const Touches& touches, const Work& work) {
    if (isLate(*context)) return reactor->Finish(late());
    Principal caller;
    const absl::Status status = admit(*context, method, caller);
    if (!status.ok()) return reactor->Finish(ifrit::rpc::toGrpc(status));
    finish(reactor, method, caller, touches, work);
}

bool CallRunner::letsInKnown(const grpc::CallbackServerContext& context, const MethodRule& rule,
                             const Touches& touches, Principal& caller) const {
    if (!m_parts.gatekeeper.admitKnown(context, rule, caller)) return false;
    if (rule.scope == Scope::None || !Gatekeeper::isHeldToGrants(caller, rule)) return true;
    if (!touches) return false;
    const auto touched = touches();
    return touched.ok() && m_parts.gatekeeper.permit(caller, *touched).ok();
}

grpc::ServerUnaryReactor* CallRunner::runAtOnce(grpc::CallbackServerContext* context, Lane lane,
                                                std::string_view method, Touches touches,
                                                Work work) {
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    // What may block goes where it keeps no other kill switch waiting.
    const auto later = [this, reactor, method](std::function<void()> step) {
        if (!m_parts.workers.submit(laneOf(method), std::move(step)))
            reactor->Finish(ifrit::rpc::toGrpc(overloaded()));
    };
    const auto atOnce = [this, context, reactor, method, later, touched = std::move(touches),
                         doIt = std::move(work)] {
        if (isLate(*context)) return reactor->Finish(late());
        Principal caller;
        if (!letsInKnown(*context, *findMethod(method), touched, caller)) {
            return later([this, context, reactor, method, touched, doIt] {
                admitAndFinish(context, reactor, method, touched, doIt);
            });
        }
        const log::RequestScope scope(base::randomUuid());
        const absl::Status status = doIt(caller);
        if (status.ok()) return reactor->Finish(grpc::Status::OK);
        later([this, reactor, method, caller, status] {
            reactor->Finish(ifrit::rpc::toGrpc(refused(caller, method, status)));
        });
    };
    if (!m_parts.workers.submit(lane, atOnce)) reactor->Finish(ifrit::rpc::toGrpc(overloaded()));
    return reactor;
}

absl::Status CallRunner::refused(const Principal& caller, std::string_view method,
                                 absl::Status status) {
    const MethodRule& rule = *findMethod(method);
    if (base::callDetails(status).requestId.empty())
        status = base::withCallDetails(status, {log::RequestScope::current(), {}, 0, 0});
    const log::RequestScope scope(base::callDetails(status).requestId);
    auditRefusal(caller, rule, status);
    // What only reads may fail as often as somebody asks.
    spdlog::log(rule.verb.empty() ? spdlog::level::debug : spdlog::level::info,
                "{} by {} from {} failed: {}", method, caller.name.empty() ? "nobody" : caller.name,
                caller.address, base::messageOf(status));
    return status;
}

absl::Status CallRunner::runOnce(const Change& change, std::string_view verb) {
    const services::Caller& caller = change.caller;
    if (caller.requestId.empty()) return change.make(caller);
    const log::RequestScope scope(caller.requestId);
    const auto key = std::make_pair(caller.name, caller.requestId);
    {
        absl::MutexLock lock(&m_mutex);
        if (!m_inProgress.insert(key).second) {
            return base::makeError(absl::StatusCode::kAborted, "REQUEST_IN_PROGRESS",
                                   caller.requestId,
                                   "the same request is being worked on; ask again for its answer");
        }
    }
    std::optional<services::RequestRecord> before;
    absl::Status status = m_parts.database.read([&](storage::Transaction& in) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(before, in.requests().find(caller.name, caller.requestId));
        return absl::OkStatus();
    });
    if (status.ok() && !before) status = change.make(caller);
    if (status.ok() && before) {
        status = before->verb == verb
                     ? change.repeat(before->object)
                     : base::invalidArgument("REQUEST_ID_REUSED", caller.requestId,
                                             "this request id was used for {} {}; make a new one",
                                             before->verb, before->object);
    }
    absl::MutexLock lock(&m_mutex);
    m_inProgress.erase(key);
    return base::withCallDetails(status, {caller.requestId, {}, 0, 0});
}

void CallRunner::auditRefusal(const Principal& caller, const MethodRule& rule,
                              const absl::Status& status) {
    // Identities audits login and enrolment itself, with what it knows of them.
    if (rule.verb.empty() || rule.access == Access::Anyone) return;
    const bool isDenied = status.code() == absl::StatusCode::kPermissionDenied ||
                          status.code() == absl::StatusCode::kUnauthenticated;
    if (rule.effect == Effect::Read && !isDenied) return;
    auditRefusal(caller, rule.verb, status);
}

void CallRunner::auditRefusal(const Principal& caller, std::string_view verb,
                              const absl::Status& status) {
    std::uint64_t leftOut = 0;
    if (caller.kind == Principal::Kind::Nobody || caller.kind == Principal::Kind::Machine) {
        const auto taken = m_refusals.take(sourceOf(caller), m_parts.clock.steadyNow());
        if (!taken) return;
        leftOut = *taken;
    }
    const bool denied = status.code() == absl::StatusCode::kPermissionDenied ||
                        status.code() == absl::StatusCode::kUnauthenticated;
    services::Caller who;
    who.name = caller.name.empty() ? "unknown" : caller.name;
    who.address = caller.address;
    who.via = viaOf(caller);
    who.requestId = base::callDetails(status).requestId;
    services::AuditEntry entry =
        services::auditEntry(who, std::string(verb), base::errorInfo(status).subject,
                             denied ? "denied" : "failed", m_parts.clock.now());
    entry.error = base::messageOf(status);
    if (leftOut > 0) entry.error += fmt::format("; {} more were refused before it", leftOut);
    const absl::Status written = m_parts.database.transact(
        [&entry, this](storage::Transaction& in) { return m_parts.trail.append(in, entry); });
    if (!written.ok())
        spdlog::error("a refused {} could not be audited: {}", verb, base::messageOf(written));
    else
        m_parts.events.publish(services::EventKind::AuditAppended, entry.verb);
}

}  // namespace ifrit::master::rpc
