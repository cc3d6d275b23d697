// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/call_runner.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <optional>

#include "master/audit/secrets.h"
#include "master/rpc/password_again.h"
#include "master/rpc/requested_object.h"
#include "master/services/audit_entry.h"
#include "shared/base/call_details.h"
#include "shared/base/ids.h"
#include "shared/base/status.h"
#include "shared/codec/limits.h"
#include "shared/domain/names.h"
#include "shared/log/request_scope.h"
#include "shared/rpc/deadline.h"
#include "shared/rpc/peer.h"
#include "shared/rpc/status_adapter.h"

namespace ifrit::master::rpc {
namespace {

constexpr std::chrono::milliseconds kRetryAfter{1'000};

bool isLate(const grpc::CallbackServerContext& context) {
    return context.IsCancelled() || ifrit::rpc::timeLeft(context.raw_deadline()).count() < 0;
}

grpc::Status late() {
    return {grpc::StatusCode::DEADLINE_EXCEEDED, "the call's deadline passed before it began"};
}

std::string viaOf(const Principal& principal) {
    return principal.method.empty() ? std::string("none") : principal.method;
}

bool isDenial(const absl::Status& status) {
    return status.code() == absl::StatusCode::kPermissionDenied ||
           status.code() == absl::StatusCode::kUnauthenticated;
}

/// nullopt: the request is of a method that has none.
std::optional<v1::Mutation> mutationOf(const google::protobuf::Message& request) {
    const auto* field = request.GetDescriptor()->FindFieldByName("mutation");
    if (field == nullptr || field->message_type() != v1::Mutation::descriptor())
        return std::nullopt;
    return dynamic_cast<const v1::Mutation&>(request.GetReflection()->GetMessage(request, field));
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

void noteMutation(Principal& principal, const v1::Mutation& mutation) {
    const auto isSound = [](const std::string& text) {
        return codec::checkText("text", text, codec::kMaxShortTextBytes).ok();
    };
    if (domain::checkReason(mutation.reason()).ok())
        principal.reason = audit::withoutSecrets(mutation.reason());
    if (isSound(mutation.via())) principal.via = mutation.via();
    if (isSound(mutation.request_id())) principal.requestId = mutation.request_id();
}

absl::Status withRequestId(absl::Status status, const Principal& caller) {
    if (status.ok() || !base::callDetails(status).requestId.empty()) return status;
    const std::string& own = caller.requestId;
    return base::withCallDetails(std::move(status), {own.empty() ? base::randomUuid() : own});
}

absl::Status CallRunner::admit(const grpc::CallbackServerContext& context, std::string_view method,
                               Principal& caller) {
    const MethodRule* rule = findMethod(method);
    if (rule == nullptr)
        return base::permissionDenied("NOT_ALLOWED", method, "{} is not open to anyone", method);
    caller.requestId = ifrit::rpc::requestId(context);
    const absl::Status status =
        withRequestId(m_parts.gatekeeper.admit(context, *rule, caller), caller);
    if (!status.ok()) auditRefusal(caller, *rule, status);
    return status;
}

absl::Status CallRunner::admit(const Call& call, Principal& caller) {
    const MethodRule* rule = findMethod(call.method);
    if (rule == nullptr || call.request == nullptr)
        return admit(*call.context, call.method, caller);
    const auto mutation = rule->verb.empty() ? std::nullopt : mutationOf(*call.request);
    caller.requestId = ifrit::rpc::requestId(*call.context);
    if (mutation) noteMutation(caller, *mutation);
    absl::Status status = m_parts.gatekeeper.admit(*call.context, *rule, caller);
    if (status.ok()) return status;
    Touched what = aboutWhat(call, *rule, caller, status);
    const bool lacksGrant = caller.kind == Principal::Kind::Operator &&
                            absl::IsPermissionDenied(status) &&
                            Gatekeeper::isHeldToGrants(caller, *rule);
    if (lacksGrant && call.touches) {
        // Of the methods that have many verbs only the request says which one.
        if (const auto touched = call.touches(); touched.ok()) {
            what = *touched;
            const absl::Status named = m_parts.gatekeeper.permit(caller, *touched);
            if (!named.ok()) status = named;
        }
    }
    status = withRequestId(std::move(status), caller);
    if (isAudited(*rule, status)) auditRefusal(caller, what, status);
    return status;
}

absl::Status CallRunner::admitStream(const grpc::CallbackServerContext& context,
                                     std::string_view method, std::weak_ptr<Endable> stream,
                                     OpenStreams::Use use, Principal& caller) {
    IFRIT_RETURN_IF_ERROR(admit(context, method, caller));
    return m_parts.streams.add(caller, std::move(stream), use);
}

absl::Status CallRunner::permit(const Principal& caller, const MethodRule& rule,
                                const Touched& touched) {
    if (!Gatekeeper::isHeldToGrants(caller, rule)) return absl::OkStatus();
    const absl::Status status = withRequestId(m_parts.gatekeeper.permit(caller, touched), caller);
    if (!status.ok()) auditRefusal(caller, touched, status);
    return status;
}

absl::Status CallRunner::permit(const Call& call, const Principal& caller) {
    const MethodRule& rule = *findMethod(call.method);
    if (rule.scope == Scope::None || !Gatekeeper::isHeldToGrants(caller, rule))
        return absl::OkStatus();
    Touched touched{{std::string(rule.verb), {}, {}}, std::string(rule.method)};
    if (call.touches) {
        auto found = call.touches();
        if (!found.ok()) {
            const absl::Status status = withRequestId(found.status(), caller);
            if (isAudited(rule, status))
                auditRefusal(caller, aboutWhat(call, rule, caller, status), status);
            return status;
        }
        touched = *std::move(found);
    }
    return permit(caller, rule, touched);
}

void CallRunner::finish(grpc::ServerUnaryReactor* reactor, const Call& call,
                        const Principal& caller) {
    const log::RequestScope scope(caller.requestId.empty() ? base::randomUuid() : caller.requestId);
    absl::Status status = permit(call, caller);
    if (status.ok()) {
        status = perform(call, caller);
        if (!status.ok()) status = refused(call, caller, status);
    }
    if (isLate(*call.context)) noteLate(call, caller, log::RequestScope::current(), "it was done");
    reactor->Finish(ifrit::rpc::toGrpc(status));
}

absl::Status CallRunner::perform(const Call& call, Principal caller) {
    const MethodRule& rule = *findMethod(call.method);
    if (rule.again != Again::Nothing && call.request != nullptr) {
        const v1::Mutation mutation = mutationOf(*call.request).value_or(v1::Mutation());
        IFRIT_RETURN_IF_ERROR(askPassword(rule, *call.request, mutation, m_parts.logins, caller));
    }
    return call.work(caller);
}

grpc::ServerUnaryReactor* CallRunner::runThere(Call given) {
    grpc::ServerUnaryReactor* reactor = given.context->DefaultReactor();
    given.came = m_parts.clock.steadyNow();
    const auto call = std::make_shared<const Call>(std::move(given));
    const Lane lane = laneOf(call->method);
    const bool taken = m_parts.workers.submit(lane, [this, call, reactor] {
        if (isLate(*call->context)) return giveUp(reactor, *call);
        Principal caller;
        const absl::Status status = admit(*call, caller);
        if (!status.ok()) return reactor->Finish(ifrit::rpc::toGrpc(status));
        // What was passed on once is answered here: two masters that take each other for the
        // leader must not play ball.
        if (!caller.isPassed && m_parts.relay.way() == Relay::Way::Leader)
            return pass(call, caller, reactor);
        finish(reactor, *call, caller);
    });
    if (!taken) reactor->Finish(ifrit::rpc::toGrpc(overloaded()));
    return reactor;
}

void CallRunner::pass(const std::shared_ptr<const Call>& call, const Principal& caller,
                      grpc::ServerUnaryReactor* reactor) {
    m_parts.relay.pass(*call->context, call->method, caller, *call->request, *call->response,
                       [this, call, caller, reactor](const grpc::Status& status) {
                           const bool isAway = status.error_code() == grpc::StatusCode::UNAVAILABLE;
                           if (!isAway || call->without == WithoutLeader::Refuse)
                               return reactor->Finish(status);
                           const bool taken = m_parts.workers.submitAdmitted(
                               laneOf(call->method), [this, call, caller, reactor] {
                                   call->response->Clear();
                                   finish(reactor, *call, caller);
                               });
                           if (!taken) reactor->Finish(status);
                       });
}

grpc::ServerUnaryReactor* CallRunner::run(grpc::CallbackServerContext* context,
                                          std::string_view method, Touches touches, Work work) {
    return runHere({context, method, nullptr, nullptr, WithoutLeader::Refuse, std::move(touches),
                    std::move(work)});
}

grpc::ServerUnaryReactor* CallRunner::runHere(Call given) {
    grpc::ServerUnaryReactor* reactor = given.context->DefaultReactor();
    const Lane lane = laneOf(given.method);
    given.came = m_parts.clock.steadyNow();
    const bool taken = m_parts.workers.submit(
        lane, [this, call = std::move(given), reactor] { admitAndFinish(reactor, call); });
    if (!taken) reactor->Finish(ifrit::rpc::toGrpc(overloaded()));
    return reactor;
}

void CallRunner::admitAndFinish(grpc::ServerUnaryReactor* reactor, const Call& call) {
    if (isLate(*call.context)) return giveUp(reactor, call);
    Principal caller;
    const absl::Status status = admit(call, caller);
    if (!status.ok()) return reactor->Finish(ifrit::rpc::toGrpc(status));
    finish(reactor, call, caller);
}

void CallRunner::giveUp(grpc::ServerUnaryReactor* reactor, const Call& call) {
    const Principal unknown;
    noteLate(call, unknown, ifrit::rpc::requestId(*call.context), "it had begun");
    reactor->Finish(late());
}

void CallRunner::noteLate(const Call& call, const Principal& caller, const std::string& requestId,
                          std::string_view before) const {
    m_log.late({call.method, call.came, requestId, before}, caller,
               caller.address.empty() ? ifrit::rpc::peerAddress(*call.context) : caller.address);
}

bool CallRunner::letsInKnown(const Call& call, Principal& caller) const {
    const MethodRule& rule = *findMethod(call.method);
    if (const auto mutation = mutationOf(*call.request)) noteMutation(caller, *mutation);
    if (!m_parts.gatekeeper.admitKnown(*call.context, rule, caller)) return false;
    if (rule.scope == Scope::None || !Gatekeeper::isHeldToGrants(caller, rule)) return true;
    if (!call.touches) return false;
    const auto touched = call.touches();
    return touched.ok() && m_parts.gatekeeper.permit(caller, *touched).ok();
}

grpc::ServerUnaryReactor* CallRunner::runKnown(Lane lane, Call given) {
    grpc::ServerUnaryReactor* reactor = given.context->DefaultReactor();
    given.came = m_parts.clock.steadyNow();
    const auto call = std::make_shared<const Call>(std::move(given));
    // What may block goes where it keeps no other kill switch waiting.
    const auto later = [this, reactor, call](std::function<void()> step) {
        if (!m_parts.workers.submit(laneOf(call->method), std::move(step)))
            reactor->Finish(ifrit::rpc::toGrpc(overloaded()));
    };
    const auto atOnce = [this, reactor, later, call] {
        if (isLate(*call->context)) return giveUp(reactor, *call);
        Principal caller;
        if (!letsInKnown(*call, caller))
            return later([this, reactor, call] { admitAndFinish(reactor, *call); });
        const log::RequestScope scope(base::randomUuid());
        const absl::Status status = call->work(caller);
        if (status.ok()) return reactor->Finish(grpc::Status::OK);
        later([this, reactor, call, caller, status] {
            reactor->Finish(ifrit::rpc::toGrpc(refused(*call, caller, status)));
        });
    };
    if (!m_parts.workers.submit(lane, atOnce)) reactor->Finish(ifrit::rpc::toGrpc(overloaded()));
    return reactor;
}

absl::Status CallRunner::refused(const Call& call, const Principal& caller, absl::Status status) {
    const MethodRule& rule = *findMethod(call.method);
    if (base::callDetails(status).requestId.empty())
        status = base::withCallDetails(status, {log::RequestScope::current(), {}, 0, 0});
    const log::RequestScope scope(base::callDetails(status).requestId);
    if (isAudited(rule, status)) {
        Touched what = aboutWhat(call, rule, caller, status);
        if (permissionsOf(rule).size() > 1 && call.touches) {
            if (auto touched = call.touches(); touched.ok()) what = *std::move(touched);
        }
        auditRefusal(caller, what, status);
    }
    m_log.failed(call.method, rule, caller, status);
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

bool CallRunner::isAudited(const MethodRule& rule, const absl::Status& status) {
    if (rule.verb.empty() || rule.access == Access::Anyone) return false;
    return rule.effect == Effect::Write || isDenial(status);
}

void CallRunner::auditRefusal(const Principal& caller, const MethodRule& rule,
                              const absl::Status& status) {
    if (isAudited(rule, status)) auditRefusal(caller, rule.verb, status);
}

void CallRunner::auditRefusal(const Principal& caller, std::string_view verb,
                              const absl::Status& status) {
    auditRefusal(caller, Touched{{std::string(verb), {}, {}}, base::errorInfo(status).subject},
                 status);
}

Touched CallRunner::aboutWhat(const Call& call, const MethodRule& rule, const Principal& caller,
                              const absl::Status& status) {
    Touched out{{std::string(rule.verb), {}, {}}, {}};
    if (call.request != nullptr) out.object = requestedObject(call.method, *call.request);
    if (out.object.empty() && rule.scope == Scope::Own) out.object = caller.name;
    // What the error is about is often another thing: the caller, or a name in a list.
    if (out.object.empty()) out.object = base::errorInfo(status).subject;
    return out;
}

void CallRunner::auditRefusal(const Principal& caller, const Touched& what,
                              const absl::Status& status) {
    std::uint64_t leftOut = 0;
    if (caller.kind == Principal::Kind::Nobody || caller.kind == Principal::Kind::Machine) {
        const auto taken = m_refusals.take(sourceOf(caller), m_parts.clock.steadyNow());
        if (!taken) return;
        leftOut = *taken;
    }
    services::Caller who;
    who.name = caller.name.empty() ? "unknown" : caller.name;
    who.address = caller.address;
    who.via = caller.via.empty() ? viaOf(caller) : caller.via;
    who.reason = caller.reason;
    who.requestId = base::callDetails(status).requestId;
    // A method of the contract is nothing that somebody would look for.
    const std::string object = findMethod(what.object) == nullptr ? what.object : "";
    services::AuditEntry entry = services::auditEntry(
        who, what.touch.verb, object, isDenial(status) ? "denied" : "failed", m_parts.clock.now());
    entry.error = base::messageOf(status);
    if (leftOut > 0) entry.error += fmt::format("; {} more were refused before it", leftOut);
    const absl::Status written = m_parts.database.transact(
        [&entry, this](storage::Transaction& in) { return m_parts.trail.append(in, entry); });
    if (!written.ok())
        spdlog::error("a refused {} could not be audited: {}", what.touch.verb,
                      base::messageOf(written));
}

}  // namespace ifrit::master::rpc
