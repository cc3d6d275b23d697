// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <thread>
#include <utility>

namespace ifrit::base {

/// One immutable value that every call reads and somebody replaces now and then. Thread-safe.
/// Readers of different threads mostly take different locks, each for an instant, so that no lock
/// is shared by all of them; a replacement takes each of the locks in turn.
template <typename T>
class Published {
public:
    /// `value` is never null, nor is a later one.
    explicit Published(std::shared_ptr<const T> value) { set(std::move(value)); }

    std::shared_ptr<const T> get() const {
        const Slot& slot = own();
        absl::MutexLock lock(&slot.mutex);
        return slot.value;
    }

    /// What `question` makes of the value, without a copy of the pointer, whose count of owners all
    /// readers would write to. `question` is quick and calls nothing of ours.
    template <typename Question>
    auto ask(const Question& question) const {
        const Slot& slot = own();
        absl::MutexLock lock(&slot.mutex);
        return question(*slot.value);
    }

    /// Of two at once one comes second for all readers alike; a reader that was shown it is not
    /// shown the first again.
    void set(std::shared_ptr<const T> value) {
        absl::MutexLock setting(&m_setting);
        for (Slot& slot : m_slots) {
            // Let go of outside of the lock: the last owner of a large value frees it.
            std::shared_ptr<const T> other = value;
            {
                absl::MutexLock lock(&slot.mutex);
                slot.value.swap(other);
            }
        }
    }

private:
    static constexpr std::size_t kSlots = 16;
    struct alignas(64) Slot {
        mutable absl::Mutex mutex;
        std::shared_ptr<const T> value ABSL_GUARDED_BY(mutex);
    };

    const Slot& own() const {
        static thread_local const std::size_t index =
            std::hash<std::thread::id>()(std::this_thread::get_id()) % kSlots;
        return m_slots[index];
    }

    absl::Mutex m_setting;
    std::array<Slot, kSlots> m_slots;
};

}  // namespace ifrit::base
