// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>
#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "ifrit/v1/types.pb.h"
#include "master/audit/audit_trail.h"
#include "master/audit/refusal_limit.h"
#include "master/auth/password_login.h"
#include "master/rpc/call_log.h"
#include "master/rpc/gatekeeper.h"
#include "master/rpc/open_streams.h"
#include "master/rpc/relay.h"
#include "master/rpc/worker_pool.h"
#include "master/services/records.h"
#include "master/storage/database.h"

namespace ifrit::master::rpc {

/// The way of every call: who is it, may it, was it made before, do it on the worker pool, audit
/// what was refused. Handlers only say what to do. Thread-safe.
class CallRunner {
public:
    struct Parts {
        Gatekeeper& gatekeeper;
        WorkerPool& workers;
        storage::Database& database;
        const audit::AuditTrail& trail;
        const base::Clock& clock;
        Relay& relay;
        OpenStreams& streams;
        auth::PasswordLogin& logins;
    };
    explicit CallRunner(const Parts& parts) : m_parts(parts), m_log(parts.clock) {}

    using Work = std::function<absl::Status(const Principal&)>;

    /// What the call would change, of a caller whom grants let in. An error of it ends the call:
    /// what it is about is not there, or not named well.
    using Touches = std::function<absl::StatusOr<Touched>()>;

    /// Admits the caller and runs `work` on the worker pool. RESOURCE_EXHAUSTED with a retry time
    /// when that is full.
    grpc::ServerUnaryReactor* run(grpc::CallbackServerContext* context, std::string_view method,
                                  Work work) {
        return run(context, method, {}, std::move(work));
    }
    /// The same for a method whose row names a scope; without `touches` grants open it to nobody.
    grpc::ServerUnaryReactor* run(grpc::CallbackServerContext* context, std::string_view method,
                                  Touches touches, Work work);

    /// The same of a request with a Mutation: what it says stands in the audit row of a refusal.
    template <typename Request>
    grpc::ServerUnaryReactor* runChange(grpc::CallbackServerContext* context,
                                        std::string_view method, const Request& request,
                                        Touches touches, Work work) {
        return runHere({context, method, &request, nullptr, WithoutLeader::Refuse,
                        std::move(touches), std::move(work)});
    }
    template <typename Request>
    grpc::ServerUnaryReactor* runChange(grpc::CallbackServerContext* context,
                                        std::string_view method, const Request& request,
                                        Work work) {
        return runChange(context, method, request, {}, std::move(work));
    }

    /// For the kill switch: runChange() in `lane`, where a caller whom memory lets in waits neither
    /// for other calls nor for the database. Whoever is not let in by it goes the way of run(), as
    /// does the audit of a `work` that failed. `work` must not block on the database.
    template <typename Request>
    grpc::ServerUnaryReactor* runAtOnce(grpc::CallbackServerContext* context, Lane lane,
                                        std::string_view method, const Request& request,
                                        Touches touches, Work work) {
        return runKnown(lane, {context, method, &request, nullptr, WithoutLeader::Refuse,
                               std::move(touches), std::move(work)});
    }

    /// What becomes of a call that no leader answers.
    enum class WithoutLeader {
        Refuse,  ///< UNAVAILABLE (NOT_LEADER, LEADER_AWAY) with a retry time
        Serve    ///< it only reads: as far as this master knows
    };
    /// As run(), at the master that leads: `work` runs here where this one does, else the leader is
    /// passed the request. For whatever the release engine decides.
    template <typename Request, typename Response>
    grpc::ServerUnaryReactor* runAtLeader(grpc::CallbackServerContext* context,
                                          std::string_view method, const Request& request,
                                          Response& response, WithoutLeader without, Work work) {
        return runThere({context, method, &request, &response, without, {}, std::move(work)});
    }
    template <typename Request, typename Response>
    grpc::ServerUnaryReactor* runAtLeader(grpc::CallbackServerContext* context,
                                          std::string_view method, const Request& request,
                                          Response& response, WithoutLeader without,
                                          Touches touches, Work work) {
        return runThere(
            {context, method, &request, &response, without, std::move(touches), std::move(work)});
    }
    Relay& relay() { return m_parts.relay; }

    struct Change {
        services::Caller caller;
        std::function<absl::Status(const services::Caller&)> make;
        /// Answers again what the first call with this request id did to `object`.
        std::function<absl::Status(const std::string& object)> repeat;
    };
    /// Inside `work` of a changing call: once for each request id.
    absl::Status runOnce(const Change& change, std::string_view verb);

    /// For streams: the same admission, on the calling thread, which may block.
    absl::Status admit(const grpc::CallbackServerContext& context, std::string_view method,
                       Principal& caller);
    /// As that, for a call whose request is known: a refusal names what it is about.
    absl::Status admit(grpc::CallbackServerContext& context, std::string_view method,
                       const google::protobuf::Message& request, Principal& caller) {
        return admit(Call{&context, method, &request, nullptr, WithoutLeader::Refuse, {}, {}},
                     caller);
    }
    /// For an operator's stream that may stand for long: admitted, it ends when its caller would
    /// not be let in any more.
    absl::Status admitStream(const grpc::CallbackServerContext& context, std::string_view method,
                             std::weak_ptr<Endable> stream) {
        Principal caller;
        return admitStream(context, method, std::move(stream), OpenStreams::Use::Standing, caller);
    }
    absl::Status admitStream(const grpc::CallbackServerContext& context, std::string_view method,
                             std::weak_ptr<Endable> stream, OpenStreams::Use use,
                             Principal& caller);
    /// For those: whether the caller's grants cover what the call touches; a refusal is audited.
    absl::Status permit(const Principal& caller, const MethodRule& rule, const Touched& touched);
    /// A row for a call that was refused, or that changes something and failed. Of callers who are
    /// no operators at most RefusalLimit; the next row says how many there were beside it.
    void auditRefusal(const Principal& caller, const MethodRule& rule, const absl::Status& status);
    /// A row for what was refused outside the table's verbs; may block.
    void auditRefusal(const Principal& caller, std::string_view verb, const absl::Status& status);
    void auditRefusal(const Principal& caller, const Touched& what, const absl::Status& status);
    WorkerPool& workers() { return m_parts.workers; }

private:
    struct Call {
        grpc::CallbackServerContext* context;
        std::string_view method;
        const google::protobuf::Message* request;  ///< nullptr: it has no Mutation
        google::protobuf::Message* response;       ///< nullptr: it is not passed on
        WithoutLeader without;
        Touches touches;
        Work work;
        base::SteadyTime came = {};  ///< on its way to a thread
    };
    grpc::ServerUnaryReactor* runThere(Call call);
    grpc::ServerUnaryReactor* runHere(Call call);
    void pass(const std::shared_ptr<const Call>& call, const Principal& caller,
              grpc::ServerUnaryReactor* reactor);
    /// As the public one, for a call whose request is known; a refusal names what it touches.
    absl::Status admit(const Call& call, Principal& caller);
    /// Audits and logs what was refused or failed; the status with the id under which it did.
    absl::Status refused(const Call& call, const Principal& caller, absl::Status status);
    /// Ends a call whose caller has gone before it began.
    void giveUp(grpc::ServerUnaryReactor* reactor, const Call& call);
    /// Of a call whose caller waited in vain: with the id that the caller was left with.
    void noteLate(const Call& call, const Principal& caller, const std::string& requestId,
                  std::string_view before) const;
    /// Runs the work of an admitted call, where the caller's grants cover it, and ends it.
    void finish(grpc::ServerUnaryReactor* reactor, const Call& call, const Principal& caller);
    absl::Status permit(const Call& call, const Principal& caller);
    /// The work of a call that is permitted, where its caller says again what it asks for.
    absl::Status perform(const Call& call, Principal caller);
    grpc::ServerUnaryReactor* runKnown(Lane lane, Call call);
    /// What run() does on the pool.
    void admitAndFinish(grpc::ServerUnaryReactor* reactor, const Call& call);
    /// From memory alone; false: admit() and permit() have to say.
    bool letsInKnown(const Call& call, Principal& caller) const;
    /// Nothing is written of what the table has no verb for, of reads that only failed, and of what
    /// Identities audits itself.
    static bool isAudited(const MethodRule& rule, const absl::Status& status);
    /// What a refused call was about, as far as it says so itself.
    static Touched aboutWhat(const Call& call, const MethodRule& rule, const Principal& caller,
                             const absl::Status& status);

    const Parts m_parts;
    CallLog m_log;
    audit::RefusalLimit m_refusals;
    absl::Mutex m_mutex;
    std::set<std::pair<std::string, std::string>> m_inProgress ABSL_GUARDED_BY(m_mutex);
};

/// The caller of a change, with the contract's Mutation; checks its texts.
absl::StatusOr<services::Caller> callerOf(const Principal& principal, const v1::Mutation& mutation);

/// Notes for the audit what a request says of itself, where its texts are sound.
void noteMutation(Principal& principal, const v1::Mutation& mutation);

/// By which a person finds the audit row of an error; the request's own, or a new one.
absl::Status withRequestId(absl::Status status, const Principal& caller);

/// The error of a call that found no room.
absl::Status overloaded();

}  // namespace ifrit::master::rpc
