// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "agent/local/local_message.h"
#include "agent/local/local_socket.h"

namespace ifrit::agent::local {

/// The thread "local": answers questions at a socket, one after the other, from root and from
/// whom this process runs as. A caller that dawdles is left after two seconds.
class LocalServer {
public:
    /// Called on the thread; must not block on the network.
    using Answer = std::function<absl::StatusOr<std::string>(const LocalRequest&)>;

    static absl::StatusOr<std::unique_ptr<LocalServer>> start(const std::string& path,
                                                              Answer answer);
    ~LocalServer();
    LocalServer(const LocalServer&) = delete;
    LocalServer& operator=(const LocalServer&) = delete;

private:
    LocalServer(UniqueFd listening, UniqueFd stop, std::string path, Answer answer);
    void run();
    void serve(const UniqueFd& connection) const;

    const UniqueFd m_listening;
    const UniqueFd m_stop;  ///< an eventfd
    const std::string m_path;
    const Answer m_answer;
    std::thread m_thread;
};

}  // namespace ifrit::agent::local
