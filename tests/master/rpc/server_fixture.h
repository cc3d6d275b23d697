// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/grpcpp.h>

#include <QTemporaryDir>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ifrit/v1/audit.grpc.pb.h"
#include "ifrit/v1/fleet.grpc.pb.h"
#include "ifrit/v1/machine_link.grpc.pb.h"
#include "ifrit/v1/packages.grpc.pb.h"
#include "ifrit/v1/releases.grpc.pb.h"
#include "ifrit/v1/sessions.grpc.pb.h"
#include "master/auth/trust_desk.h"
#include "master/cache/memory_cache.h"
#include "master/rpc/server.h"
#include "shared/crypto/signing_key.h"
#include "tests/master/support/fake_identities.h"

namespace ifrit::master::rpc {

/// Calls that ended, as the server told of them.
class RecordedCalls final : public services::CallObserver, public services::CallCounts {
public:
    void callEnded(std::string_view method, int code,
                   std::optional<std::chrono::nanoseconds> took) noexcept override {
        const absl::MutexLock lock(&m_mutex);
        const bool isPoll = method == "ifrit.v1.MachineLink/Sync";
        ++(isPoll ? m_totals.polls : m_totals.otherCalls);
        if (isPoll) ++m_totals.pollsByDuration.back();
        m_calls.push_back(std::string(method) + ' ' + std::to_string(code) +
                          (took ? "" : " stream"));
    }
    bool has(const std::string& call) const {
        const absl::MutexLock lock(&m_mutex);
        return std::find(m_calls.begin(), m_calls.end(), call) != m_calls.end();
    }

    services::CallTotals totals() const override {
        const absl::MutexLock lock(&m_mutex);
        return m_totals;
    }

private:
    /// Whatever takes longer than nothing falls into the one above it.
    static constexpr std::array<std::chrono::nanoseconds, 1> kBounds{
        {std::chrono::microseconds(7)}};
    mutable absl::Mutex m_mutex;
    services::CallTotals m_totals ABSL_GUARDED_BY(m_mutex){0, 0, 0, kBounds, {0, 0}};
    std::vector<std::string> m_calls ABSL_GUARDED_BY(m_mutex);
};

/// What a test's server has of its own.
struct ServerOptions {
    std::size_t machineStreams = 100;
    std::size_t workQueue = 1'000;
    std::size_t watchBytes = 512U << 20;
    std::chrono::milliseconds uploadSilence = std::chrono::minutes(1);
    std::optional<MasterAmongOthers> masters;
};

/// A whole master in this process on a free port, over a database in memory that outlives it.
class ServerFixture {
public:
    explicit ServerFixture(std::shared_ptr<storage::MemoryDatabase> db = nullptr,
                           ServerOptions options = {});

    void stop() { server->stop(std::chrono::milliseconds(500)); }
    std::string address() const;
    /// Empty name: no client certificate.
    std::shared_ptr<grpc::Channel> channelAs(crypto::Role role, const std::string& name) const;
    std::shared_ptr<grpc::Channel> root() const {
        return channelAs(crypto::Role::Operator, "root");
    }

    /// As `ifrit-master publisher-key add` beside the running master.
    void trust(const crypto::SigningKey& publisher);
    /// Publishes a package of one program with this content.
    grpc::Status publish(const std::string& version, const std::string& program,
                         v1::PublishPackageResponse& response);
    /// Sends of its archive no more than `cutAfter` bytes.
    grpc::Status publish(const std::string& version, const std::string& program,
                         const crypto::SigningKey& key, std::uint64_t cutAfter,
                         v1::PublishPackageResponse& response);

    std::shared_ptr<storage::MemoryDatabase> database;
    services::FakeIdentities identities;
    services::FakeAuditLog audit;
    base::SystemClock clock;
    auth::CertificateAuthority authority;
    auth::PasswordLogin logins;
    auth::GrantBook grants;
    auth::TrustDesk trustDesk;  ///< its calls need operators, which this database has not
    cache::MemoryCache cache;
    crypto::SigningKey key;
    const QTemporaryDir packages;
    const std::string directory = packages.path().toStdString();
    RecordedCalls calls;
    std::unique_ptr<Server> server;
};

/// A machine as its agent would behave, by stubs.
class FakeMachine {
public:
    FakeMachine(ServerFixture& fixture, const std::string& uuid);

    /// Enrols with a new join token, then talks with the certificate that it got.
    grpc::Status enrol();
    /// One poll that reports what it runs; follows what it is told when `obey` is set.
    grpc::Status sync();
    grpc::Status permit(v1::PermitResponse& response);
    /// Sync, and then run what is desired, if a permit is given. `fails`: the new version does not
    /// work there and is reverted.
    void poll(bool fails = false);

    std::string uuid;
    std::string running;
    std::string runningDigest;
    v1::MachineState state = v1::MACHINE_STATE_UNMANAGED;
    v1::DesiredEntry desired;
    bool told = false;
    v1::SyncResponse last;
    std::shared_ptr<grpc::Channel> channel;
    v1::Presence presence;  ///< goes with syncs and permits

private:
    ServerFixture& m_fixture;
    std::string m_stream;
    std::uint64_t m_seq = 0;
    std::uint64_t m_generation = 0;
    std::uint64_t m_etag = 0;
    std::string m_bad;
};

}  // namespace ifrit::master::rpc
