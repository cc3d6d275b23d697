// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

struct redisContext;
struct redisReply;

namespace ifrit::master::cache {

/// What Redis answered.
struct RedisReply {
    enum class Kind { Nothing, Text, Number, List };
    Kind kind = Kind::Nothing;
    std::string text;
    std::int64_t number = 0;
    std::vector<RedisReply> items;
};

/// One connection to one server. Errors: UNAVAILABLE (CACHE_AWAY) when it cannot be reached or will
/// not serve now, INTERNAL (CACHE) for other answers that are errors. One thread at a time.
class RedisConnection {
public:
    using Command = std::vector<std::string>;

    static absl::StatusOr<std::unique_ptr<RedisConnection>> toHost(
        const std::string& host, int port, std::chrono::milliseconds connectTimeout,
        std::chrono::milliseconds answerTimeout);
    static absl::StatusOr<std::unique_ptr<RedisConnection>> toSocket(
        const std::string& path, std::chrono::milliseconds connectTimeout,
        std::chrono::milliseconds answerTimeout);
    ~RedisConnection();
    RedisConnection(const RedisConnection&) = delete;
    RedisConnection& operator=(const RedisConnection&) = delete;

    absl::StatusOr<RedisReply> run(const Command& command);
    /// All in one round trip, answers in their order. The first error is the result of all.
    absl::StatusOr<std::vector<RedisReply>> runAll(const std::vector<Command>& commands);

    /// The next message that was not asked for (pub/sub); nullopt: none within `wait`, or before
    /// something can be read from `wakeup`.
    absl::StatusOr<std::optional<RedisReply>> receive(std::chrono::milliseconds wait, int wakeup);

    /// The connection is of no more use.
    bool isLost() const;

private:
    struct Free {
        void operator()(redisContext* context) const;
    };
    using Context = std::unique_ptr<redisContext, Free>;

    RedisConnection(Context context, std::string place);
    static absl::StatusOr<std::unique_ptr<RedisConnection>> take(
        redisContext* context, std::chrono::milliseconds answerTimeout, std::string place);
    absl::Status lost() const;
    absl::StatusOr<RedisReply> next();
    absl::StatusOr<RedisReply> convert(const redisReply& reply, int depth);

    Context m_context;
    const std::string m_place;
    bool m_refused = false;  ///< the server is up and said that it does not serve
};

}  // namespace ifrit::master::cache
