// SPDX-License-Identifier: Apache-2.0
// What verify and promote ask says what they do, as the desktop's sheet does.
#include <QTest>

#include "tests/gui/ctl/ctl_harness.h"

using namespace ifrit;
using namespace ifrit::gui;
using tests::Ctl;
using tests::has;

namespace {

services::StageProgress stageOf(domain::StageKind kind, std::uint32_t batch,
                                std::uint32_t machines) {
    services::StageProgress out;
    out.counts.kind = kind;
    out.counts.batch = batch;
    out.counts.targeted = machines;
    return out;
}

}  // namespace

class TestCtlOpening : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void asksForWhatOpens_data() {
        QTest::addColumn<QString>("verb");
        QTest::addColumn<bool>("waits");
        QTest::addColumn<int>("emptyBatches");
        QTest::addColumn<QString>("question");
        const auto row = [](const char* name, const char* verb, bool waits, int empty,
                            const char* question) {
            QTest::newRow(name) << QString::fromLatin1(verb) << waits << empty
                                << QString::fromLatin1(question);
        };
        row("over, and waits for a person", "promote", true, 0,
            "Open batch 2 of release 12, 3 machines?");
        row("not over", "promote", false, 0,
            "Open batch 2 of release 12, 3 machines, without waiting for batch 1?");
        row("batches without machines open with it", "promote", true, 2,
            "Open batch 4 of release 12, 3 machines?");
        row("verify", "verify", true, 0,
            "Verify batch 1 of release 12 and open batch 2, 3 machines?");
    }
    void asksForWhatOpens() {
        QFETCH(const QString, verb);
        QFETCH(const bool, waits);
        QFETCH(const int, emptyBatches);
        QFETCH(const QString, question);
        Ctl ctl;
        services::ReleaseInfo info = tests::release(domain::ReleaseState::Running, {}, 4);
        info.release.stage = domain::StageKind::Batch;
        info.batch = 1;
        info.clusterMachines = 1'000;
        info.saysPerson = waits;
        info.allowedVerbs = {domain::ReleaseVerb::Verify, domain::ReleaseVerb::Promote};
        info.stages = {stageOf(domain::StageKind::Batch, 1, 4)};
        info.stages.back().counts.opened = base::fromUnixMillis(1);
        std::uint32_t batch = 2;
        for (int i = 0; i < emptyBatches; ++i)
            info.stages.push_back(stageOf(domain::StageKind::Batch, batch++, 0));
        info.stages.push_back(stageOf(domain::StageKind::Batch, batch, 3));
        info.stages.push_back(stageOf(domain::StageKind::Full, 0, 9));
        info.reached = {{domain::ReleaseVerb::Verify, 3}, {domain::ReleaseVerb::Promote, 3}};
        ctl.sessions.session.release = info;
        ctl.interactive = true;
        ctl.typed = "n";
        const tests::Outcome outcome = ctl.run({"release", verb.toStdString(), "12"});
        QVERIFY2(has(outcome.err, question.toStdString()), outcome.err.c_str());
        QVERIFY(ctl.sessions.session.lastAct.releaseId.empty());
    }
    /// A master that tells no stages.
    void asksForTheNextOneWhereNoneIsKnown() {
        Ctl ctl;
        services::ReleaseInfo info = tests::release(domain::ReleaseState::Running, {}, 2);
        info.stages.front().counts.opened = base::fromUnixMillis(1);
        info.clusterMachines = 1'000;
        info.saysPerson = true;
        ctl.sessions.session.release = info;
        ctl.interactive = true;
        ctl.typed = "n";
        const tests::Outcome outcome = ctl.run({"release", "promote", "12"});
        QVERIFY2(has(outcome.err, "Open the next stage of release 12, 2 machines?"),
                 outcome.err.c_str());
    }
};

QTEST_GUILESS_MAIN(TestCtlOpening)
#include "tst_ctl_opening.moc"
