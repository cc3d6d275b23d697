// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "gui/rpc/rpc_core.h"
#include "gui/rpc/stream_reader.h"
#include "gui/services/call.h"
#include "shared/rpc/channel.h"

namespace ifrit::gui::rpc {

/// True for a break that trying again cannot mend.
bool isPermanent(const absl::Status& status);
/// UNAVAILABLE: ended without an error, or `silent` for too long.
absl::Status streamLost(const std::string& address, bool silent);
/// The session's thread is given back to the window after so long; the rest follows.
inline constexpr std::chrono::milliseconds kDeliveryBudget{15};

enum class Silence {
    IsNormal,   ///< nothing is sent while nothing changes; gRPC's keep-alive notices a dead line
    MeansDeath  ///< the contract promises a heartbeat each 5 s
};

/// A stream that comes back: reads attempts one after another, with back-off and resume token, and
/// delivers in batches. Session's thread only.
template <typename Response, typename Item>
class WatchStream final : public LiveCall,
                          public std::enable_shared_from_this<WatchStream<Response, Item>> {
public:
    using Reader = StreamReader<Response, Item>;
    /// Starts the call for `reader` on `stubs`, from `resumeToken` on.
    using Begin = std::function<std::shared_ptr<const void>(
        MasterStubs&, const std::string& resumeToken, Reader&)>;

    /// Makes the decoder of one attempt: it may hold what only that stream knows.
    using MakeDecode = std::function<typename Reader::Decode()>;

    WatchStream(RpcCore& core, Silence silence, Begin begin, MakeDecode makeDecode)
        : m_core(core),
          m_silence(silence),
          m_begin(std::move(begin)),
          m_makeDecode(std::move(makeDecode)),
          m_backoff(core.options.streamBackoff, core.random) {}

    void start(services::StreamObserver<Item> observer) {
        m_observer = std::make_shared<services::StreamObserver<Item>>(std::move(observer));
        m_core.registry.add(this->shared_from_this());
        attempt();
    }

    void cancel() override {
        const auto self = this->shared_from_this();
        m_observer.reset();
        ++m_epoch;
        if (m_reader) m_reader->cancel();
        m_core.registry.remove(self);
    }

    void lineLeft(const std::shared_ptr<MasterStubs>& stubs) override {
        if (!m_reader || !m_stubs->isSameMaster(*stubs)) return;
        m_silenced = true;
        m_reader->cancel();  // broke() follows
    }

    /// Does not wait for the back-off.
    void retryNow() {
        if (m_observer && !m_reader) attempt();
    }

    const services::StreamHealth& health() const { return m_health; }

private:
    void attempt() {
        const std::uint64_t epoch = ++m_epoch;
        m_health.next.reset();
        const std::weak_ptr<WatchStream> weak = this->weak_from_this();
        m_core.masters.find(
            m_core.options.deadAfter,
            [weak, epoch](const absl::StatusOr<std::shared_ptr<MasterStubs>>& stubs) {
                const auto self = weak.lock();
                if (!self || self->m_epoch != epoch) return;
                if (stubs.ok()) return self->begin(*stubs);
                // Found out at once or later: never told from inside the call.
                self->after(std::chrono::milliseconds(0), [status = stubs.status()](auto& stream) {
                    if (stream.m_core.masters.address().empty() || isPermanent(status))
                        return stream.finish(status);
                    stream.waitForNextAttempt(status);
                });
            });
    }

    void begin(const std::shared_ptr<MasterStubs>& stubs) {
        const std::uint64_t epoch = m_epoch;
        m_stubs = stubs;
        // Else gRPC's own back-off, up to 2 minutes, would decide when the line comes back.
        grpc::experimental::ChannelResetConnectionBackoff(stubs->channel.get());
        const std::weak_ptr<WatchStream> weak = this->weak_from_this();
        m_reader = std::make_shared<Reader>(
            m_core.hop, m_core.outstanding, m_makeDecode(),
            typename Reader::Hooks{[weak, epoch] { withLive(weak, epoch, &WatchStream::arrived); },
                                   [weak, epoch](const absl::Status& status) {
                                       const auto self = weak.lock();
                                       if (self && self->m_epoch == epoch) self->broke(status);
                                   }});
        m_core.authorize(m_reader->context());
        m_token = m_core.profile.bearerToken;
        const auto reader = m_reader;
        reader->start(reader, stubs, [&] { return m_begin(*stubs, m_resumeToken, *reader); });
        m_heard = m_core.clock.steadyNow();
        if (m_silence == Silence::MeansDeath) watchSilence();
    }

    static void withLive(const std::weak_ptr<WatchStream>& weak, std::uint64_t epoch,
                         void (WatchStream::*function)()) {
        const auto self = weak.lock();
        if (self && self->m_epoch == epoch) (self.get()->*function)();
    }

    template <typename Function>
    void after(std::chrono::milliseconds delay, Function function) {
        m_core.hop->postAfter(delay, [weak = this->weak_from_this(), epoch = m_epoch, function] {
            const auto self = weak.lock();
            if (self && self->m_epoch == epoch) function(*self);
        });
    }

    std::chrono::milliseconds silence() const {
        return std::chrono::floor<std::chrono::milliseconds>(m_core.clock.steadyNow() - m_heard);
    }

    /// Looks again when the next thing is due, and not all the time.
    void watchSilence() {
        const RpcOptions& options = m_core.options;
        const std::chrono::milliseconds now = silence();
        const auto untilOverdue =
            now < options.overdueAfter ? options.overdueAfter - now : options.overdueAfter / 4;
        const auto untilDead = std::max(options.deadAfter - now, std::chrono::milliseconds(0));
        after(std::min(untilOverdue, untilDead) + std::chrono::milliseconds(1),
              [](WatchStream& self) { self.judgeSilence(); });
    }

    void judgeSilence() {
        if (!m_reader) return;
        if (silence() > m_core.options.deadAfter) {
            m_silenced = true;
            m_reader->cancel();  // broke() follows
            return;
        }
        if (silence() > m_core.options.overdueAfter) m_core.masters.suspect(m_stubs);
        watchSilence();
    }

    /// At most one delivery per interval: the window is not woken more often.
    void arrived() {
        m_heard = m_core.clock.steadyNow();
        m_core.masters.heard(m_stubs);
        const auto since =
            std::chrono::duration_cast<std::chrono::milliseconds>(m_heard - m_delivered);
        if (m_deliveryPending) return;
        if (since >= m_core.options.deliveryInterval) {
            deliver();
            return;
        }
        deliverIn(m_core.options.deliveryInterval - since);
    }

    void deliverIn(std::chrono::milliseconds delay) {
        m_deliveryPending = true;
        after(delay, [](WatchStream& self) {
            self.m_deliveryPending = false;
            self.deliver();
        });
    }

    enum class Yield { Allowed, Never };
    void deliver(Yield mayYield = Yield::Allowed) {
        const auto self = this->shared_from_this();
        const auto reader = m_reader;
        m_delivered = m_core.clock.steadyNow();
        while (m_observer && reader == m_reader && reader) {
            std::optional<Decoded<Item>> message = reader->take();
            if (!message) break;
            heard();
            if (!message->resumeToken.empty()) m_resumeToken = std::move(message->resumeToken);
            m_final = m_final || message->final;
            if (message->item && m_observer && m_observer->next) {
                // A copy of the pointer: the observer may cancel the stream.
                const auto observer = m_observer;
                observer->next(*std::move(message->item));
            }
            // It may have ended the session, and m_core with it.
            if (!m_observer) return;
            if (mayYield == Yield::Allowed &&
                m_core.clock.steadyNow() - m_delivered > kDeliveryBudget) {
                deliverIn(std::chrono::milliseconds(1));
                break;
            }
        }
    }

    void heard() {
        m_heard = m_core.clock.steadyNow();
        m_health.lastHeard = m_core.clock.now();
        if (m_health.live) return;
        m_health.live = true;
        m_health.attempt = 0;
        m_health.next.reset();
        m_health.lastError = absl::OkStatus();
        m_backoff.reset();
        tellHealth();
    }

    void tellHealth() {
        if (const auto observer = m_observer; observer && observer->health) {
            observer->health(m_health);
        }
    }

    void broke(const absl::Status& status) {
        const auto self = this->shared_from_this();
        deliver(Yield::Never);
        if (!m_observer) return;
        m_reader.reset();
        if (m_final) {
            finish(absl::OkStatus());
            return;
        }
        const absl::Status error =
            m_silenced || status.ok()
                ? streamLost(m_stubs->address, m_silenced)
                : explainFailure(status, m_stubs->address, m_core.options.deadAfter);
        m_silenced = false;
        // It spoke by a login that has ended, and somebody has signed in since.
        if (absl::IsUnauthenticated(error) && m_token != m_core.profile.bearerToken) {
            m_deliveryPending = false;
            attempt();
            return;
        }
        if (isPermanent(error)) {
            finish(error);
            return;
        }
        waitForNextAttempt(error);
    }

    void waitForNextAttempt(const absl::Status& error) {
        // What made no sense must not be continued.
        if (error.code() == absl::StatusCode::kDataLoss) m_resumeToken.clear();
        m_core.masters.moveOnFrom(m_stubs);
        const std::chrono::milliseconds delay = m_backoff.next();
        m_deliveryPending = false;
        m_health.live = false;
        m_health.lastError = error;
        m_health.attempt = m_backoff.failures();
        m_health.next = m_core.clock.now() + delay;
        ++m_epoch;
        after(delay, [](WatchStream& self) {
            if (!self.m_reader) self.attempt();
        });
        tellHealth();
    }

    void finish(const absl::Status& status) {
        const auto self = this->shared_from_this();
        const auto observer = std::exchange(m_observer, nullptr);
        ++m_epoch;
        m_core.registry.remove(self);
        if (observer && observer->ended) observer->ended(status);
    }

    RpcCore& m_core;
    Silence m_silence;
    Begin m_begin;
    MakeDecode m_makeDecode;
    base::Backoff m_backoff;
    std::shared_ptr<services::StreamObserver<Item>> m_observer;
    std::shared_ptr<Reader> m_reader;
    std::shared_ptr<MasterStubs> m_stubs;
    services::StreamHealth m_health;
    std::string m_resumeToken;
    std::string m_token;        ///< of the operator, which the attempt speaks by
    std::uint64_t m_epoch = 0;  ///< of the attempt; what older ones posted is dropped
    bool m_final = false;
    bool m_silenced = false;
    bool m_deliveryPending = false;
    base::SteadyTime m_heard{};
    base::SteadyTime m_delivered{};
};

/// Begins a server stream of `method` on the stub `member`; `makeRequest` gets the resume token.
template <typename Item, typename Stub, typename Async, typename Request, typename Response>
std::shared_ptr<WatchStream<Response, Item>> makeWatch(
    RpcCore& core, Silence silence, std::unique_ptr<Stub> MasterStubs::*member,
    void (Async::*method)(grpc::ClientContext*, const Request*, grpc::ClientReadReactor<Response>*),
    std::function<Request(const std::string&)> makeRequest,
    typename WatchStream<Response, Item>::MakeDecode makeDecode) {
    auto begin = [member, method, makeRequest = std::move(makeRequest)](
                     MasterStubs& stubs, const std::string& token,
                     StreamReader<Response, Item>& reader) {
        auto request = std::make_shared<const Request>(makeRequest(token));
        Async* async = (stubs.*member)->async();
        (async->*method)(&reader.context(), request.get(), &reader);
        return std::shared_ptr<const void>(request);
    };
    return std::make_shared<WatchStream<Response, Item>>(core, silence, std::move(begin),
                                                         std::move(makeDecode));
}

}  // namespace ifrit::gui::rpc
