// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

namespace ifrit::master::rpc {

/// The memory that all streams of machines may take together. Thread-safe.
class StreamRoom {
public:
    explicit StreamRoom(std::size_t most) : m_most(most) {}

    /// What one stream takes of it, until it is gone. Of one thread at a time.
    class Share {
    public:
        Share() = default;
        Share(const Share&) = delete;
        Share& operator=(const Share&) = delete;
        ~Share() { resize(0); }

        /// False: there is no room for so much.
        bool take(std::shared_ptr<StreamRoom> room, std::size_t bytes) {
            m_room = std::move(room);
            if (m_room->m_used.fetch_add(bytes) + bytes <= m_room->m_most) {
                m_bytes = bytes;
                return true;
            }
            m_room->m_used.fetch_sub(bytes);
            return false;
        }
        /// What it takes by now: who was let in stays.
        void resize(std::size_t bytes) {
            if (m_room == nullptr) return;
            m_room->m_used.fetch_add(bytes - std::exchange(m_bytes, bytes));
        }

    private:
        std::shared_ptr<StreamRoom> m_room;
        std::size_t m_bytes = 0;
    };

    std::size_t most() const { return m_most; }
    std::size_t used() const { return m_used; }

private:
    const std::size_t m_most;
    std::atomic<std::size_t> m_used{0};
};

}  // namespace ifrit::master::rpc
