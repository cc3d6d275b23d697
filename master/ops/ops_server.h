// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/status/statusor.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace ifrit::master::ops {

struct Page {
    int status = 200;
    std::string type = "text/plain; charset=utf-8";
    std::string body;
};

/// A small https server for monitoring: GET and HEAD of a few paths, answered one after the other
/// on a thread of its own. At most 64 connections, each at most 10 s idle; a request has no body
/// that is read. Nothing that it does can hold up calls.
class OpsServer {
public:
    struct Parts {
        std::string listen;  ///< host:port; port 0: any free one
        std::string certificatePem;
        std::string privateKeyPem;
        /// On the server's thread; nullopt: there is no such page.
        std::function<std::optional<Page>(std::string_view path)> answer;
    };

    /// INVALID_ARGUMENT for an address that names nothing, UNAVAILABLE when it cannot listen there.
    static absl::StatusOr<std::unique_ptr<OpsServer>> start(Parts parts);
    ~OpsServer();
    OpsServer(const OpsServer&) = delete;
    OpsServer& operator=(const OpsServer&) = delete;

    int port() const;
    /// Listens on with another certificate and its key; connections that stand are ended. An error
    /// leaves it with the one before; where not even that is possible, who connects waits until
    /// another call succeeds. Not beside itself.
    absl::Status show(const std::string& certificatePem, const std::string& privateKeyPem);

private:
    struct Inside;
    explicit OpsServer(std::unique_ptr<Inside> inside);
    std::unique_ptr<Inside> m_inside;
};

}  // namespace ifrit::master::ops
