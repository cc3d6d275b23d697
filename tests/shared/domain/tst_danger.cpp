// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "shared/domain/danger.h"

using namespace ifrit::domain;

Q_DECLARE_METATYPE(ReleaseVerb)
Q_DECLARE_METATYPE(DangerClass)

class TestDanger : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void rule_data() {
        QTest::addColumn<ReleaseVerb>("verb");
        QTest::addColumn<qulonglong>("machines");
        QTest::addColumn<qulonglong>("cluster");
        QTest::addColumn<DangerClass>("expected");
        const auto row = [](const char* name, ReleaseVerb verb, qulonglong machines,
                            qulonglong cluster, DangerClass expected) {
            QTest::newRow(name) << verb << machines << cluster << expected;
        };
        using enum DangerClass;
        row("pause", ReleaseVerb::Pause, 100'000, 100'000, EasilyReversed);
        row("resume", ReleaseVerb::Resume, 100'000, 100'000, EasilyReversed);
        row("start, none", ReleaseVerb::Start, 0, 100, ChangesMachines);
        row("start, 5 %", ReleaseVerb::Start, 5, 100, ChangesMachines);
        row("start, over 5 %", ReleaseVerb::Start, 6, 100, Wide);
        row("start, 1 of 19", ReleaseVerb::Start, 1, 19, Wide);
        row("start, 1 of 20", ReleaseVerb::Start, 1, 20, ChangesMachines);
        row("start, 1,000 of many", ReleaseVerb::Start, 1'000, 100'000, ChangesMachines);
        row("start, over 1,000", ReleaseVerb::Start, 1'001, 100'000, Wide);
        row("cluster not known", ReleaseVerb::Start, 1'000, 0, ChangesMachines);
        row("cluster not known, over 1,000", ReleaseVerb::Start, 1'001, 0, Wide);
        row("verify", ReleaseVerb::Verify, 6, 100, Wide);
        row("promote", ReleaseVerb::Promote, 6, 100, Wide);
        row("retry", ReleaseVerb::RetryFailed, 1, 100, ChangesMachines);
        row("promote all", ReleaseVerb::PromoteAll, 1, 100, Wide);
        row("abort", ReleaseVerb::Abort, 1, 100, Wide);
        row("abort of a draft", ReleaseVerb::Abort, 0, 100, ChangesMachines);
        row("approve", ReleaseVerb::Approve, 50, 100, ChangesMachines);
        row("rollback", ReleaseVerb::Rollback, 0, 100, Wide);
    }
    void rule() {
        QFETCH(ReleaseVerb, verb);
        QFETCH(qulonglong, machines);
        QFETCH(qulonglong, cluster);
        QFETCH(DangerClass, expected);
        QCOMPARE(dangerOf(verb, {machines, cluster, false}), expected);
        QCOMPARE(dangerOf(verb, {machines, cluster, true}),
                 expected == DangerClass::Wide ? DangerClass::WideInProduction : expected);
    }
    void onlyWhatIsEasilyReversedHasAReverse() {
        using enum ReleaseState;
        const ReleaseState states[] = {Draft,       Running,    Paused,  Halted,
                                       RollingBack, RolledBack, Aborted, Done};
        int found = 0;
        for (const ReleaseVerb verb :
             {ReleaseVerb::Start, ReleaseVerb::Verify, ReleaseVerb::Pause, ReleaseVerb::Resume,
              ReleaseVerb::Promote, ReleaseVerb::PromoteAll, ReleaseVerb::RetryFailed,
              ReleaseVerb::Abort, ReleaseVerb::Rollback, ReleaseVerb::Approve}) {
            for (const ReleaseState before : states) {
                for (const ReleaseState after : states) {
                    const auto reverse = reverseOf(verb, before, after);
                    if (!reverse) continue;
                    ++found;
                    QCOMPARE(dangerOf(verb, {}), DangerClass::EasilyReversed);
                    QCOMPARE(dangerOf(*reverse, {}), DangerClass::EasilyReversed);
                    // And back again.
                    QCOMPARE(reverseOf(*reverse, after, before), verb);
                }
            }
        }
        QCOMPARE(found, 2);
    }
};

QTEST_GUILESS_MAIN(TestDanger)
#include "tst_danger.moc"
