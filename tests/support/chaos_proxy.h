// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace ifrit::tests {

/// What the network does to a connection. The default does nothing.
struct Weather {
    enum class End {
        None,
        Cut,       ///< both sides see an orderly end
        Reset,     ///< both sides see a reset
        BlackHole  ///< stays open, and nothing moves any more
    };
    End end = End::None;
    /// Bytes that the server may send before the end comes.
    std::uint64_t endAfter = 0;
    /// Of what the server sends; 0: as fast as it goes.
    std::uint64_t bytesPerSecond = 0;
    std::chrono::milliseconds delay{0};  ///< of what the server sends
};

/// A TCP proxy on a loopback port that the system chooses, with bad weather. Thread-safe; one
/// thread of its own moves the bytes.
class ChaosProxy {
public:
    /// Throws std::runtime_error where no port can be had.
    explicit ChaosProxy(int serverPort);
    ~ChaosProxy();
    ChaosProxy(const ChaosProxy&) = delete;
    ChaosProxy& operator=(const ChaosProxy&) = delete;

    int port() const { return m_port; }
    /// For connections from now on. Those that are there keep the weather that they began with.
    void set(const Weather& weather);
    /// Resets every connection that is there.
    void resetAll() { m_resetAll = true; }
    /// As a program that was stopped: nothing moves any more on any connection that is there, and
    /// new ones are taken and never answered.
    void hang();
    int connections() const { return m_connections; }  ///< accepted so far

private:
    struct Side {
        int socket = -1;
        std::string pending;  ///< for this side, read from the other
        std::chrono::steady_clock::time_point notBefore{};
        bool ended = false;  ///< nothing more comes from this side
    };
    struct Pair {
        Side client;
        Side server;
        Weather weather;
        std::uint64_t sent = 0;  ///< to the client
        std::chrono::steady_clock::time_point begun{};
        bool stuck = false;
    };

    void run();
    void accept();
    void wait() const;
    void read(Pair& pair, Side& from, Side& to);
    bool write(Pair& pair, Side& to, const Side& from);
    std::size_t allowance(const Pair& pair) const;
    bool step(Pair& pair);
    static void close(Pair& pair, Weather::End how);

    const int m_serverPort;
    int m_listener = -1;
    int m_port = 0;
    std::atomic<bool> m_ending{false};
    std::atomic<bool> m_resetAll{false};
    std::atomic<bool> m_hangs{false};
    std::atomic<int> m_connections{0};
    std::mutex m_mutex;
    Weather m_weather;        ///< guarded by m_mutex
    std::list<Pair> m_pairs;  ///< of the thread
    std::thread m_thread;
};

}  // namespace ifrit::tests
