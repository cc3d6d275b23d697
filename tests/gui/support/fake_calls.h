// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QTimer>

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "gui/services/call.h"

namespace ifrit::tests {

/// Calls of one method, held until the test delivers them, in the order that it wants; or answered
/// from the event loop where `automatic` is set.
template <typename Request, typename Answer>
class FakeCalls {
public:
    using Reply = std::function<void(Answer)>;

    gui::services::CallHandle add(Request request, Reply reply) {
        auto call = std::make_shared<Call>(Call{std::move(request), std::move(reply)});
        m_calls.push_back(call);
        ++m_made;
        if (automatic) {
            QTimer::singleShot(0, QCoreApplication::instance(), [this, call] {
                if (call->reply && automatic) answer(call, automatic(call->request));
            });
        }
        return gui::services::CallHandle([call] { call->reply = nullptr; });
    }

    /// Calls not yet delivered, cancelled ones included.
    std::size_t pending() const { return m_calls.size(); }
    /// Those that somebody still waits for.
    std::size_t awaited() const {
        return static_cast<std::size_t>(
            std::count_if(m_calls.begin(), m_calls.end(),
                          [](const auto& call) { return call->reply != nullptr; }));
    }
    std::size_t made() const { return m_made; }
    const Request& request(std::size_t index) const { return m_calls.at(index)->request; }
    const Request& last() const { return m_calls.back()->request; }
    /// Nothing comes of it where the call was cancelled, as the contract says.
    void deliver(std::size_t index, Answer value) { answer(m_calls.at(index), std::move(value)); }
    void deliver(Answer value) { deliver(m_calls.size() - 1, std::move(value)); }

    std::function<Answer(const Request&)> automatic;

private:
    struct Call {
        Request request;
        Reply reply;
    };
    /// By value: what is erased would take a reference into m_calls to the next call.
    void answer(std::shared_ptr<Call> call, Answer value) {
        m_calls.erase(std::find(m_calls.begin(), m_calls.end(), call));
        if (Reply reply = std::exchange(call->reply, nullptr)) reply(std::move(value));
    }
    std::vector<std::shared_ptr<Call>> m_calls;
    std::size_t m_made = 0;
};

/// Watches of one method.
template <typename Request, typename Item>
class FakeStream {
public:
    gui::services::CallHandle add(Request request, gui::services::StreamObserver<Item> observer) {
        auto watch = std::make_shared<Watch>(Watch{std::move(request), std::move(observer), true});
        m_watches.push_back(watch);
        if (opened) {
            QTimer::singleShot(0, QCoreApplication::instance(), [this, watch] {
                if (watch->open && opened) opened(watch->request);
            });
        }
        return gui::services::CallHandle([watch] { watch->open = false; });
    }
    std::size_t open() const {
        return static_cast<std::size_t>(std::count_if(
            m_watches.begin(), m_watches.end(), [](const auto& watch) { return watch->open; }));
    }
    const Request& last() const { return m_watches.back()->request; }
    void tell(const Item& item) {
        each([&](auto& observer) {
            if (observer.next) observer.next(item);
        });
    }
    void health(const gui::services::StreamHealth& health) {
        each([&](auto& observer) {
            if (observer.health) observer.health(health);
        });
    }
    void end(const absl::Status& status) {
        const auto watches = m_watches;
        for (const auto& watch : watches) {
            if (!std::exchange(watch->open, false)) continue;
            if (watch->observer.ended) watch->observer.ended(status);
        }
    }

    /// From the event loop after each new watch.
    std::function<void(const Request&)> opened;

private:
    struct Watch {
        Request request;
        gui::services::StreamObserver<Item> observer;
        bool open = true;
    };
    template <typename Function>
    void each(Function function) {
        const auto watches = m_watches;
        for (const auto& watch : watches) {
            if (watch->open) function(watch->observer);
        }
    }
    std::vector<std::shared_ptr<Watch>> m_watches;
};

}  // namespace ifrit::tests
