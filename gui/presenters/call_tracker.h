// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "gui/presenters/operation_log.h"
#include "gui/services/call.h"
#include "shared/base/ids.h"

namespace ifrit::gui::presenters {

/// What a master was asked, as a sentence of then.
using What = std::function<QString()>;

/// Puts the calls of one session into the log.
class CallTracker {
public:
    CallTracker(OperationLog& log, QString cluster) : m_log(log), m_cluster(std::move(cluster)) {}

    OperationLog& log() const { return m_log; }

    /// With a request id, where the caller gave none.
    static services::Mutation named(services::Mutation mutation) {
        if (mutation.requestId.empty()) mutation.requestId = base::randomUuid();
        return mutation;
    }

    /// A question: told only once it is slow.
    template <typename T, typename Start>
    services::CallHandle ask(What what, services::Reply<T> reply, Start start) const {
        return track<T>({KeptText(std::move(what)), m_cluster, {}, false}, std::move(reply),
                        std::move(start));
    }
    /// A change: told at once.
    template <typename T, typename Start>
    services::CallHandle change(What what, const std::string& requestId, services::Reply<T> reply,
                                Start start) const {
        return track<T>({KeptText(std::move(what)), m_cluster, requestId, true}, std::move(reply),
                        std::move(start));
    }

    /// `start` is called at once with the reply to hand on, and, for its progress, the operation.
    template <typename T, typename Start>
    services::CallHandle track(OperationFacts facts, services::Reply<T> reply, Start start) const {
        struct Call {
            services::Reply<T> reply;
            services::CallHandle inner;
        };
        OperationLog& log = m_log;
        auto call = std::make_shared<Call>();
        call->reply = std::move(reply);
        // Weak: whoever made the call holds it; when they let go of it, it is gone.
        const std::weak_ptr<Call> weak = call;
        auto id = std::make_shared<std::uint64_t>(0);
        *id = log.begin(std::move(facts), [&log, weak, id] {
            const auto now = weak.lock();
            if (!now) return;
            now->inner.cancel();
            const absl::Status status =
                absl::CancelledError("you cancelled it; the master may have done it all the same");
            log.end(*id, status);
            if (auto told = std::exchange(now->reply, nullptr)) told(status);
        });
        call->inner = start(
            [&log, weak, id](absl::StatusOr<T> answer) {
                const auto now = weak.lock();
                if (!now) return;
                log.end(*id, answer.status());
                if (auto told = std::exchange(now->reply, nullptr)) told(std::move(answer));
            },
            *id);
        return services::CallHandle([&log, call, id]() mutable {
            call->reply = nullptr;
            call->inner.cancel();
            log.abandon(*id);
            call.reset();
        });
    }

private:
    OperationLog& m_log;
    QString m_cluster;
};

}  // namespace ifrit::gui::presenters
