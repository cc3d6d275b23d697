// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace ifrit::master::cache {

/// Where a Redis is and how to get in. One of `host`, `socket` and `sentinels` is given.
struct RedisOptions {
    std::string host;
    std::string socket;
    int port = 6379;
    std::vector<std::string> sentinels;  ///< "host:port"; they tell who the primary is
    std::string sentinelMaster;          ///< its name there
    std::string sentinelUser;            ///< of the sentinels' ACL; empty: the default one
    std::string sentinelPassword;        ///< empty: they ask for none
    std::string user;                    ///< of an ACL; empty: the default one
    std::string password;
    int database = 0;
    std::chrono::milliseconds connectTimeout{1'000};
    std::chrono::milliseconds answerTimeout{1'000};
    /// How often to ask for the generation, where a notice was lost.
    std::chrono::milliseconds pollInterval{1'000};
};

}  // namespace ifrit::master::cache
