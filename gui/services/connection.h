// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gui/services/call.h"
#include "shared/bundle/bundle.h"
#include "shared/domain/grant.h"

namespace ifrit::gui::services {

/// Everything that is needed to speak with one cluster's masters.
struct ConnectionProfile {
    bundle::Bundle bundle;        ///< addresses, CA, client certificate and key (may be empty)
    std::string bearerToken;      ///< of a password login; empty: the certificate speaks
    bool readOnly = false;        ///< every changing call is refused here, before it is sent
    std::string via = "desktop";  ///< for the audit: "desktop" or "ctl"
    std::chrono::milliseconds deadline{15'000};  ///< of each unary call, whole
    std::string bundlePath = {};  ///< the file that `bundle` was read from; empty: none
};

/// Disconnected -> Connecting -> Connected -> Stale -> Reconnecting -> Connected ...
/// Connecting fails into Reconnecting, or into Disconnected where trying again cannot help
/// (not signed in, not allowed).
enum class LinkState {
    Disconnected,
    Connecting,
    Connected,
    Stale,        ///< no heartbeat, and no answer either; what is shown is old
    Reconnecting  ///< waiting for, or in, attempt `attempt`
};
std::string_view nameOf(LinkState state);
/// What was asked over it is of before: nothing that still comes says how it is now.
inline bool isBroken(LinkState state) {
    return state == LinkState::Reconnecting || state == LinkState::Disconnected;
}

struct LinkStatus {
    LinkState state = LinkState::Disconnected;
    absl::Status lastError;                    ///< why it is not Connected
    std::optional<base::WallTime> staleSince;  ///< last word from the master; unset when Connected
    std::uint32_t attempt = 0;                 ///< Reconnecting: 1, 2...
    std::optional<base::WallTime> nextAttempt;
    std::optional<std::chrono::milliseconds> latency;  ///< last measured round trip
    std::string address;                               ///< the master in use
    std::string serverCertificatePem;  ///< that it showed; empty: it has shown none yet
};

/// The caller as the master sees it.
struct Identity {
    std::string user;
    std::string role;                      ///< "super_admin" or "reader"
    std::vector<std::string> permissions;  ///< e.g. "release.start"
    std::string method;                    ///< "certificate" or "token"
    std::optional<base::WallTime> expires;
    std::vector<domain::Grant> grants = {};  ///< what a reader was granted and holds now
    /// Whether it is among `permissions`: for some agents and machine types, or for all.
    bool may(std::string_view permission) const;
};

struct LoginSession {
    std::string token;  ///< secret: keychain or a 0600 file, never a log
    std::string user;
    base::WallTime expires{};
};

/// Steps of "Test connection": the first eight in their order, each of which needs the ones before.
enum class TestStep {
    Dns,
    Tcp,
    Tls,
    Health,
    Login,
    Features,
    Permissions,
    Database,  ///< whether the master's own answers it
    Master     ///< DNS, TCP and TLS of one of several addresses, as one; before the others
};
std::string_view nameOf(TestStep step);

struct TestStepResult {
    TestStep step = TestStep::Dns;
    absl::Status status;  ///< OK: passed. CANCELLED: skipped, as an earlier one failed
    std::string detail;   ///< what was seen: addresses, TLS version, expiry, user...
    std::string hint;     ///< what to do where it failed
    std::chrono::milliseconds took{0};
    std::string certificatePem;  ///< Tls: what the server showed, once it is trusted
    std::string address = {};    ///< of the master that was tested
};

/// The line to one cluster's masters and who speaks on it. Contract: gui/services/call.h.
class ConnectionService {
public:
    virtual ~ConnectionService() = default;

    /// Starts to connect and keeps connected until disconnect(). Nothing when already started.
    virtual void connect() = 0;
    virtual void disconnect() = 0;
    /// Does not wait for the next attempt.
    virtual void retryNow() = 0;
    virtual LinkStatus status() const = 0;
    /// Called once with the status of now (from the event loop) and at every change.
    virtual CallHandle watchStatus(std::function<void(const LinkStatus&)> observer) = 0;

    virtual CallHandle whoAmI(Reply<Identity> reply) = 0;
    /// Password for a token; this connection uses it from then on. UNAUTHENTICATED for a wrong
    /// name or password alike.
    virtual CallHandle login(const std::string& user, const std::string& password,
                             Reply<LoginSession> reply) = 0;
    /// Ends the token at the master and forgets it here.
    virtual CallHandle logout(Done done) = 0;
    /// Runs every step, also while disconnected: `onStep` once for each address where there are
    /// several (Master), in their order, then once for each of the eight others, in order, of the
    /// first address whose line holds; then `done` with the first failure or OK.
    virtual CallHandle test(std::function<void(const TestStepResult&)> onStep, Done done) = 0;
};

}  // namespace ifrit::gui::services
