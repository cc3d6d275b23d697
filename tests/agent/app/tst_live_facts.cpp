// SPDX-License-Identifier: Apache-2.0
// A machine that starts before its network: its address comes later, and may change.
#include <QTemporaryDir>
#include <QTest>

#include "agent/app/live_facts.h"
#include "agent/install/run_spec_maker.h"
#include "agent/reconcile/reasons.h"
#include "tests/agent/support/manual_clock.h"

namespace ifrit::tests {
namespace {

class PlayedHost final : public agent::platform::Host {
public:
    agent::platform::HostFacts now;
    mutable int reads = 0;
    agent::platform::HostFacts facts() const override {
        ++reads;
        return now;
    }
    absl::StatusOr<agent::platform::FreeSpace> freeSpace(const std::string&) const override {
        return agent::platform::FreeSpace();
    }
};

domain::Manifest manifestOf(const std::string& argument) {
    domain::Manifest manifest;
    manifest.name = "exporter";
    manifest.version = "1";
    manifest.start.command = {"bin/app", argument};
    domain::Hook hook;
    hook.command = {"bin/hook", argument};
    manifest.hooks.postStop = hook;
    return manifest;
}

}  // namespace

class LiveFactsTest : public QObject {
    Q_OBJECT

    ManualClock m_clock;

private Q_SLOTS:
    void anAddressThatComesLaterIsSeenAtOnce() {
        PlayedHost host;
        agent::app::LiveFacts live({}, host, m_clock);
        for (int i = 0; i < 3; ++i)
            live.refresh();
        QCOMPARE(host.reads, 3);
        QCOMPARE(live.facts().address, std::string());
        host.now.address = "10.0.0.7";
        live.refresh();
        QCOMPARE(live.facts().address, std::string("10.0.0.7"));
    }

    void aKnownOneIsLookedAtRarely() {
        PlayedHost host;
        host.now.address = "10.0.0.8";
        host.now.hostname = "renamed";
        domain::MachineFacts first;
        first.address = "10.0.0.7";
        first.pin = "team";
        agent::app::LiveFacts live(first, host, m_clock);
        live.refresh();
        QCOMPARE(host.reads, 0);
        m_clock.advance(agent::app::LiveFacts::kSpacing);
        for (int i = 0; i < 3; ++i)
            live.refresh();
        QCOMPARE(host.reads, 1);
        QCOMPARE(live.facts().address, std::string("10.0.0.8"));
        QCOMPARE(live.facts().hostname, std::string("renamed"));
        QCOMPARE(live.facts().pin, std::string("team"));
        // The network is away: nobody is told that the machine has no address.
        host.now.address = "";
        m_clock.advance(agent::app::LiveFacts::kSpacing);
        live.refresh();
        QCOMPARE(host.reads, 2);
        QCOMPARE(live.facts().address, std::string("10.0.0.8"));
    }

    /// What runs with it is to be adopted, not to be waited for.
    void theLastOneIsKnownToAnIfritAgentThatStartsAgainWithoutANetwork() {
        using agent::app::LastAddress;
        using agent::app::LiveFacts;
        const QTemporaryDir directory;
        const std::string file = directory.filePath(QStringLiteral("address")).toStdString();
        PlayedHost host;
        QCOMPARE(LiveFacts({}, host, m_clock, LastAddress(file, "boot 1")).facts().address,
                 std::string());
        host.now.address = "10.0.0.7";
        LiveFacts({}, host, m_clock, LastAddress(file, "boot 1")).refresh();
        host.now.address = "";
        LiveFacts again({}, host, m_clock, LastAddress(file, "boot 1"));
        QCOMPARE(again.facts().address, std::string("10.0.0.7"));
        again.refresh();
        QCOMPARE(again.facts().address, std::string("10.0.0.7"));
        // And it is still looked for.
        host.now.address = "10.0.0.8";
        again.refresh();
        QCOMPARE(again.facts().address, std::string("10.0.0.8"));
        QCOMPARE(LastAddress(file, "boot 1").load().address, std::string("10.0.0.8"));
        domain::MachineFacts first;
        first.address = "10.0.0.9";
        const LiveFacts later(first, host, m_clock, LastAddress(file, "boot 2"));
        QCOMPARE(later.facts().address, std::string("10.0.0.9"));
        QCOMPARE(LastAddress(file, "boot 2").load().address, std::string("10.0.0.9"));
        QVERIFY(LastAddress(file, "boot 2").load().isOfThisBoot);
    }

    /// A machine that was started again may get another one; till then it is taken for that.
    void overAStartOfTheMachineTheLastOneIsAssumed() {
        using agent::app::LastAddress;
        using agent::app::LiveFacts;
        const QTemporaryDir directory;
        const std::string file = directory.filePath(QStringLiteral("address")).toStdString();
        LastAddress(file, "boot 1").keep("10.0.0.7");
        PlayedHost host;
        {
            LiveFacts same({}, host, m_clock, LastAddress(file, "boot 1"));
            QCOMPARE(same.address().text, std::string("10.0.0.7"));
            QVERIFY(!same.address().isAssumed);
        }
        for (const char* found : {"10.0.0.7", "10.0.0.8"}) {
            LiveFacts live({}, host, m_clock, LastAddress(file, "boot 2"));
            for (int i = 0; i < 2; ++i) {
                QCOMPARE(live.address().text, std::string("10.0.0.7"));
                QVERIFY(live.address().isAssumed);
                QCOMPARE(live.settledAddress(), std::string());
                live.refresh();
            }
            host.now.address = found;
            live.refresh();
            QCOMPARE(live.address().text, std::string(found));
            QVERIFY(!live.address().isAssumed);
            // Another one may be that of a card which comes up before the one that counts.
            const bool isSame = std::string(found) == "10.0.0.7";
            QCOMPARE(live.settledAddress(), std::string(isSame ? found : ""));
            m_clock.advance(LiveFacts::kSpacing);
            live.refresh();
            QCOMPARE(live.settledAddress(), std::string(found));
            host.now.address = "";
            LastAddress(file, "boot 1").keep("10.0.0.7");
        }
    }

    /// Two cards that take turns at being the first one must not restart agents for ever.
    void anAddressSettlesWhenItIsSeenTwice() {
        using agent::app::LiveFacts;
        PlayedHost host;
        domain::MachineFacts first;
        first.address = "10.0.0.1";
        LiveFacts live(first, host, m_clock);
        const auto after = [&](const char* address) {
            host.now.address = address;
            m_clock.advance(LiveFacts::kSpacing);
            live.refresh();
            return live.settledAddress();
        };
        for (int i = 0; i < 3; ++i) {
            QCOMPARE(after("10.0.0.2"), std::string("10.0.0.1"));
            QCOMPARE(after("10.0.0.1"), std::string("10.0.0.1"));
        }
        QCOMPARE(after("10.0.0.2"), std::string("10.0.0.1"));
        QCOMPARE(after(""), std::string("10.0.0.1"));
        QCOMPARE(after("10.0.0.2"), std::string("10.0.0.2"));
    }

    /// An ifrit-agent that is started again may meet the other card first, and adopts what runs.
    void anotherOneAtAStartOfIfritAgentIsSeenTwiceAsWell() {
        using agent::app::LastAddress;
        using agent::app::LiveFacts;
        const QTemporaryDir directory;
        const std::string file = directory.filePath(QStringLiteral("address")).toStdString();
        PlayedHost host;
        domain::MachineFacts first;
        first.address = "10.0.0.1";
        const LiveFacts before(first, host, m_clock, LastAddress(file, "boot 1"));
        QCOMPARE(before.settledAddress(), std::string("10.0.0.1"));
        first.address = "10.0.0.2";
        LiveFacts again(first, host, m_clock, LastAddress(file, "boot 1"));
        QCOMPARE(again.settledAddress(), std::string("10.0.0.1"));
        host.now.address = "10.0.0.2";
        m_clock.advance(LiveFacts::kSpacing);
        again.refresh();
        QCOMPARE(again.settledAddress(), std::string("10.0.0.2"));
    }

    void whatUsesTheAddressWaitsForIt() {
        agent::install::MachineAddress address;
        const agent::install::RunSpecMaker maker(agent::install::Layout("/r"), {}, {},
                                                 [&address] { return address; });
        const agent::journal::InstalledVersion version{"1", std::string(64, 'a')};
        const domain::Manifest user = manifestOf("--listen=${machine.address}:1");
        const absl::Status waits = maker.runSpec(user, version).status();
        QCOMPARE(base::errorInfo(waits).reason, std::string(agent::reconcile::kNoAddress));
        QVERIFY(absl::IsUnavailable(waits));
        QCOMPARE(
            base::errorInfo(maker.hookSpec(user, version, *user.hooks.postStop).status()).reason,
            std::string(agent::reconcile::kNoAddress));
        // What is to end is not kept by it; and nobody else waits.
        using Purpose = agent::install::RunSpecMaker::Purpose;
        QVERIFY(maker.runSpec(user, version, Purpose::Stop).ok());
        QVERIFY(maker.runSpec(manifestOf("--here"), version).ok());
        QCOMPARE(maker.runSpec(manifestOf("--here"), version)->address, std::string());
        address = {"10.0.0.7"};
        const auto spec = maker.runSpec(user, version);
        QVERIFY(spec.ok());
        QCOMPARE(spec->command.at(1), std::string("--listen=10.0.0.7:1"));
        QCOMPARE(spec->address, std::string("10.0.0.7"));
        QCOMPARE(maker.runSpec(manifestOf("--here"), version)->address, std::string());
    }

    /// It must be neither kept waiting nor convicted by an address that may be another's by now.
    void anAssumedAddressIsGoodEnoughForAllButATrial() {
        const agent::install::RunSpecMaker maker(agent::install::Layout("/r"), {}, {}, [] {
            return agent::install::MachineAddress{"10.0.0.7", true};
        });
        using Purpose = agent::install::RunSpecMaker::Purpose;
        const agent::journal::InstalledVersion version{"1", std::string(64, 'a')};
        const domain::Manifest user = manifestOf("--listen=${machine.address}:1");
        const auto spec = maker.runSpec(user, version, Purpose::Start);
        QVERIFY(spec.ok());
        QCOMPARE(spec->address, std::string("10.0.0.7"));
        QVERIFY(maker.hookSpec(user, version, *user.hooks.postStop, Purpose::Start).ok());
        for (const absl::Status& refused :
             {maker.runSpec(user, version, Purpose::Trial).status(),
              maker.hookSpec(user, version, *user.hooks.postStop, Purpose::Trial).status()})
            QCOMPARE(base::errorInfo(refused).reason, std::string(agent::reconcile::kNoAddress));
        QVERIFY(maker.runSpec(manifestOf("--here"), version, Purpose::Trial).ok());
    }
};

}  // namespace ifrit::tests

using ifrit::tests::LiveFactsTest;
QTEST_GUILESS_MAIN(LiveFactsTest)
#include "tst_live_facts.moc"
