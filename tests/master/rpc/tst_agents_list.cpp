// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <atomic>
#include <set>
#include <thread>

#include "shared/rpc/channel.h"
#include "tests/master/rpc/server_fixture.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::rpc;

namespace {

constexpr int kTypes = 400;

/// Every machine type settled on the version that is named as the generation.
std::shared_ptr<const compose::Snapshot> settledOn(std::uint64_t generation) {
    std::vector<compose::DesiredRow> rows;
    for (int type = 0; type < kTypes; ++type) {
        compose::DesiredRow row;
        row.machineType = "TYPE" + std::to_string(type);
        row.entry.agent = "logd";
        row.entry.level = domain::Level::Full;
        row.entry.version = std::to_string(generation);
        rows.push_back(row);
    }
    return std::make_shared<const compose::Snapshot>(generation, base::WallTime{}, rows);
}

}  // namespace

class TestAgentsList : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// What is listed was freed by the next generation, in the middle of the list.
    void agentsAreListedWhileGenerationsArePublished() {
        ServerFixture fixture;
        compose::PublishedState& published = fixture.server->services().published();
        constexpr std::uint64_t kFirst = 1'000'000;
        published.publish(settledOn(kFirst));
        std::atomic<bool> isOver{false};
        std::uint64_t generation = kFirst;
        std::thread publisher([&] {
            while (!isOver)
                published.publish(settledOn(++generation));
        });
        const auto agents = v1::Agents::NewStub(fixture.root());
        std::set<std::string> seen;
        std::string fault;
        for (int call = 0; call < 2'000 && fault.empty() && (call < 50 || seen.size() < 2);
             ++call) {
            grpc::ClientContext context;
            ifrit::rpc::setDeadline(context, std::chrono::seconds(30));
            v1::ListAgentsResponse out;
            const grpc::Status status = agents->ListAgents(&context, {}, &out);
            if (!status.ok()) fault = status.error_message();
            if (fault.empty() && out.agents_size() != 1) fault = "agents that nobody named";
            if (!fault.empty()) break;
            std::set<std::string> versions;
            for (const auto& [type, version] : out.agents(0).settled_versions())
                versions.insert(version);
            // All of one snapshot, whichever.
            if (versions.size() != 1 || out.agents(0).settled_versions_size() != kTypes)
                fault = std::to_string(versions.size()) + " versions in one list";
            seen.insert(versions.begin(), versions.end());
        }
        isOver = true;
        publisher.join();
        QVERIFY2(fault.empty(), fault.c_str());
        QVERIFY(seen.size() > 1);
        fixture.stop();
    }
};

QTEST_GUILESS_MAIN(TestAgentsList)
#include "tst_agents_list.moc"
