// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>
#include <grpcpp/client_context.h>
#include <grpcpp/support/client_callback.h>

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "gui/rpc/call_registry.h"
#include "gui/rpc/gui_hop.h"
#include "gui/rpc/masters.h"
#include "shared/rpc/status_adapter.h"

namespace ifrit::gui::rpc {

/// A message of a stream after decoding.
template <typename Item>
struct Decoded {
    std::optional<Item> item;  ///< unset: only a sign of life
    std::string resumeToken;   ///< empty: unchanged
    bool final = false;        ///< the stream's natural end comes after it
};

/// One attempt of a stream: reads and decodes on gRPC's threads into a mailbox that the session's
/// thread empties. Reading stops while the mailbox is full, so a slow window never makes memory
/// grow. Deletes itself (its shared_ptr cycle ends) when gRPC is done with it.
template <typename Response, typename Item>
class StreamReader final : public grpc::ClientReadReactor<Response> {
public:
    using Decode = std::function<absl::StatusOr<Decoded<Item>>(Response&&)>;
    static constexpr std::size_t kMailboxSize = 8;

    struct Hooks {
        std::function<void()> arrived;                  ///< mailbox was empty and is not any more
        std::function<void(const absl::Status&)> done;  ///< once, last
    };

    StreamReader(std::shared_ptr<GuiHop> hop, std::shared_ptr<Outstanding> outstanding,
                 Decode decode, Hooks hooks)
        : m_hop(std::move(hop)),
          m_outstanding(std::move(outstanding)),
          m_decode(std::move(decode)),
          m_hooks(std::move(hooks)) {}

    grpc::ClientContext& context() { return m_context; }

    /// `begin` starts the call with context() and this reactor and returns the request, which
    /// gRPC serializes only in StartCall().
    void start(const std::shared_ptr<StreamReader>& self, const std::shared_ptr<MasterStubs>& stubs,
               const std::function<std::shared_ptr<const void>()>& begin) {
        m_self = self;
        m_stubs = stubs;
        m_outstanding->begin();
        const std::shared_ptr<const void> request = begin();
        // Reads are also started by the session's thread: without the hold gRPC could finish
        // between two of them.
        this->AddHold();
        this->StartRead(&m_response);
        this->StartCall();
    }

    /// Session's thread.
    void cancel() {
        m_context.TryCancel();
        readOnIfPaused();
    }

    /// Session's thread: the next decoded message; goes on reading when there is room again.
    std::optional<Decoded<Item>> take() {
        std::optional<Decoded<Item>> out;
        {
            absl::MutexLock lock(&m_mutex);
            if (!m_mailbox.empty()) {
                out = std::move(m_mailbox.front());
                m_mailbox.pop_front();
            }
        }
        readOnIfPaused();
        return out;
    }

    void OnReadDone(bool ok) override {
        if (!ok) {
            this->RemoveHold();
            return;
        }
        absl::StatusOr<Decoded<Item>> decoded = m_decode(std::move(m_response));
        m_response = Response();
        bool first = false;
        bool paused = false;
        {
            absl::MutexLock lock(&m_mutex);
            if (!decoded.ok()) {
                m_decodeError = decoded.status();
            } else {
                first = m_mailbox.empty();
                m_mailbox.push_back(*std::move(decoded));
                paused = m_paused = m_mailbox.size() >= kMailboxSize;
            }
        }
        if (!decoded.ok()) m_context.TryCancel();
        if (first) m_hop->post(m_hooks.arrived);
        if (!paused) this->StartRead(&m_response);
    }

    void OnDone(const grpc::Status& status) override {
        absl::Status result = ifrit::rpc::fromGrpc(status);
        {
            absl::MutexLock lock(&m_mutex);
            if (!m_decodeError.ok()) result = m_decodeError;
        }
        // `this` may be gone after post(), when the session is: everything else is copied before.
        const std::shared_ptr<GuiHop> hop = m_hop;
        const std::shared_ptr<Outstanding> outstanding = m_outstanding;
        hop->post([self = std::move(m_self), result] { self->m_hooks.done(result); });
        outstanding->end();
    }

private:
    void readOnIfPaused() {
        {
            absl::MutexLock lock(&m_mutex);
            if (!m_paused) return;
            m_paused = false;
        }
        this->StartRead(&m_response);
    }

    std::shared_ptr<GuiHop> m_hop;
    std::shared_ptr<Outstanding> m_outstanding;
    Decode m_decode;  // gRPC's threads, one at a time
    Hooks m_hooks;    // called on the session's thread only
    grpc::ClientContext m_context;
    Response m_response;
    std::shared_ptr<MasterStubs> m_stubs;
    std::shared_ptr<StreamReader> m_self;
    absl::Mutex m_mutex;
    std::deque<Decoded<Item>> m_mailbox ABSL_GUARDED_BY(m_mutex);
    bool m_paused ABSL_GUARDED_BY(m_mutex) = false;
    absl::Status m_decodeError ABSL_GUARDED_BY(m_mutex);
};

}  // namespace ifrit::gui::rpc
