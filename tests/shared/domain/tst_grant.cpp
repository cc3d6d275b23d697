// SPDX-License-Identifier: Apache-2.0
#include "shared/domain/grant.h"

#include <QTest>

#include "shared/base/status.h"

using namespace ifrit;
using namespace ifrit::domain;

namespace {

base::WallTime at(std::int64_t seconds) {
    return base::WallTime{} + std::chrono::seconds(seconds);
}

Grant grant(const char* verb, const char* agent = "*", const char* type = "*",
            const char* cluster = "*") {
    return {"1", "li", verb, agent, cluster, type, std::nullopt};
}

using Types = std::vector<std::string>;

}  // namespace

class TestGrant : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void patterns_data() {
        QTest::addColumn<QByteArray>("pattern");
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<bool>("matches");
        const auto row = [](const char* pattern, const char* name, bool matches) {
            QTest::addRow("%s %s", pattern, name)
                << QByteArray(pattern) << QByteArray(name) << matches;
        };
        row("*", "release.start", true);
        row("release.*", "release.start", true);
        row("release.*", "releases", false);
        row("release.start", "release.start", true);
        row("release.start", "release.start-all", false);
        row("release.promote", "release.promote-all", false);
        row("metrics-*", "metrics-a", true);
        row("metrics-*", "metric", false);
        row("LINUX", "LINUX_ARM", false);
        row("", "x", false);
    }
    void patterns() {
        QFETCH(QByteArray, pattern);
        QFETCH(QByteArray, name);
        QTEST(matchesPattern(pattern.toStdString(), name.toStdString()), "matches");
    }

    // anna and bert were granted release.*: neither approves what the other made.
    void approvalIsGrantedByItsNameAlone_data() {
        QTest::addColumn<QByteArray>("verb");
        QTest::addColumn<bool>("approves");
        for (const char* wide : {"*", "release.*", "release.approve*", "release.start"})
            QTest::newRow(wide) << QByteArray(wide) << false;
        QTest::newRow("by name") << QByteArray("release.approve") << true;
    }
    void approvalIsGrantedByItsNameAlone() {
        QFETCH(const QByteArray, verb);
        QFETCH(const bool, approves);
        const std::vector<Grant> grants{grant(verb.constData())};
        QCOMPARE(!missingOf(grants, "lab", {"release.approve", "logd", {"LINUX"}}, at(0)),
                 approves);
        QCOMPARE(isGrantedSomewhere(grants, "lab", "release.approve", at(0)), approves);
    }

    /// Each dimension alone decides; what is not named is all, which only "*" covers.
    void coverage_data() {
        QTest::addColumn<QList<int>>("grants");
        QTest::addColumn<QByteArray>("agent");
        QTest::addColumn<QByteArrayList>("types");
        QTest::addColumn<QByteArray>("missing");  ///< types that stay open; "all"; empty: none
        const QByteArrayList linuxAlone = {"LINUX"};
        const QByteArrayList both = {"LINUX", "ARM64"};
        QTest::newRow("nothing") << QList<int>{} << QByteArray("logd") << linuxAlone
                                 << QByteArray("LINUX");
        QTest::newRow("everything") << QList<int>{0} << QByteArray("logd") << both << QByteArray();
        QTest::newRow("agent") << QList<int>{1} << QByteArray("logd") << both << QByteArray();
        QTest::newRow("other agent")
            << QList<int>{1} << QByteArray("logd2") << linuxAlone << QByteArray("LINUX");
        QTest::newRow("type") << QList<int>{2} << QByteArray("logd") << both << QByteArray("ARM64");
        QTest::newRow("types by two")
            << QList<int>{2, 3} << QByteArray("logd") << both << QByteArray();
        QTest::newRow("other cluster")
            << QList<int>{4} << QByteArray("logd") << linuxAlone << QByteArray("LINUX");
        QTest::newRow("other verb")
            << QList<int>{5} << QByteArray("logd") << linuxAlone << QByteArray("LINUX");
        QTest::newRow("expired") << QList<int>{6} << QByteArray("logd") << linuxAlone
                                 << QByteArray("LINUX");
        QTest::newRow("expires later")
            << QList<int>{7} << QByteArray("logd") << linuxAlone << QByteArray();
        QTest::newRow("whole cluster")
            << QList<int>{0} << QByteArray() << QByteArrayList{} << QByteArray();
        QTest::newRow("whole cluster by an agent")
            << QList<int>{1} << QByteArray() << QByteArrayList{} << QByteArray("all");
        QTest::newRow("whole cluster by types")
            << QList<int>{2, 3} << QByteArray() << QByteArrayList{} << QByteArray("all");
        QTest::newRow("all types of the agent")
            << QList<int>{1} << QByteArray("logd") << QByteArrayList{} << QByteArray();
        QTest::newRow("all types by two")
            << QList<int>{2, 3} << QByteArray("logd") << QByteArrayList{} << QByteArray("all");
    }
    void coverage() {
        QFETCH(QList<int>, grants);
        QFETCH(QByteArray, agent);
        QFETCH(QByteArrayList, types);
        QFETCH(QByteArray, missing);
        Grant expired = grant("*");
        expired.expires = at(100);
        Grant later = grant("*");
        later.expires = at(101);
        const std::vector<Grant> all = {grant("*"),
                                        grant("release.*", "logd"),
                                        grant("release.*", "logd", "LINUX"),
                                        grant("release.start", "*", "ARM*"),
                                        grant("*", "*", "*", "other"),
                                        grant("release.stop"),
                                        expired,
                                        later};
        std::vector<Grant> held;
        for (const int index : grants)
            held.push_back(all[static_cast<std::size_t>(index)]);
        Touch touch{"release.start", agent.toStdString(), {}};
        for (const QByteArray& type : types)
            touch.machineTypes.push_back(type.toStdString());
        const auto open = missingOf(held, "test", touch, at(100));
        QCOMPARE(open.has_value(), !missing.isEmpty());
        if (!open) return;
        QCOMPARE(open->machineTypes, missing == "all" ? Types{} : Types{missing.toStdString()});
    }

    void whatIsNoGrantIsRefused_data() {
        QTest::addColumn<int>("field");
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("good");
        const auto row = [](int field, const char* text, bool good) {
            QTest::addRow("%d '%s'", field, text) << field << QByteArray(text) << good;
        };
        for (const int field : {0, 1, 2, 3}) {
            row(field, "*", true);
            row(field, "", false);
            row(field, "a*b", false);
            row(field, "**", false);
            row(field, "a b", false);
            row(field, "a\"b", false);
        }
        row(0, "release.promote-all", true);
        row(0, "release.*", true);
        row(1, "logd", true);
        row(1, "metrics-*", true);
        row(2, "eu-1", true);
        row(3, "LINUX", true);
        row(3, "linux", false);
        QTest::newRow("long") << 1 << QByteArray(65, 'a') << false;
    }
    void whatIsNoGrantIsRefused() {
        QFETCH(int, field);
        QFETCH(QByteArray, text);
        QFETCH(bool, good);
        Grant made = grant("*");
        (field == 0   ? made.verb
         : field == 1 ? made.agent
         : field == 2 ? made.cluster
                      : made.machineType) = text.toStdString();
        const absl::Status status = checkGrant(made);
        QCOMPARE(status.ok(), good);
        if (!good) QCOMPARE(base::errorInfo(status).reason, std::string("GRANT_INVALID"));
    }

    void sentences() {
        QCOMPARE(describe(Touch{"release.start", "logd", {"ARM64", "LINUX"}}),
                 std::string("release.start of agent logd on ARM64, LINUX"));
        QCOMPARE(describe(Touch{"cluster.freeze", {}, {}}),
                 std::string("cluster.freeze of the whole cluster"));
        QCOMPARE(describe(grant("release.*", "logd", "LINUX")),
                 std::string("release.* of agent logd on LINUX in every cluster"));
    }
};

QTEST_GUILESS_MAIN(TestGrant)
#include "tst_grant.moc"
