// SPDX-License-Identifier: Apache-2.0
#include "master/cache/redis_connection.h"

#include <hiredis/hiredis.h>
#include <poll.h>
#include <sys/time.h>

#include <array>
#include <string_view>
#include <utility>

#include "shared/base/status.h"

namespace ifrit::master::cache {
namespace {

constexpr int kMaxDepth = 7;

timeval timevalOf(std::chrono::milliseconds time) {
    timeval out{};
    out.tv_sec = time.count() / 1'000;
    out.tv_usec = time.count() % 1'000 * 1'000;
    return out;
}

absl::Status away(const std::string& place, std::string_view what) {
    return base::makeError(absl::StatusCode::kUnavailable, "CACHE_AWAY", place,
                           fmt::format("Redis at {}: {}", place, what));
}

/// Answers of a server that is no use now, or not to us; all others are our own fault.
bool isRefusal(std::string_view error) {
    static constexpr std::array<std::string_view, 13> kWords = {
        "READONLY", "LOADING",   "MASTERDOWN", "CLUSTERDOWN", "MISCONF",  "OOM",  "BUSY",
        "NOAUTH",   "WRONGPASS", "NOPERM",     "NOREPLICAS",  "TRYAGAIN", "MOVED"};
    for (const std::string_view word : kWords) {
        if (error.substr(0, word.size()) == word) return true;
    }
    // As older servers say it.
    return error.find("invalid password") != std::string_view::npos ||
           error.find("max number of clients") != std::string_view::npos;
}

struct FreeReply {
    void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using Reply = std::unique_ptr<redisReply, FreeReply>;

}  // namespace

void RedisConnection::Free::operator()(redisContext* context) const {
    redisFree(context);
}

RedisConnection::RedisConnection(Context context, std::string place)
    : m_context(std::move(context)), m_place(std::move(place)) {}

RedisConnection::~RedisConnection() = default;

absl::StatusOr<std::unique_ptr<RedisConnection>> RedisConnection::take(
    redisContext* context, std::chrono::milliseconds answerTimeout, std::string place) {
    Context held(context);
    if (!held) return away(place, "no memory for a connection");
    if (held->err != 0) return away(place, held->errstr);
    if (redisSetTimeout(held.get(), timevalOf(answerTimeout)) != REDIS_OK)
        return away(place, held->errstr);
    return std::unique_ptr<RedisConnection>(new RedisConnection(std::move(held), std::move(place)));
}

absl::StatusOr<std::unique_ptr<RedisConnection>> RedisConnection::toHost(
    const std::string& host, int port, std::chrono::milliseconds connectTimeout,
    std::chrono::milliseconds answerTimeout) {
    return take(redisConnectWithTimeout(host.c_str(), port, timevalOf(connectTimeout)),
                answerTimeout, fmt::format("{}:{}", host, port));
}

absl::StatusOr<std::unique_ptr<RedisConnection>> RedisConnection::toSocket(
    const std::string& path, std::chrono::milliseconds connectTimeout,
    std::chrono::milliseconds answerTimeout) {
    return take(redisConnectUnixWithTimeout(path.c_str(), timevalOf(connectTimeout)), answerTimeout,
                path);
}

bool RedisConnection::isLost() const {
    return m_context->err != 0 || m_refused;
}

absl::Status RedisConnection::lost() const {
    // hiredis says of a timeout only what errno says.
    const std::string_view said = m_context->errstr;
    return away(m_place, said == "Resource temporarily unavailable" ? "no answer in time" : said);
}

absl::StatusOr<RedisReply> RedisConnection::convert(const redisReply& reply, int depth) {
    RedisReply out;
    switch (reply.type) {
        case REDIS_REPLY_NIL:
            return out;
        case REDIS_REPLY_INTEGER:
            out.kind = RedisReply::Kind::Number;
            out.number = reply.integer;
            return out;
        case REDIS_REPLY_STRING:
        case REDIS_REPLY_STATUS:
            out.kind = RedisReply::Kind::Text;
            out.text.assign(reply.str, static_cast<std::size_t>(reply.len));
            return out;
        case REDIS_REPLY_ARRAY:
            if (depth > kMaxDepth) break;
            out.kind = RedisReply::Kind::List;
            for (std::size_t i = 0; i < reply.elements; ++i) {
                IFRIT_ASSIGN_OR_RETURN(RedisReply item, convert(*reply.element[i], depth + 1));
                out.items.push_back(std::move(item));
            }
            return out;
        case REDIS_REPLY_ERROR: {
            const std::string said(reply.str, static_cast<std::size_t>(reply.len));
            if (isRefusal(said)) {
                m_refused = true;
                return away(m_place, said);
            }
            return base::makeError(absl::StatusCode::kInternal, "CACHE", m_place,
                                   fmt::format("Redis at {}: {}", m_place, said));
        }
        default:
            break;
    }
    return base::makeError(absl::StatusCode::kInternal, "CACHE", m_place,
                           "Redis gave an answer of an unknown kind");
}

absl::StatusOr<RedisReply> RedisConnection::next() {
    void* raw = nullptr;
    if (redisGetReply(m_context.get(), &raw) != REDIS_OK || raw == nullptr) return lost();
    const Reply reply(static_cast<redisReply*>(raw));
    return convert(*reply, 0);
}

absl::StatusOr<RedisReply> RedisConnection::run(const Command& command) {
    IFRIT_ASSIGN_OR_RETURN(std::vector<RedisReply> all, runAll({command}));
    return std::move(all.front());
}

absl::StatusOr<std::vector<RedisReply>> RedisConnection::runAll(
    const std::vector<Command>& commands) {
    if (isLost()) return lost();
    for (const Command& command : commands) {
        std::vector<const char*> words;
        std::vector<std::size_t> sizes;
        for (const std::string& word : command) {
            words.push_back(word.data());
            sizes.push_back(word.size());
        }
        if (redisAppendCommandArgv(m_context.get(), static_cast<int>(words.size()), words.data(),
                                   sizes.data()) != REDIS_OK)
            return lost();
    }
    std::vector<RedisReply> out;
    absl::Status failure;
    // Each answer is taken, also after an error: the next call's must not be one of these.
    for (std::size_t i = 0; i < commands.size() && m_context->err == 0; ++i) {
        auto reply = next();
        if (reply.ok()) {
            out.push_back(*std::move(reply));
        } else if (failure.ok()) {
            failure = reply.status();
        }
    }
    IFRIT_RETURN_IF_ERROR(failure);
    return out;
}

absl::StatusOr<std::optional<RedisReply>> RedisConnection::receive(std::chrono::milliseconds wait,
                                                                   int wakeup) {
    void* raw = nullptr;
    if (redisGetReplyFromReader(m_context.get(), &raw) != REDIS_OK) return lost();
    if (raw == nullptr) {
        std::array<pollfd, 2> waited{{{m_context->fd, POLLIN, 0}, {wakeup, POLLIN, 0}}};
        const int ready = ::poll(waited.data(), waited.size(), static_cast<int>(wait.count()));
        if (ready <= 0 || waited[0].revents == 0) return std::optional<RedisReply>();
        IFRIT_ASSIGN_OR_RETURN(RedisReply reply, next());
        return std::optional<RedisReply>(std::move(reply));
    }
    const Reply reply(static_cast<redisReply*>(raw));
    IFRIT_ASSIGN_OR_RETURN(RedisReply converted, convert(*reply, 0));
    return std::optional<RedisReply>(std::move(converted));
}

}  // namespace ifrit::master::cache
