// SPDX-License-Identifier: Apache-2.0
#include <QTest>

#include "master/rpc/grant_rule.h"
#include "shared/base/status.h"

using namespace ifrit;
using namespace ifrit::master::rpc;

class TestGrantRule : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aGrantThatCanOpenNothingIsNone_data() {
        QTest::addColumn<QString>("verb");
        QTest::addColumn<QString>("agent");
        QTest::addColumn<QString>("type");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const char* verb, const char* agent, const char* type,
                            const char* says) {
            QTest::newRow(name) << QString::fromUtf8(verb) << QString::fromUtf8(agent)
                                << QString::fromUtf8(type) << QString::fromUtf8(says);
        };
        row("of the cluster", "cluster.freeze", "*", "*", "");
        row("of one agent", "cluster.freeze", "logd", "*",
            "cluster.freeze is asked of the whole cluster, so a grant of it for agent logd alone "
            "would open nothing: give it for every agent and machine type");
        row("of one type", "cluster.unfreeze", "*", "LINUX", "for machine type LINUX alone");
        row("a pattern of them", "cluster.*", "log*", "*", "cluster.freeze and cluster.unfreeze");
        row("a pattern of others too", "*", "logd", "*", "");
        row("of an agent's", "release.start", "logd", "LINUX", "");
        // GetUpload asks for it in whatever scope; PublishPackage of the agent.
        row("of two calls", "package.publish", "logd", "*", "");
    }
    void aGrantThatCanOpenNothingIsNone() {
        QFETCH(const QString, verb);
        QFETCH(const QString, agent);
        QFETCH(const QString, type);
        QFETCH(const QString, says);
        domain::Grant grant{
            {}, "anna", verb.toStdString(), agent.toStdString(), "*", type.toStdString(), {}};
        const absl::Status status = checkCanApply(grant);
        QCOMPARE(status.ok(), says.isEmpty());
        if (status.ok()) return;
        QCOMPARE(base::errorInfo(status).reason, std::string("GRANT_INVALID"));
        const QString sentence = QString::fromStdString(base::messageOf(status));
        QVERIFY2(sentence.contains(says), qPrintable(sentence));
    }

    void patternsTakeInWhatCallsAskFor() {
        for (const char* verb : {"*", "release.*", "release.approve", "cluster.freeze"})
            QVERIFY2(takesInSome(verb), verb);
        // That one by its name alone.
        for (const char* verb : {"release.appr*", "release.stop", "grant.give", "x*"})
            QVERIFY2(!takesInSome(verb), verb);
    }
};

QTEST_GUILESS_MAIN(TestGrantRule)
#include "tst_grant_rule.moc"
