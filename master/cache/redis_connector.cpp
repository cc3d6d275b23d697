// SPDX-License-Identifier: Apache-2.0
#include "master/cache/redis_connector.h"

#include <cstdlib>
#include <utility>

#include "shared/base/host_port.h"

namespace ifrit::master::cache {
namespace {

absl::Status away(const std::string& place, const std::string& why) {
    return base::makeError(absl::StatusCode::kUnavailable, "CACHE_AWAY", place, why);
}

absl::Status authenticate(RedisConnection& connection, const std::string& user,
                          const std::string& password) {
    if (password.empty()) return absl::OkStatus();
    RedisConnection::Command command = {"AUTH"};
    if (!user.empty()) command.push_back(user);
    command.push_back(password);
    return connection.run(command).status();
}

}  // namespace

RedisConnector::Opened RedisConnector::toHost(const std::string& host, int port) const {
    return RedisConnection::toHost(host, port, m_options.connectTimeout, m_options.answerTimeout);
}

RedisConnector::Opened RedisConnector::reachThroughSentinel(const std::string& address) const {
    IFRIT_ASSIGN_OR_RETURN(const base::HostPort place, base::parseHostPort(address));
    IFRIT_ASSIGN_OR_RETURN(const auto sentinel, toHost(place.host, place.port));
    IFRIT_RETURN_IF_ERROR(
        base::annotate(authenticate(*sentinel, m_options.sentinelUser, m_options.sentinelPassword),
                       "the sentinel " + address));
    IFRIT_ASSIGN_OR_RETURN(
        const RedisReply answer,
        sentinel->run({"SENTINEL", "get-master-addr-by-name", m_options.sentinelMaster}));
    if (answer.items.size() != 2) {
        return away(address, fmt::format("the sentinel {} knows no primary of the name '{}'",
                                         address, m_options.sentinelMaster));
    }
    IFRIT_ASSIGN_OR_RETURN(auto primary,
                           toHost(answer.items[0].text, std::atoi(answer.items[1].text.c_str())));
    return primary;
}

RedisConnector::Opened RedisConnector::reachThroughSentinels() const {
    absl::Status last;
    for (const std::string& address : m_options.sentinels) {
        auto opened = reachThroughSentinel(address);
        if (opened.ok()) return opened;
        last = opened.status();
    }
    return base::annotate(last, "of all sentinels the last one");
}

RedisConnector::Opened RedisConnector::reach() const {
    if (!m_options.sentinels.empty()) return reachThroughSentinels();
    if (!m_options.socket.empty())
        return RedisConnection::toSocket(m_options.socket, m_options.connectTimeout,
                                         m_options.answerTimeout);
    return toHost(m_options.host, m_options.port);
}

absl::Status RedisConnector::signIn(RedisConnection& connection) const {
    IFRIT_RETURN_IF_ERROR(authenticate(connection, m_options.user, m_options.password));
    if (m_options.database != 0) {
        IFRIT_RETURN_IF_ERROR(
            connection.run({"SELECT", std::to_string(m_options.database)}).status());
    }
    if (m_options.sentinels.empty()) return absl::OkStatus();
    // A sentinel may not know yet that it was demoted.
    IFRIT_ASSIGN_OR_RETURN(const RedisReply role, connection.run({"ROLE"}));
    if (!role.items.empty() && role.items[0].text == "master") return absl::OkStatus();
    return away("", "the sentinels name a Redis that is no primary now");
}

RedisConnector::Opened RedisConnector::open() const {
    IFRIT_ASSIGN_OR_RETURN(auto connection, reach());
    IFRIT_RETURN_IF_ERROR(signIn(*connection));
    return connection;
}

}  // namespace ifrit::master::cache
