// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/grpcpp.h>
#include <ifrit/v1/machine_link.pb.h>
#include <ifrit/v1/releases.pb.h>

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "shared/base/clock.h"
#include "shared/crypto/signing_key.h"
#include "tests/fault/real_master.h"

namespace ifrit::tests {

/// A machine that does what it is told, as its agent would, at whichever of two masters. One
/// thread.
class ObeyingMachine {
public:
    using Channels = std::array<std::shared_ptr<grpc::Channel>, 2>;
    ObeyingMachine(std::string uuid, std::function<Channels()> channels);

    /// One poll with what it runs, and "log of UUID" where a log was asked for; a failed one is
    /// tried once more at the other master, and then counted as lost.
    bool sync();
    /// "granted", "refused" or the code of the error; asks the master that it polls.
    std::string askPermit();
    /// sync(), and switch when it is told to and given a permit.
    void step();
    /// The archive that it is told to install, from the master that it polls; empty: an error.
    std::string download();
    void moveTo(std::size_t master) { m_at = master; }
    /// From now on as that run of ifrit-agent, which masters tell from others.
    void runAs(std::uint64_t instance, bool moved = false) {
        m_instance = instance;
        m_moved = moved;
    }
    /// One poll at that master alone: "taken", or the reason of the refusal.
    std::string poll(std::size_t master);
    /// From now on each report brings events of so many bytes.
    void tellEvents(std::size_t bytes) { m_eventBytes = bytes; }
    /// Reports with events that a master acknowledged, by their numbers, which eventOf() begins
    /// with.
    const std::vector<std::uint64_t>& promised() const { return m_promised; }
    static std::string eventOf(std::uint64_t seq) { return "event " + std::to_string(seq) + ' '; }
    /// Where restarted masters are now.
    void reconnect() { m_channels = m_connect(); }

    const std::string& uuid() const { return m_uuid; }
    const std::string& running() const { return m_running; }
    const v1::DesiredEntry& desired() const { return m_desired; }
    int switches() const { return m_switches; }
    int lost() const { return m_lost; }
    int retried() const { return m_retried; }

private:
    grpc::Status syncAt(std::size_t master);
    void addEvents(v1::ReportDelta& report) const;

    const std::string m_uuid;
    const std::function<Channels()> m_connect;
    Channels m_channels;
    std::size_t m_at = 0;
    v1::DesiredEntry m_desired;
    std::string m_running;
    std::string m_runningDigest;
    std::string m_stream;
    std::vector<v1::LogTailRequest> m_wantedTails;
    std::uint64_t m_seq = 0;
    std::size_t m_eventBytes = 0;
    std::vector<std::uint64_t> m_promised;
    std::uint64_t m_generation = 0;
    std::uint64_t m_etag = 0;
    std::uint64_t m_instance = 0;
    bool m_moved = false;
    bool m_isTold = false;
    int m_switches = 0;
    int m_lost = 0;
    int m_retried = 0;
};

/// What a test of masters waits for at most; milliseconds.
inline constexpr int kPatience = 60'000;
inline const base::SystemClock kClock;

/// What every changing call must have.
void setMutation(v1::Mutation& mutation);

/// Two real ifrit-masters on real servers.
class MastersCluster : public RealServers {
public:
    static constexpr std::size_t kMasters = 2;

    /// Machines poll when the test says so, and none while it waits for a master: by so long an
    /// interval none is silent, however slow the processors are.
    static constexpr std::chrono::milliseconds kSeldom{30'000};

    /// `databaseDirectory`: on whose disk MariaDB is; empty: any. `cache`: lines of `[cache]` that
    /// say where a Redis of the test's is, instead of this one's. `pollInterval`: by which the
    /// masters reckon who is silent.
    explicit MastersCluster(const QString& databaseDirectory = {}, const std::string& cache = {},
                            std::chrono::milliseconds pollInterval = kSeldom);

    void serve(std::size_t master);
    void killMaster(std::size_t master) { m_masters[master].kill(); }
    ChildProcess& process(std::size_t master) { return m_masters[master].process(); }
    std::string address(std::size_t master) const { return m_masters[master].address(); }
    std::string log(std::size_t master) const { return m_masters[master].log(); }
    using RealServers::path;
    using RealServers::run;

    /// Which one holds the lease; kMasters: none of these.
    std::size_t leader();
    std::size_t follower() { return leader() == 0 ? 1 : 0; }
    master::storage::LeaseRecord lease();

    /// A super admin's channel, new with each call.
    std::shared_ptr<grpc::Channel> root(std::size_t master) const;
    std::unique_ptr<ObeyingMachine> enrol(const std::string& uuid, std::size_t at = 0);

    /// Publishes exporter `version` at a master; its archive is `archive`.
    grpc::Status publish(std::size_t at, const std::string& version, const std::string& program);
    /// Creates, plans and starts; every call at `at`. Throws on an error.
    v1::Release start(std::size_t at, const v1::ReleaseSpec& spec);
    grpc::Status act(std::size_t at, const std::string& id, v1::ReleaseVerb verb,
                     std::chrono::milliseconds timeout = std::chrono::seconds(20));
    /// The kill switch of the whole cluster.
    grpc::Status freeze(std::size_t at);
    grpc::Status unfreeze(std::size_t at);
    v1::Release show(std::size_t at, const std::string& id);
    /// "what" of each entry of the timeline.
    std::vector<std::string> timeline(std::size_t at, const std::string& id);
    master::storage::Database& database() { return *m_database; }

private:
    const crypto::SigningKey m_publisher;
    std::array<RealMaster, kMasters> m_masters;
    std::unique_ptr<master::storage::Database> m_database;
};

/// Steps all machines until `until`, for at most a minute: whether it came to be.
bool drive(const std::vector<std::unique_ptr<ObeyingMachine>>& machines,
           const std::function<bool()>& until);

/// Installs exporter `version` on LINUX.
v1::ReleaseSpec specOf(const std::string& version);

}  // namespace ifrit::tests
