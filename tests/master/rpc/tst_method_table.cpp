// SPDX-License-Identifier: Apache-2.0
#include "master/rpc/method_table.h"

#include <QFile>
#include <QTest>
#include <algorithm>

#include "master/rpc/access_answer.h"

using namespace ifrit;
using namespace ifrit::master;
using namespace ifrit::master::rpc;

namespace {

constexpr char kBegin[] =
    "<!-- methods: of master/rpc/method_table.cpp, held by tst_method_table -->\n";
constexpr char kEnd[] = "<!-- end of methods -->\n";
constexpr char kPage[] = IFRIT_SOURCE_DIR "/docs/security.md";

QByteArray readPage() {
    QFile file(QString::fromLatin1(kPage));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

base::WallTime at(std::int64_t seconds) {
    return base::WallTime{} + std::chrono::seconds(seconds);
}

AccessQuestion question(const std::string& verb, const std::string& agent,
                        std::vector<std::string> types) {
    AccessQuestion out;
    out.user = "li";
    out.person = storage::OperatorRecord{"li", "", storage::OperatorRole::Reader, false, {}, {}};
    out.cluster = "test";
    out.touch = {verb, agent, std::move(types)};
    out.now = at(100);
    return out;
}

}  // namespace

class TestMethodTable : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// A row that forgot what its kind needs would open a call, or hide it from the audit.
    void rowsAreWhole() {
        for (const MethodRule& rule : methodTable()) {
            const std::string name(rule.method);
            const bool needsVerb =
                rule.access == Access::Granted || rule.access == Access::SuperAdmin;
            QVERIFY2(!needsVerb || !rule.verb.empty(), name.c_str());
            const bool isForGrants = rule.scope == Scope::Cluster || rule.scope == Scope::Agent;
            QVERIFY2(!isForGrants || rule.access == Access::Granted, name.c_str());
            QVERIFY2(rule.scope != Scope::Own || rule.access == Access::Reader, name.c_str());
            const bool writes = rule.effect == Effect::Write;
            const bool isNoPersons =
                rule.access == Access::Machine || rule.access == Access::Master;
            QVERIFY2(!writes || isNoPersons || !rule.verb.empty(), name.c_str());
            // The password comes with a mutation, of whom no grant replaces.
            QVERIFY2(rule.again == Again::Nothing || (writes && rule.access != Access::Granted),
                     name.c_str());
            // Only what has no effect may be granted without saying for which agent.
            QVERIFY2(rule.access != Access::Granted || !writes || rule.scope != Scope::None,
                     name.c_str());
        }
    }

    void permissionsOfOneKindAreNotOfTheOther() {
        const auto granted = grantablePermissions();
        const auto super = superAdminPermissions();
        for (const std::string& permission : granted)
            QVERIFY2(std::count(super.begin(), super.end(), permission) == 0, permission.c_str());
        const auto has = [](const auto& all, const char* one) {
            return std::count(all.begin(), all.end(), std::string(one)) == 1;
        };
        QVERIFY(has(granted, "release.promote-all"));
        QVERIFY(has(granted, "package.publish"));
        QVERIFY(has(granted, "cluster.freeze"));
        for (const char* one : {"campaign.import", "campaign.prepare", "campaign.present-receipt",
                                "campaign.start", "campaign.abort"})
            QVERIFY2(has(granted, one), one);
        QVERIFY(!has(granted, "release.act"));
        // What would let one grant oneself the rest.
        for (const char* one : {"grant.give", "operator.add", "operator.role", "operator.passwd",
                                "certificate.issue"})
            QVERIFY2(has(super, one), one);
    }

    /// IFRIT_UPDATE_DOCS=1 writes it.
    void theDocumentSaysTheSame() {
        QByteArray page = readPage();
        const qsizetype begin = page.indexOf(kBegin);
        const qsizetype end = page.indexOf(kEnd);
        QVERIFY(begin > 0 && end > begin);
        const qsizetype from = begin + qsizetype(sizeof kBegin) - 1;
        const QByteArray wanted = QByteArray::fromStdString(methodTableMarkdown());
        if (qEnvironmentVariableIsSet("IFRIT_UPDATE_DOCS")) {
            page.replace(from, end - from, wanted);
            QFile file(QString::fromLatin1(kPage));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(page);
            return;
        }
        QCOMPARE(page.mid(from, end - from), wanted);
    }

    void answersSayWhy_data() {
        QTest::addColumn<QString>("who");
        QTest::addColumn<bool>("allowed");
        QTest::addColumn<QString>("says");
        QTest::newRow("nobody") << "nobody" << false << "no operator 'li'";
        QTest::newRow("disabled") << "disabled" << false << "disabled";
        QTest::newRow("super admin") << "super" << true << "super admin";
        QTest::newRow("nothing granted") << "reader" << false << "no grant gives li release.start";
        QTest::newRow("granted") << "granted" << true << "grant 7";
        QTest::newRow("by configuration") << "configured" << true << "configuration";
        QTest::newRow("half of it") << "half" << false << "on ARM64";
        QTest::newRow("both halves") << "halves" << true << "grant 7, grant 8";
    }
    void answersSayWhy() {
        QFETCH(QString, who);
        QFETCH(bool, allowed);
        QFETCH(QString, says);
        AccessQuestion asked = question("release.start", "logd", {"LINUX", "ARM64"});
        const domain::Grant all{"7", "li", "release.*", "logd", "*", "*", std::nullopt};
        const domain::Grant linux_{"7", "li", "release.*", "logd", "*", "LINUX", std::nullopt};
        const domain::Grant arm{"8", "li", "release.*", "logd", "*", "ARM64", std::nullopt};
        domain::Grant configured = all;
        configured.id.clear();
        if (who == QLatin1String("nobody")) asked.person.reset();
        if (who == QLatin1String("disabled")) asked.person->disabled = true;
        if (who == QLatin1String("super")) asked.person->role = storage::OperatorRole::SuperAdmin;
        if (who == QLatin1String("granted")) asked.grants = {all};
        if (who == QLatin1String("configured")) asked.grants = {configured};
        if (who == QLatin1String("half")) asked.grants = {linux_};
        if (who == QLatin1String("halves")) asked.grants = {linux_, arm};
        const AccessAnswer answer = explainAccess(asked);
        QCOMPARE(answer.isAllowed, allowed);
        QVERIFY2(QString::fromStdString(answer.message).contains(says), answer.message.c_str());
    }

    void whatIsSuperAdminsAloneNoGrantOpens() {
        AccessQuestion asked = question("grant.give", "", {});
        asked.grants = {{"7", "li", "*", "*", "*", "*", std::nullopt}};
        QVERIFY(!explainAccess(asked).isAllowed);
        QVERIFY(isPermission("grant.give"));
        QVERIFY(!isPermission("release.act"));
        QVERIFY(!isPermission("release.*"));
    }
};

QTEST_GUILESS_MAIN(TestMethodTable)
#include "tst_method_table.moc"
