// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <unordered_set>
#include <utility>

namespace ifrit::base {

/// A value that many hold alike, such as a version: it is in memory once, and each holder has a
/// pointer to it. Equal values are the same object, and one that nobody holds is forgotten, so that
/// who sends ever new ones fills nothing. T{} takes no memory at all. Thread-safe, as an int is.
/// Making one is a look-up under one lock of 16; copies, comparisons and reads take none.
///
/// `Hash` is noexcept and constructed without arguments. What is kept belongs to the process, as
/// the heap does, and differs in nothing but its size from a copy for each holder.
template <typename T, typename Hash = std::hash<T>>
class Interned {
public:
    Interned() = default;
    Interned(T value) : m_entry(value == T{} ? nullptr : take(std::move(value))) {}
    Interned(const Interned& other) noexcept : m_entry(other.m_entry) {
        if (m_entry != nullptr) m_entry->holders.fetch_add(1, std::memory_order_relaxed);
    }
    Interned(Interned&& other) noexcept : m_entry(std::exchange(other.m_entry, nullptr)) {}
    Interned& operator=(Interned other) noexcept {
        std::swap(m_entry, other.m_entry);
        return *this;
    }
    ~Interned() {
        if (m_entry != nullptr) letGo(*m_entry);
    }

    /// Lives as long as any holder of the value.
    const T& get() const noexcept { return m_entry != nullptr ? m_entry->value : nothing(); }
    const T& operator*() const noexcept { return get(); }
    const T* operator->() const noexcept { return &get(); }
    operator const T&() const noexcept { return get(); }
    bool empty() const noexcept { return m_entry == nullptr; }

    friend bool operator==(const Interned& a, const Interned& b) noexcept {
        return a.m_entry == b.m_entry;
    }
    friend bool operator==(const Interned& a, const T& b) { return a.get() == b; }
    friend bool operator<(const Interned& a, const Interned& b) { return a.get() < b.get(); }

private:
    struct Entry {
        explicit Entry(T given) : value(std::move(given)) {}
        const T value;
        mutable std::atomic<std::uint32_t> holders{1};
    };
    struct HashOf {
        using is_transparent = void;
        std::size_t operator()(const T& value) const noexcept { return Hash()(value); }
        std::size_t operator()(const Entry& entry) const noexcept { return Hash()(entry.value); }
    };
    struct IsSame {
        using is_transparent = void;
        bool operator()(const Entry& a, const Entry& b) const { return a.value == b.value; }
        bool operator()(const T& a, const Entry& b) const { return a == b.value; }
        bool operator()(const Entry& a, const T& b) const { return a.value == b; }
    };
    struct alignas(64) Shard {
        absl::Mutex mutex;
        std::unordered_set<Entry, HashOf, IsSame> entries ABSL_GUARDED_BY(mutex);
    };
    static constexpr std::size_t kShards = 16;

    static const T& nothing() noexcept {
        static const T& value = *new T();  // also for who is destroyed at the very end
        return value;
    }
    static Shard& shardOf(const T& value) {
        static auto& shards = *new std::array<Shard, kShards>();
        // The low bits choose the bucket within.
        return shards[(Hash()(value) >> 24) % kShards];
    }
    static const Entry* take(T value) {
        Shard& shard = shardOf(value);
        const absl::MutexLock lock(&shard.mutex);
        const auto found = shard.entries.find(value);
        if (found == shard.entries.end()) return &*shard.entries.emplace(std::move(value)).first;
        found->holders.fetch_add(1, std::memory_order_relaxed);
        return &*found;
    }
    static void letGo(const Entry& entry) {
        // The last holder leaves under the lock alone, under which others find the value.
        std::uint32_t holders = entry.holders.load(std::memory_order_relaxed);
        while (holders > 1) {
            if (entry.holders.compare_exchange_weak(holders, holders - 1, std::memory_order_release,
                                                    std::memory_order_relaxed))
                return;
        }
        Shard& shard = shardOf(entry.value);
        const absl::MutexLock lock(&shard.mutex);
        if (entry.holders.fetch_sub(1, std::memory_order_acq_rel) > 1) return;
        shard.entries.erase(shard.entries.find(entry));
    }

    const Entry* m_entry = nullptr;
};

using SharedText = Interned<std::string>;

}  // namespace ifrit::base
