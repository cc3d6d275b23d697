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
    /// happens then).
    void pump() {
        Step step = Step::Wait;
        {
            absl::MutexLock lock(&m_mutex);
            if (!m_open || m_writing || m_finished) return;
            if (!m_end && fill(m_message)) {
                m_writing = true;
                step = Step::Write;
            } else if (m_end) {
                m_finished = true;
                step = Step::Finish;
            }
        }
        // Outside the lock: gRPC may call back at once, on this thread.
        if (step == Step::Write) this->StartWrite(&m_message);
        if (step == Step::Finish) this->Finish(ifrit::rpc::toGrpc(*m_end));
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
    /// Makes the next message; false: nothing now. Called by one thread at a time, under the
    /// stream's lock. May call endLocked() to end after this message or without one.
    virtual bool fill(Response& out) = 0;
    /// After a message left, without the lock, on gRPC's thread: goes on with the next one.
    virtual void next() { pump(); }
    /// gRPC is done; drop subscriptions here.
    virtual void closed() {}
    void endLocked(const absl::Status& status) {
        if (!m_end) m_end = status;
    }

private:
    enum class Step { Wait, Write, Finish };

    absl::Mutex m_mutex;
    std::shared_ptr<PushStream> m_self;
    Response m_message;
    std::optional<absl::Status> m_end;
    bool m_open = false;
    bool m_writing = false;
    bool m_finished = false;
};

}  // namespace ifrit::master::rpc
