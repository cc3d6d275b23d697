// SPDX-License-Identifier: GPL-3.0-or-later
// A campaign of a release that there is, as the desktop's dialog makes and copies it.
#include <QFile>
#include <QTest>

#include "gui/models/ctl_command.h"
#include "gui/models/text_format.h"
#include "shared/codec/campaign_bytes.h"
#include "tests/gui/ctl/ctl_harness.h"

using namespace ifrit;
using namespace ifrit::gui;
using tests::Ctl;

namespace {

using Words = std::vector<std::string>;

/// ifritctl with a context for each of the clusters "one" and "two", which take what they are
/// given.
struct Fleet {
    Fleet() {
        for (const char* cluster : {"one", "two"}) {
            QFile file(QString::fromStdString(ctl.path(cluster)));
            if (!file.open(QIODevice::WriteOnly)) qFatal("no temporary file");
            file.write(QByteArray::fromStdString(bundle::formatBundle(
                {cluster, "test", {"127.0.0.1:7443"}, tests::kPem, tests::kPem, tests::kPem})));
            file.close();
            if (ctl.run({"context", "import", ctl.path(cluster)}).code != 0) qFatal("no context");
            session(cluster).turn = [](const std::string&, services::CampaignInfo& info) {
                info.campaign = codec::campaignFromBytes(info.document).value();
                info.state = domain::StepState::Waiting;
            };
        }
        ctl.variables.clear();
        services::ReleaseInfo release = tests::release(domain::ReleaseState::Done, {});
        release.release.spec.gray.uuids = {"i-1"};
        session("one").release = release;
    }
    tests::AnsweringMaster& session(const std::string& cluster) {
        return ctl.sessions.others[cluster];
    }
    bool asked(const std::string& cluster, const std::string& call) {
        const auto& calls = session(cluster).calls;
        return std::find(calls.begin(), calls.end(), call) != calls.end();
    }

    Ctl ctl;
};

Words wordsOf(const models::CtlCommand& command) {
    Words out;
    for (const QString& word : command.words)
        out.push_back(word.toStdString());
    return out;
}

}  // namespace

class TestCtlNewCampaign : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void whatTheDesktopCopiesMakesIt();
    void itIsReadStrictly_data();
    void itIsReadStrictly();
};

// Every cluster gets the spec, and only the release's own its gray machines.
void TestCtlNewCampaign::whatTheDesktopCopiesMakesIt() {
    Fleet fleet;
    Words words = wordsOf(models::createCampaignCommand(
        QStringLiteral("-logd 2"), 7, "one", {QStringLiteral("two"), QStringLiteral("one")},
        std::chrono::minutes(90), std::chrono::hours(48)));
    words.insert(words.end(), {"--reason", "a leak"});
    const auto done = fleet.ctl.run(words);
    QVERIFY2(done.code == 0, done.err.c_str());
    QVERIFY(fleet.asked("one", "getRelease 7"));
    QCOMPARE(fleet.session("two").mutation.reason, std::string("a leak"));
    const domain::Campaign made = fleet.session("two").campaign->campaign;
    QCOMPARE(made.name, std::string("-logd 2"));
    QCOMPARE(made.settle, std::chrono::milliseconds(std::chrono::minutes(90)));
    QCOMPARE(base::toUnixMillis(made.expires) - base::toUnixMillis(made.created),
             std::int64_t{48} * 3'600'000);
    QCOMPARE(made.steps.size(), std::size_t{2});
    QCOMPARE(made.steps[0].cluster, std::string("two"));
    QVERIFY(made.steps[0].spec.gray.uuids.empty());
    QCOMPARE(made.steps[1].spec.gray.uuids, Words{"i-1"});
    QCOMPARE(fleet.session("one").campaign->document, fleet.session("two").campaign->document);
}

void TestCtlNewCampaign::itIsReadStrictly_data() {
    QTest::addColumn<Words>("words");
    QTest::addColumn<int>("code");
    QTest::newRow("neither") << Words{} << 2;
    QTest::newRow("both") << Words{"-f", "x.toml", "--from-release", "7"} << 2;
    QTest::newRow("of which cluster")
        << Words{"--from-release", "7", "--name", "n", "--clusters", "one,two"} << 2;
    QTest::newRow("one cluster") << Words{"--from-release", "7",   "--name",     "n",
                                          "--of",           "one", "--clusters", "one"}
                                 << 2;
    QTest::newRow("a cluster without a context")
        << Words{"--from-release", "7", "--name", "n", "--of", "one", "--clusters", "one,three"}
        << 3;
}

void TestCtlNewCampaign::itIsReadStrictly() {
    QFETCH(Words, words);
    QFETCH(int, code);
    Fleet fleet;
    words.insert(words.begin(), {"campaign", "create"});
    const auto done = fleet.ctl.run(words);
    QVERIFY2(done.code == code, done.err.c_str());
    QVERIFY(!fleet.asked("one", "validateCampaign"));
}

QTEST_GUILESS_MAIN(TestCtlNewCampaign)
#include "tst_ctl_new_campaign.moc"
