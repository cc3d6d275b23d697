// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "master/release/succession.h"

using namespace ifrit;
using namespace ifrit::master::release;
using domain::ReleaseState;

namespace {

domain::ReleaseSpec spec(const std::string& agent, std::vector<std::string> types) {
    domain::ReleaseSpec out;
    out.agent = agent;
    out.version = "1";
    out.machineTypes = std::move(types);
    return out;
}

/// Release `number` of logd on LINUX: it moves from "old N" to "new N".
Model head(std::uint64_t number, ReleaseState state) {
    Model out;
    out.release.id = "r" + std::to_string(number);
    out.release.number = number;
    out.release.state = state;
    out.release.spec = spec("logd", {"LINUX"});
    out.release.spec.version = std::to_string(number);
    if (state == ReleaseState::Draft) return out;
    out.release.started = base::WallTime(std::chrono::hours(number));
    out.stamp = *out.release.started;
    out.targets["LINUX"] = {{}, std::to_string(number), "new " + std::to_string(number)};
    out.previous["LINUX"] = Target{{}, "0", "old " + std::to_string(number)};
    return out;
}

Heads headsOf(const std::vector<Model>& models) {
    Heads out;
    for (const Model& model : models)
        out[model.release.id] = std::make_shared<const Model>(model);
    return out;
}

}  // namespace

class TestSuccession : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void releasesShareMachinesOfOneAgentAndType() {
        QVERIFY(share(spec("a", {"X", "Y"}), spec("a", {"Y", "Z"})));
        QVERIFY(!share(spec("a", {"X"}), spec("a", {"Y"})));
        QVERIFY(!share(spec("a", {"X"}), spec("b", {"X"})));
        QVERIFY(!share(spec("a", {}), spec("a", {"X"})));
    }

    void onlyALaterOneThatWasStartedSupersedes() {
        const Model second = head(2, ReleaseState::Done);
        QVERIFY(supersededBy(second, headsOf({head(1, ReleaseState::Done), second})) == nullptr);
        QVERIFY(supersededBy(second, headsOf({second, head(3, ReleaseState::Draft)})) == nullptr);
        Model other = head(3, ReleaseState::Done);
        other.release.spec.machineTypes = {"WINDOWS"};
        QVERIFY(supersededBy(second, headsOf({second, other})) == nullptr);
        const Heads heads = headsOf({second, head(3, ReleaseState::Running)});
        QCOMPARE(supersededBy(second, heads)->release.number, std::uint64_t{3});
        // A draft that waited until the one after it was done.
        Model late = head(1, ReleaseState::Done);
        late.stamp = base::WallTime(std::chrono::hours(9));
        const Heads waited = headsOf({late, second});
        QVERIFY(supersededBy(second, waited) != nullptr);
        QCOMPARE(supersededBy(second, waited)->release.number, std::uint64_t{1});
        QVERIFY(supersededBy(late, waited) == nullptr);
    }

    void whatWasRolledBackSupersedesNothing() {
        const Model first = head(1, ReleaseState::Done);
        QVERIFY(!rolledBackSince(first, headsOf({first})));
        QVERIFY(!isFallenBackTo(first, headsOf({first})));
        Model second = head(2, ReleaseState::RolledBack);
        Model third = head(3, ReleaseState::RolledBack);
        // It went back before the one that it had followed.
        second.standingStamp = base::WallTime(std::chrono::hours(40));
        third.standingStamp = base::WallTime(std::chrono::hours(30));
        const Heads heads = headsOf({first, second, third});
        QVERIFY(supersededBy(first, heads) == nullptr);
        QCOMPARE(rolledBackSince(first, heads), std::optional(second.standingStamp));
        QCOMPARE(rolledBackSince(second, heads), std::optional(third.standingStamp));
        QVERIFY(isFallenBackTo(first, heads));
        QVERIFY(!isFallenBackTo(second, heads));
        for (const auto state :
             {ReleaseState::Running, ReleaseState::Aborted, ReleaseState::RollingBack}) {
            third.release.state = state;
            const Heads held = headsOf({first, second, third});
            QCOMPARE(supersededBy(first, held)->release.number, std::uint64_t{3});
            QVERIFY(!isFallenBackTo(first, held));
        }
        third.release.state = ReleaseState::RolledBack;
        third.release.spec.machineTypes = {"WINDOWS"};
        QVERIFY(!rolledBackSince(second, headsOf({first, second, third})));
    }

    // What a rollback could still need stays; what two later ones left behind does not.
    void digestsAreInUseUntilAnotherReleaseFollowed() {
        const Heads heads = headsOf({head(1, ReleaseState::Done), head(2, ReleaseState::Done),
                                     head(3, ReleaseState::Draft)});
        QCOMPARE(digestsInUse(heads), (std::set<std::string>{"new 2", "old 2"}));
        // Once the later one is rolled back it is the first one's turn again.
        const Heads back =
            headsOf({head(1, ReleaseState::Done), head(2, ReleaseState::RolledBack)});
        QCOMPARE(digestsInUse(back), (std::set<std::string>{"new 1", "old 1"}));
        // One that runs needs its own whatever follows.
        const Heads running =
            headsOf({head(1, ReleaseState::Running), head(2, ReleaseState::Done)});
        QCOMPARE(digestsInUse(running),
                 (std::set<std::string>{"new 1", "old 1", "new 2", "old 2"}));
        Model first = head(1, ReleaseState::Done);
        first.previous["LINUX"] = std::nullopt;
        first.targets["WINDOWS"] = Target{};
        QCOMPARE(digestsInUse(headsOf({first})), std::set<std::string>{"new 1"});
        first.pinnedDigests = {"", "pinned"};
        QCOMPARE(digestsInUse(headsOf({first})), (std::set<std::string>{"new 1", "pinned"}));
    }

    void draftsAndRunningOnesNameTheirVersions() {
        const Heads heads = headsOf({head(1, ReleaseState::Done), head(2, ReleaseState::Halted),
                                     head(3, ReleaseState::Draft)});
        QCOMPARE(versionsNamed(heads),
                 (std::map<std::pair<std::string, std::string>, std::uint64_t>{
                     {{"logd", "2"}, 2}, {{"logd", "3"}, 3}}));
    }
};

QTEST_GUILESS_MAIN(TestSuccession)
#include "tst_succession.moc"
