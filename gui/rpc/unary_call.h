// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/client_context.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <utility>

#include "gui/rpc/rpc_core.h"
#include "gui/services/call.h"
#include "shared/base/ids.h"
#include "shared/rpc/channel.h"
#include "shared/rpc/line_fault.h"
#include "shared/rpc/status_adapter.h"

namespace ifrit::gui::rpc {

enum class Repeat {
    WhenUnavailable,  ///< reads: again with back-off, at the next master
    Never             ///< changes: the master may have done it already
};

/// One unary call with its repetitions. All members are used on the session's thread; gRPC's
/// thread touches only the Attempt that its callback owns.
template <typename Request, typename Response, typename Out>
class UnaryCall final : public LiveCall,
                        public std::enable_shared_from_this<UnaryCall<Request, Response, Out>> {
public:
    using Invoke = std::function<void(MasterStubs&, grpc::ClientContext*, const Request*, Response*,
                                      std::function<void(grpc::Status)>)>;
    using Decode = std::function<absl::StatusOr<Out>(Response&&)>;
    /// Whether the answer is not whole yet: then the request asks for what follows.
    using More = std::function<absl::StatusOr<bool>(Request&, Response&)>;

    UnaryCall(RpcCore& core, Repeat repeat, Invoke invoke, Request request)
        : m_core(core),
          m_repeat(repeat),
          m_invoke(std::move(invoke)),
          m_request(std::move(request)),
          m_requestId(repeat == Repeat::WhenUnavailable ? base::randomUuid() : std::string()),
          m_backoff(core.options.unaryBackoff, core.random) {}

    void start(Decode decode, services::Reply<Out> reply, More more = nullptr) {
        m_decode = std::move(decode);
        m_more = std::move(more);
        m_reply = std::move(reply);
        m_until = m_core.clock.steadyNow() + m_core.profile.deadline;
        m_core.registry.add(this->shared_from_this());
        attempt();
    }

    /// A question is asked again at the other master; a change stays where it is, for it may have
    /// been done.
    void lineLeft(const std::shared_ptr<MasterStubs>& stubs) override {
        if (m_repeat == Repeat::Never || !m_attempt || !m_attempt->stubs->isSameMaster(*stubs))
            return;
        m_attempt->context.TryCancel();
        m_attempt.reset();
        attempt();
    }

    void cancel() override {
        const auto self = this->shared_from_this();
        m_reply = nullptr;
        if (m_attempt) m_attempt->context.TryCancel();
        m_attempt.reset();
        m_core.registry.remove(self);
    }

private:
    struct Attempt {
        grpc::ClientContext context;
        Response response;
        std::shared_ptr<MasterStubs> stubs;
    };

    void attempt() {
        m_core.masters.find(left(), [self = this->shared_from_this()](
                                        const absl::StatusOr<std::shared_ptr<MasterStubs>>& stubs) {
            if (!self->m_reply) return;
            if (stubs.ok()) return self->ask(*stubs);
            // Found out at once or later: never told from inside the call.
            self->m_core.hop->post([self, status = stubs.status()] { self->finish(status); });
        });
    }

    void ask(const std::shared_ptr<MasterStubs>& stubs) {
        auto attempt = std::make_shared<Attempt>();
        attempt->stubs = stubs;
        m_attempt = attempt;
        watchSilence(attempt);
        ifrit::rpc::setDeadline(attempt->context, left());
        m_core.authorize(attempt->context);
        if (!m_requestId.empty()) ifrit::rpc::setRequestId(attempt->context, m_requestId);
        m_core.outstanding->begin();
        m_invoke(*attempt->stubs, &attempt->context, &m_request, &attempt->response,
                 [self = this->shared_from_this(), attempt, hop = m_core.hop,
                  outstanding = m_core.outstanding](const grpc::Status& status) mutable {
                     hop->post([self = std::move(self), attempt = std::move(attempt),
                                status = ifrit::rpc::fromGrpc(status)] {
                         self->answered(attempt, status);
                     });
                     outstanding->end();
                 });
    }

    /// Of the call's deadline, over all attempts.
    std::chrono::milliseconds left() const {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(m_until - m_core.clock.steadyNow());
        return std::max(left, std::chrono::milliseconds(0));
    }

    void watchSilence(const std::shared_ptr<Attempt>& attempt) {
        if (!m_core.masters.areSeveral()) return;
        m_core.hop->postAfter(m_core.options.suspectAfter,
                              [self = this->shared_from_this(), weak = std::weak_ptr(attempt)] {
                                  const auto asked = weak.lock();
                                  if (!asked || self->m_attempt != asked) return;
                                  self->m_core.masters.suspect(asked->stubs);
                                  self->watchSilence(asked);
                              });
    }

    void answered(const std::shared_ptr<Attempt>& attempt, const absl::Status& status) {
        if (!m_reply || m_attempt != attempt) return;
        m_attempt.reset();
        const Line line = m_core.keepCertificate(attempt->stubs->address, attempt->context)
                              ? Line::Stood
                              : Line::NeverStood;
        if (ifrit::rpc::lineFaultOf(status) == ifrit::rpc::LineFault::None)
            m_core.masters.heard(attempt->stubs);
        if (status.ok()) return goOn(std::move(attempt->response));
        if (ifrit::rpc::isRetryable(status)) {
            m_core.masters.moveOnFrom(attempt->stubs);
            if (m_repeat == Repeat::WhenUnavailable &&
                m_backoff.failures() + 1 < m_core.options.unaryAttempts) {
                const std::chrono::milliseconds delay = m_backoff.next();
                if (delay < left()) {
                    m_core.hop->postAfter(delay, [self = this->shared_from_this()] {
                        if (self->m_reply) self->attempt();
                    });
                    return;
                }
            }
        }
        finish(withRequestId(
            explainFailure(status, attempt->stubs->address, m_core.profile.deadline, line),
            m_requestId));
    }

    void goOn(Response&& response) {
        const absl::StatusOr<bool> more = m_more ? m_more(m_request, response) : false;
        if (!more.ok()) return finish(more.status());
        if (*more) {
            m_until = m_core.clock.steadyNow() + m_core.profile.deadline;
            return attempt();
        }
        finish(m_decode(std::move(response)));
    }

    void finish(absl::StatusOr<Out> result) {
        const auto self = this->shared_from_this();
        // The callback may destroy its handle, and so call cancel(), or destroy the session.
        if (services::Reply<Out> reply = std::exchange(m_reply, nullptr)) {
            m_core.registry.remove(self);
            reply(std::move(result));
        }
    }

    RpcCore& m_core;
    Repeat m_repeat;
    Invoke m_invoke;
    Request m_request;
    /// Of all its attempts; a change has its Mutation's, and this is empty.
    const std::string m_requestId;
    Decode m_decode;
    More m_more;
    services::Reply<Out> m_reply;
    base::Backoff m_backoff;
    std::shared_ptr<Attempt> m_attempt;
    base::SteadyTime m_until{};
};

/// Starts a call of `method` on the stub `member`. `decode` runs on the session's thread.
template <typename Out, typename Stub, typename Async, typename Request, typename Response,
          typename Decode>
services::CallHandle startUnary(RpcCore& core, Repeat repeat,
                                std::unique_ptr<Stub> MasterStubs::*member,
                                void (Async::*method)(grpc::ClientContext*, const Request*,
                                                      Response*, std::function<void(grpc::Status)>),
                                Request request, Decode decode, services::Reply<Out> reply) {
    auto call = std::make_shared<UnaryCall<Request, Response, Out>>(
        core, repeat,
        [member, method](MasterStubs& stubs, grpc::ClientContext* context, const Request* in,
                         Response* out, std::function<void(grpc::Status)> done) {
            Async* async = (stubs.*member)->async();
            (async->*method)(context, in, out, std::move(done));
        },
        std::move(request));
    call->start(std::move(decode), std::move(reply));
    return RpcCore::handleFor(call);
}

/// As startUnary() for a list that comes in pages: asks for one after the other, and decodes an
/// answer with the `items` of all. Each page has the call's deadline.
template <typename Out, typename Stub, typename Async, typename Request, typename Response,
          typename Items, typename Decode>
services::CallHandle startWhole(RpcCore& core, std::unique_ptr<Stub> MasterStubs::*member,
                                void (Async::*method)(grpc::ClientContext*, const Request*,
                                                      Response*, std::function<void(grpc::Status)>),
                                Request request, Items* (Response::*items)(), Decode decode,
                                services::Reply<Out> reply) {
    auto call = std::make_shared<UnaryCall<Request, Response, Out>>(
        core, Repeat::WhenUnavailable,
        [member, method](MasterStubs& stubs, grpc::ClientContext* context, const Request* in,
                         Response* out, std::function<void(grpc::Status)> done) {
            Async* async = (stubs.*member)->async();
            (async->*method)(context, in, out, std::move(done));
        },
        std::move(request));
    auto gathered = std::make_shared<Response>();
    call->start(std::move(decode), std::move(reply),
                [gathered, items](Request& next, Response& page) -> absl::StatusOr<bool> {
                    Items& all = *(*gathered.*items)();
                    all.MergeFrom(*(page.*items)());
                    if (page.next_page_token().empty()) {
                        all.Swap((page.*items)());
                        return false;
                    }
                    if (page.next_page_token() == next.page_token())
                        return absl::InternalError("the list does not go on after a page");
                    next.set_page_token(page.next_page_token());
                    return true;
                });
    return RpcCore::handleFor(call);
}

/// As startUnary() for a call that changes something: refused here on a read-only connection, never
/// repeated by itself.
template <typename Out, typename Stub, typename Async, typename Request, typename Response,
          typename Decode>
services::CallHandle startChange(RpcCore& core, std::unique_ptr<Stub> MasterStubs::*member,
                                 void (Async::*method)(grpc::ClientContext*, const Request*,
                                                       Response*,
                                                       std::function<void(grpc::Status)>),
                                 Request request, Decode decode, services::Reply<Out> reply);

/// Answers `status` from the event loop; for refusals that need no master.
services::CallHandle refuse(RpcCore& core, const absl::Status& status, services::Done done);

template <typename Out, typename Stub, typename Async, typename Request, typename Response,
          typename Decode>
services::CallHandle startChange(RpcCore& core, std::unique_ptr<Stub> MasterStubs::*member,
                                 void (Async::*method)(grpc::ClientContext*, const Request*,
                                                       Response*,
                                                       std::function<void(grpc::Status)>),
                                 Request request, Decode decode, services::Reply<Out> reply) {
    if (absl::Status allowed = core.mayChange(); !allowed.ok()) {
        return refuse(core, allowed,
                      [reply = std::move(reply)](const absl::Status& status) { reply(status); });
    }
    return startUnary<Out>(core, Repeat::Never, member, method, std::move(request),
                           std::move(decode), std::move(reply));
}

}  // namespace ifrit::gui::rpc
