// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>
#include <grpcpp/grpcpp.h>

#include <memory>
#include <optional>
#include <utility>

#include "shared/rpc/status_adapter.h"

namespace ifrit::master::rpc {

/// What tickers hold of a stream.
class Ticked {
public:
    virtual ~Ticked() = default;
    virtual void tick() = 0;
};

/// What can be ended from outside.
class Endable {
public:
    virtual ~Endable() = default;
    /// After the message that is on its way; the first end counts.
    virtual void end(const absl::Status& status) = 0;
};

/// A server stream that sends what there is whenever pump() is called, one message at a time, and
/// that owns itself until gRPC is done with it. Others hold weak pointers, so that a late wake-up
/// finds nothing. Thread-safe.
template <typename Response>
class PushStream : public grpc::ServerWriteReactor<Response>,
                   public Ticked,
                   public Endable,
                   public std::enable_shared_from_this<PushStream<Response>> {
public:
    /// Hands the stream to gRPC's keeping.
    static PushStream* adopt(std::shared_ptr<PushStream> stream) {
        PushStream* raw = stream.get();
        absl::MutexLock lock(&raw->m_mutex);
        raw->m_self = std::move(stream);
        return raw;
    }

    /// Looks for something to send. From any thread, also before the stream is admitted (nothing
    /// happens then). While another thread makes a message it only says that there is more to
    /// look for.
    void pump() {
        // Outside the lock: gRPC may call back at once, on this thread, and whoever wakes or ends
        // the stream waits for no message to be made.
        for (Step step = look(); step != Step::Wait; step = made(fill(m_message))) {
            if (step == Step::Write) return this->StartWrite(&m_message);
            if (step == Step::Finish) return this->Finish(ifrit::rpc::toGrpc(*m_end));
        }
    }
    void tick() override { pump(); }

    /// Admitted: from now on it sends.
    void open() {
        {
            absl::MutexLock lock(&m_mutex);
            m_open = true;
        }
        pump();
    }
    /// Ends the stream after the message that is on its way; also instead of open().
    void end(const absl::Status& status) override {
        {
            absl::MutexLock lock(&m_mutex);
            m_open = true;
            if (!m_end) m_end = status;
        }
        pump();
    }

    void OnWriteDone(bool ok) override {
        // A stream stands for days, and its largest message was the first.
        m_message = Response();
        {
            absl::MutexLock lock(&m_mutex);
            m_writing = false;
            if (!ok && !m_end) m_end = absl::CancelledError("the stream broke");
        }
        next();
    }
    /// Before it is admitted it stays: admission still looks at the call's context.
    void OnCancel() override {
        {
            absl::MutexLock lock(&m_mutex);
            if (!m_end) m_end = absl::CancelledError("the caller went away");
        }
        pump();
    }
    void OnDone() override {
        closed();
        std::shared_ptr<PushStream> self;
        {
            absl::MutexLock lock(&m_mutex);
            m_finished = true;
            self = std::move(m_self);
        }
        // Here the last owner may go, after the lock was left.
    }

protected:
    /// Makes the next message; false: nothing now. Called by one thread at a time, without a lock
    /// of the stream. May call end() to end after this message or without one.
    virtual bool fill(Response& out) = 0;
    /// After a message left, without the lock, on gRPC's thread: goes on with the next one.
    virtual void next() { pump(); }
    /// gRPC is done; drop subscriptions here.
    virtual void closed() {}

private:
    enum class Step { Wait, Fill, Write, Finish };

    Step look() {
        absl::MutexLock lock(&m_mutex);
        if (!m_open || m_writing || m_finished) return Step::Wait;
        if (m_filling) {
            m_again = true;
            return Step::Wait;
        }
        return fillOrFinish();
    }
    /// After fill().
    Step made(bool hasMessage) {
        absl::MutexLock lock(&m_mutex);
        m_filling = false;
        if (hasMessage) {
            m_writing = true;
            return Step::Write;
        }
        return m_again || m_end ? fillOrFinish() : Step::Wait;
    }
    Step fillOrFinish() ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex) {
        m_again = false;
        m_finished = m_end.has_value();
        m_filling = !m_finished;
        return m_finished ? Step::Finish : Step::Fill;
    }

    absl::Mutex m_mutex;
    std::shared_ptr<PushStream> m_self;
    Response m_message;                 ///< of whoever fills or writes it
    std::optional<absl::Status> m_end;  ///< once finished, it stays
    bool m_open = false;
    bool m_filling = false;
    bool m_again = false;  ///< woken while it was filled
    bool m_writing = false;
    bool m_finished = false;
};

}  // namespace ifrit::master::rpc
