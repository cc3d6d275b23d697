// SPDX-License-Identifier: Apache-2.0
#include "master/cache/redis_cache.h"

#include <charconv>
#include <utility>

#include "master/cache/cache_keys.h"
#include "master/cache/codec/freeze_codec.h"
#include "master/cache/merge.h"
#include "master/cache/redis_follower.h"
#include "shared/base/status.h"

namespace ifrit::master::cache {
namespace {

constexpr int kRaces = 5;
constexpr int kReads = 3;
constexpr std::size_t kKeysAtOnce = 500;
constexpr char kGeneration[] = "generation";
constexpr char kSeal[] = "seal";
constexpr char kFreeze[] = "freeze";

// KEYS: generation, seal, those to set, those to delete. ARGV: the seal that is expected to be
// there (empty: none, or none that a master made), generation, seal, channel, number to set, their
// values. A key of another type is replaced like any other: SET and DEL do not ask.
constexpr char kPut[] = R"(
local held = ''
if redis.call('TYPE', KEYS[2]).ok == 'string' then
    held = redis.call('GETRANGE', KEYS[2], 0, tonumber(ARGV[6]))
end
if held ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
redis.call('SET', KEYS[2], ARGV[3])
local puts = tonumber(ARGV[5])
for i = 1, puts do redis.call('SET', KEYS[2 + i], ARGV[6 + i]) end
for i = 3 + puts, #KEYS do redis.call('DEL', KEYS[i]) end
redis.call('PUBLISH', ARGV[4], ARGV[2])
return 1
)";

/// At most one byte more than was ever written, so that a huge value costs no memory here.
RedisConnection::Command readCommand(const std::string& key, std::size_t limit) {
    return {"GETRANGE", key, "0", std::to_string(limit)};
}

/// An answer that is an error of the command is one of the key: it holds another type.
absl::Status asPoison(const absl::Status& status, const std::string& key) {
    return status.code() == absl::StatusCode::kInternal ? poisoned(key, "holds another type")
                                                        : status;
}

}  // namespace

RedisCache::RedisCache(const std::string& cluster, RedisOptions options, std::string sealKey)
    : m_prefix(keyPrefix(cluster)),
      m_sealKey(std::move(sealKey)),
      m_connector(std::move(options)),
      m_follower(std::make_unique<RedisFollower>(RedisFollower::Parts{
          m_connector, m_prefix + kChangesChannel, [this] { return generation(); },
          [this](std::uint64_t generation) { m_listeners.tell(generation); }})) {}

RedisCache::~RedisCache() = default;

absl::Status RedisCache::use(const std::function<absl::Status(RedisConnection&)>& work) const {
    const bool used = m_connection != nullptr;
    for (int attempt = 0;; ++attempt) {
        if (!m_connection) {
            IFRIT_ASSIGN_OR_RETURN(m_connection, m_connector.open());
        }
        const absl::Status status = work(*m_connection);
        if (!m_connection->isLost()) return status;
        m_connection.reset();
        // One that was idle may have been closed long ago; all that is done here can be done twice.
        if (!used || attempt > 0) return status;
    }
}

absl::StatusOr<RedisCache::Held> RedisCache::readSeal(RedisConnection& connection) const {
    const auto reply = connection.run(readCommand(m_prefix + kSeal, kMaxSealBytes));
    if (reply.status().code() == absl::StatusCode::kInternal) return Held{};
    IFRIT_RETURN_IF_ERROR(reply.status());
    Held out{reply->text, std::nullopt};
    auto seal = decodeSeal(out.bytes, m_prefix, m_sealKey);
    if (seal.ok()) out.seal = *std::move(seal);
    return out;
}

absl::StatusOr<CacheState> RedisCache::readValues(RedisConnection& connection,
                                                  const Seal& seal) const {
    CacheState out;
    out.generation = seal.generation;
    for (auto from = seal.digests.begin(); from != seal.digests.end();) {
        std::vector<RedisConnection::Command> commands;
        auto until = from;
        for (; until != seal.digests.end() && commands.size() < kKeysAtOnce; ++until)
            commands.push_back(readCommand(m_prefix + until->first, kMaxCachedValueBytes));
        const auto replies = connection.runAll(commands);
        if (!replies.ok()) return asPoison(replies.status(), from->first);
        for (const RedisReply& reply : *replies) {
            auto value = decodeValue(reply.text, from->second);
            if (!value.ok()) return poisoned(from->first, "holds what no master wrote");
            out.values.emplace_hint(out.values.end(), from->first, *std::move(value));
            ++from;
        }
    }
    return out;
}

absl::StatusOr<RedisCache::Known> RedisCache::readAll(RedisConnection& connection) const {
    absl::Status failure;
    // While it was read another master may have written; then the seal is another one.
    std::string before;
    for (int attempt = 0; attempt < kReads; ++attempt) {
        IFRIT_ASSIGN_OR_RETURN(const Held held, readSeal(connection));
        const auto number = connection.run(readCommand(m_prefix + kGeneration, 32));
        if (!number.ok()) return asPoison(number.status(), kGeneration);
        if (held.bytes.empty() && number->text.empty()) return Known{};
        if (!held.seal) return poisoned(kSeal, "was not made by a master of this cluster");
        if (attempt > 0 && held.bytes == before) return failure;
        before = held.bytes;
        if (number->text == std::to_string(held.seal->generation)) {
            auto state = readValues(connection, *held.seal);
            if (state.ok()) return Known{held.bytes, *std::move(state)};
            failure = state.status();
        } else {
            failure = poisoned(kGeneration, "is not that of the seal");
        }
        if (!absl::IsDataLoss(failure)) return failure;
    }
    return failure;
}

absl::StatusOr<CacheState> RedisCache::read() const {
    absl::MutexLock lock(&m_mutex);
    m_known.reset();
    Known known;
    IFRIT_RETURN_IF_ERROR(use([&](RedisConnection& connection) -> absl::Status {
        IFRIT_ASSIGN_OR_RETURN(known, readAll(connection));
        return absl::OkStatus();
    }));
    m_known = known;
    return known.state;
}

absl::StatusOr<std::uint64_t> RedisCache::generation() const {
    absl::MutexLock lock(&m_mutex);
    std::string text;
    IFRIT_RETURN_IF_ERROR(use([&](RedisConnection& connection) -> absl::Status {
        const auto reply = connection.run(readCommand(m_prefix + kGeneration, 32));
        if (!reply.ok()) return asPoison(reply.status(), kGeneration);
        text = reply->text;
        return absl::OkStatus();
    }));
    if (text.empty()) return std::uint64_t{0};
    std::uint64_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error == std::errc() && end == text.data() + text.size()) return out;
    return poisoned(kGeneration, "is no number");
}

RedisCache::Change RedisCache::changeTo(const CacheState& next, const Held& held) const {
    Change out;
    RedisConnection::Command keys = {m_prefix + kGeneration, m_prefix + kSeal};
    RedisConnection::Command values;
    Seal seal{next.generation, {}};
    for (const auto& [key, value] : next.values) {
        std::string bytes = encodeValue(value);
        seal.digests[key] = digestOf(bytes);
        const auto before = m_known->state.values.find(key);
        if (before != m_known->state.values.end() && before->second == value) continue;
        keys.push_back(m_prefix + key);
        values.push_back(std::move(bytes));
    }
    if (held.seal) {
        for (const auto& [key, digest] : held.seal->digests) {
            if (seal.digests.count(key) == 0) keys.push_back(m_prefix + key);
        }
    }
    out.sealBytes = encodeSeal(seal, m_prefix, m_sealKey);
    out.command = {"EVAL", kPut, std::to_string(keys.size())};
    out.command.insert(out.command.end(), keys.begin(), keys.end());
    out.command.insert(
        out.command.end(),
        {held.bytes, std::to_string(next.generation), out.sealBytes, m_prefix + kChangesChannel,
         std::to_string(values.size()), std::to_string(kMaxSealBytes)});
    out.command.insert(out.command.end(), values.begin(), values.end());
    return out;
}

absl::Status RedisCache::putOnce(RedisConnection& connection, const CacheState& state,
                                 bool& lostRace) const {
    IFRIT_ASSIGN_OR_RETURN(const Held held, readSeal(connection));
    if (held.seal && held.seal->generation > state.generation)
        return olderWriter(held.seal->generation, state.generation);
    // Only what was seen to be whole is left as it is.
    if (!m_known || m_known->sealBytes != held.bytes) {
        auto known = readAll(connection);
        if (!known.ok() && !absl::IsDataLoss(known.status())) return known.status();
        m_known = known.ok() ? *std::move(known) : Known{};
    }
    const CacheState next = keepUnchanged(state, m_known->state);
    const Change change = changeTo(next, held);
    IFRIT_ASSIGN_OR_RETURN(const RedisReply reply, connection.run(change.command));
    lostRace = reply.number != 1;
    if (!lostRace) m_known = Known{change.sealBytes, next};
    return absl::OkStatus();
}

absl::Status RedisCache::put(const CacheState& state) {
    absl::MutexLock lock(&m_mutex);
    for (int race = 0; race < kRaces; ++race) {
        bool lostRace = false;
        const absl::Status status = use([&](RedisConnection& connection) {
            m_mutex.AssertHeld();
            return putOnce(connection, state, lostRace);
        });
        if (!status.ok()) {
            m_known.reset();
            return status;
        }
        if (!lostRace) return absl::OkStatus();
        m_known.reset();
    }
    return base::makeError(absl::StatusCode::kUnavailable, "CACHE_AWAY", "",
                           "other masters wrote to the cache all the time; it is tried again");
}

StateCache::Subscription RedisCache::subscribe(Listener listener) {
    return m_listeners.add(std::move(listener));
}

absl::Status RedisCache::putFreeze(const std::optional<domain::FreezeMark>& mark) {
    absl::MutexLock lock(&m_mutex);
    return use([&](RedisConnection& connection) -> absl::Status {
        const std::string key = m_prefix + kFreeze;
        if (!mark) return connection.run({"DEL", key}).status();
        return connection.run({"SET", key, encodeFreeze(*mark, m_prefix, m_sealKey)}).status();
    });
}

absl::StatusOr<std::optional<domain::FreezeMark>> RedisCache::readFreeze() const {
    absl::MutexLock lock(&m_mutex);
    std::string bytes;
    IFRIT_RETURN_IF_ERROR(use([&](RedisConnection& connection) -> absl::Status {
        const auto reply = connection.run(readCommand(m_prefix + kFreeze, kMaxFreezeBytes));
        if (!reply.ok()) return asPoison(reply.status(), kFreeze);
        bytes = reply->text;
        return absl::OkStatus();
    }));
    if (bytes.empty()) return std::optional<domain::FreezeMark>();
    IFRIT_ASSIGN_OR_RETURN(domain::FreezeMark mark, decodeFreeze(bytes, m_prefix, m_sealKey));
    return std::optional<domain::FreezeMark>(std::move(mark));
}

}  // namespace ifrit::master::cache
