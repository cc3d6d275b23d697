// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/link/master_client.h"

namespace ifrit::agent::link {

/// Which master we talk to, and as whom. Masters are tried in the machine's own order
/// (masterOrder()), from the first on, so that a fleet spreads over them. Thread-safe; nothing here
/// blocks.
class Connection {
public:
    struct Masters {
        std::vector<std::string> addresses;  ///< at least one, in any order
        std::string serverName;
    };
    /// `uuid` is the machine's.
    Connection(MasterConnector& connector, Masters masters, std::string uuid);

    std::string address() const ABSL_LOCKS_EXCLUDED(m_mutex);
    Endpoint endpoint() const ABSL_LOCKS_EXCLUDED(m_mutex);
    /// `addresses` in the order in which this machine tries them.
    std::vector<std::string> ordered(const std::vector<std::string>& addresses) const;
    /// The masters that come before the current one; empty while it is the first.
    std::vector<std::string> preferred() const ABSL_LOCKS_EXCLUDED(m_mutex);
    /// Other masters from now on: the current one where it is among them, else the first. Those
    /// that hold the former client may finish with it.
    void use(Masters masters) ABSL_LOCKS_EXCLUDED(m_mutex);
    /// UNAVAILABLE NOT_ENROLLED before setIdentity().
    absl::StatusOr<MachineIdentity> identity() const ABSL_LOCKS_EXCLUDED(m_mutex);
    /// What later client() calls use; those that hold the former client may finish with it.
    void setIdentity(MachineIdentity identity) ABSL_LOCKS_EXCLUDED(m_mutex);
    /// The line to the current master, made when there is none. UNAVAILABLE NOT_ENROLLED before
    /// setIdentity(), CANCELLED after shutDown().
    absl::StatusOr<std::shared_ptr<MasterClient>> client() ABSL_LOCKS_EXCLUDED(m_mutex);
    /// One more line, which client() does not give: to find out whether that master serves us.
    /// Errors as of client(); it ends with shutDown() too.
    absl::StatusOr<std::shared_ptr<MasterClient>> lineBeside(const std::string& address)
        ABSL_LOCKS_EXCLUDED(m_mutex);
    /// `client`, of lineBeside(), is the line from now on; those that hold the former one may
    /// finish with it. An error, and nothing has changed: the master is not among ours any more, or
    /// CANCELLED after shutDown().
    absl::Status moveTo(const std::string& address, std::shared_ptr<MasterClient> client)
        ABSL_LOCKS_EXCLUDED(m_mutex);
    /// To the next master on a new line, after a failure of this one.
    void rotate() ABSL_LOCKS_EXCLUDED(m_mutex);
    /// To the next master, since this one answers but does not help. False where there is no other:
    /// the line stays.
    bool tryNext() ABSL_LOCKS_EXCLUDED(m_mutex);
    /// `client` is what client() gives.
    bool isCurrent(const MasterClient& client) const ABSL_LOCKS_EXCLUDED(m_mutex);
    /// Closes the line once nobody uses it; client() opens it again.
    void disconnect() ABSL_LOCKS_EXCLUDED(m_mutex);
    /// Ends all calls, for good.
    void shutDown() ABSL_LOCKS_EXCLUDED(m_mutex);

private:
    /// With what changes for the next client under one lock: between two, another thread's client()
    /// would make one of what is left, and that one would stay.
    void leaveLine() ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    /// For shutDown().
    void remember(const std::shared_ptr<MasterClient>& client)
        ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);
    absl::Status checkUsable() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(m_mutex);

    MasterConnector& m_connector;
    const std::string m_uuid;
    mutable absl::Mutex m_mutex;
    Masters m_masters ABSL_GUARDED_BY(m_mutex);  ///< in our order
    std::size_t m_index ABSL_GUARDED_BY(m_mutex) = 0;
    bool m_down ABSL_GUARDED_BY(m_mutex) = false;
    std::optional<MachineIdentity> m_identity ABSL_GUARDED_BY(m_mutex);
    std::shared_ptr<MasterClient> m_client ABSL_GUARDED_BY(m_mutex);
    std::vector<std::weak_ptr<MasterClient>> m_former
        ABSL_GUARDED_BY(m_mutex);  ///< and those beside
};

/// Packages from whichever master the connection leads to.
class ConnectedPackageSource final : public package::PackageSource {
public:
    explicit ConnectedPackageSource(Connection& connection) : m_connection(connection) {}
    absl::StatusOr<package::ManifestOffer> manifest(const std::string& digest) override;
    absl::Status archive(const std::string& digest, std::uint64_t offset,
                         std::chrono::milliseconds timeout, const ArchiveSink& sink) override;

private:
    Connection& m_connection;
};

}  // namespace ifrit::agent::link
