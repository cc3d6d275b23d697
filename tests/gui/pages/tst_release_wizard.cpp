// SPDX-License-Identifier: GPL-3.0-or-later
// The release wizard by its buttons: what it leaves on the master, and what it copies.
#include <QAbstractButton>
#include <QClipboard>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>
#include <QTimer>

#include "gui/pages/campaigns/new_campaign_dialog.h"
#include "gui/pages/releases/new_release_dialog.h"
#include "tests/gui/pages/other_clusters.h"

using namespace ifrit;
using domain::ReleaseVerb;
using gui::pages::NewReleaseDialog;
using tests::WindowFixture;
using Step = gui::presenters::NewReleasePresenter::Step;

class TestReleaseWizard : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void closingItEndsItsDraft_data();
    void closingItEndsItsDraft();
    void saveDraftLeavesAndOpensIt();
    void theGatesThatAreTypedAreAskedFor();
    void itCopiesWhatItWouldMake();
    void inFurtherClustersItMakesACampaign();

private:
    void press(const QString& text) {
        for (auto* button : m_dialog->findChildren<QAbstractButton*>()) {
            if (button->text() == text) QTest::mouseClick(button, Qt::LeftButton);
        }
        WindowFixture::settle();
    }
    QLineEdit* field(const QString& name) {
        for (auto* line : m_dialog->findChildren<QLineEdit*>()) {
            if (line->accessibleName() == name) return line;
        }
        return nullptr;
    }
    tests::FakeReleases& releases() { return m_fixture->master.fakes().releases; }
    std::unique_ptr<WindowFixture> m_fixture;
    std::unique_ptr<NewReleaseDialog> m_dialog;
};

void TestReleaseWizard::init() {
    m_fixture = std::make_unique<WindowFixture>();
    m_fixture->connect();
    releases().actCalls.automatic = [](const auto&) { return gui::services::ReleaseInfo{}; };
    m_dialog = std::make_unique<NewReleaseDialog>(m_fixture->theme, m_fixture->desktop->newRelease,
                                                  m_fixture->window.get());
    m_dialog->show();
    WindowFixture::settle();
    for (auto* button : m_dialog->findChildren<QAbstractButton*>()) {
        if (button->text().startsWith(QStringLiteral("Gray stage"))) button->click();
    }
}

void TestReleaseWizard::cleanup() {
    m_dialog.reset();
    m_fixture.reset();
}

void TestReleaseWizard::closingItEndsItsDraft_data() {
    QTest::addColumn<QString>("how");
    for (const char* how : {"Close", "Back", "Escape"})
        QTest::newRow(how) << QString::fromLatin1(how);
}

void TestReleaseWizard::closingItEndsItsDraft() {
    QFETCH(const QString, how);
    press(QStringLiteral("Review plan"));
    QCOMPARE(m_fixture->desktop->newRelease.step(), Step::Review);
    std::vector<gui::services::ReleaseAct> acts;
    releases().actCalls.automatic = [&acts](const gui::services::ReleaseAct& act) {
        acts.push_back(act);
        return gui::services::ReleaseInfo{};
    };
    if (how == QLatin1String("Escape")) {
        QTest::keyClick(m_dialog.get(), Qt::Key_Escape);
        WindowFixture::settle();
    } else {
        press(how);
    }
    QCOMPARE(acts.size(), std::size_t{1});
    QCOMPARE(acts[0].verb, ReleaseVerb::Abort);
    QCOMPARE(acts[0].releaseId, std::string("draft"));
}

void TestReleaseWizard::saveDraftLeavesAndOpensIt() {
    QSignalSpy saved(&m_fixture->desktop->newRelease, &gui::presenters::NewReleasePresenter::saved);
    press(QStringLiteral("Save draft"));
    QCOMPARE(saved.size(), 1);
    QVERIFY(!m_dialog->isVisible());
    QCOMPARE(releases().createCalls.made(), std::size_t{1});
    QCOMPARE(releases().actCalls.made(), std::size_t{0});
}

void TestReleaseWizard::theGatesThatAreTypedAreAskedFor() {
    const auto& form = m_fixture->desktop->newRelease.form();
    QVERIFY(form.badGate == domain::GateLimits{});
    QVERIFY(form.costGate);
    field(QStringLiteral("Further gates"))->setText(QStringLiteral("strict"));
    QVERIFY(m_fixture->desktop->newRelease.problem().contains(QStringLiteral("strict")));
    field(QStringLiteral("Further gates"))->setText(QStringLiteral("silent@batch=10%,2,5"));
    QCOMPARE(m_fixture->desktop->newRelease.problem(), QString());
    std::vector<domain::ReleaseSpec> specs;
    releases().createCalls.automatic = [&specs](const tests::FakeReleases::Spec& spec) {
        specs.push_back(spec.first);
        return gui::services::ReleaseInfo{};
    };
    press(QStringLiteral("Save draft"));
    QCOMPARE(specs.size(), std::size_t{1});
    QCOMPARE(specs[0].gates.rules.size(), std::size_t{1});
    QCOMPARE(specs[0].gates.rules[0].limits.percent, 10U);
}

void TestReleaseWizard::itCopiesWhatItWouldMake() {
    QGuiApplication::clipboard()->clear();
    press(QStringLiteral("Copy as ifritctl command"));
    const QString copied = QGuiApplication::clipboard()->text();
    QVERIFY2(copied.startsWith(QStringLiteral("ifritctl release create --agent=")),
             qPrintable(copied));
    QCOMPARE(releases().createCalls.made(), std::size_t{0});
}

// No release has to be made before: the campaign has the spec that was typed, and the draft that
// the plan was of is ended.
void TestReleaseWizard::inFurtherClustersItMakesACampaign() {
    const tests::OtherClusters others(*m_fixture, true);
    auto& desktop = *m_fixture->desktop;
    releases().listCalls.automatic = [this](const auto&) {
        gui::services::ReleaseInfo draft;
        draft.release.id = "draft";
        draft.release.number = 872;
        draft.release.spec.agent = "node-exporter";
        gui::services::Page<gui::services::ReleaseInfo> page{m_fixture->master.releases, {}};
        page.items.push_back(draft);
        return page;
    };
    m_dialog = std::make_unique<NewReleaseDialog>(m_fixture->theme, desktop.newRelease,
                                                  m_fixture->window.get(), &desktop.newCampaign);
    m_dialog->show();
    WindowFixture::settle();
    for (auto* button : m_dialog->findChildren<QAbstractButton*>()) {
        const QString text = button->text();
        if (text.startsWith(QStringLiteral("Gray stage")) ||
            text.startsWith(QStringLiteral("In further clusters")))
            button->click();
    }
    press(QStringLiteral("Review plan"));
    QCOMPARE(desktop.newRelease.step(), Step::Review);
    std::vector<gui::services::ReleaseAct> acts;
    releases().actCalls.automatic = [&acts](const gui::services::ReleaseAct& act) {
        acts.push_back(act);
        return gui::services::ReleaseInfo{};
    };
    QString from;
    qsizetype clusters = 0;
    QTimer::singleShot(0, m_dialog.get(), [&] {
        auto* campaign =
            qobject_cast<gui::pages::NewCampaignDialog*>(QApplication::activeModalWidget());
        if (campaign == nullptr) return;
        WindowFixture::settle();
        from = desktop.newCampaign.form().releaseId;
        clusters = desktop.newCampaign.form().clusters.size();
        campaign->accept();
    });
    press(QStringLiteral("Clusters…"));
    QCOMPARE(from, QStringLiteral("draft"));
    QCOMPARE(clusters, qsizetype{3});
    QVERIFY(m_dialog->madeCampaign());
    QVERIFY(!m_dialog->isVisible());
    QCOMPARE(acts.size(), std::size_t{1});
    QCOMPARE(acts[0].verb, ReleaseVerb::Abort);
    QCOMPARE(acts[0].releaseId, std::string("draft"));
}

QTEST_MAIN(TestReleaseWizard)
#include "tst_release_wizard.moc"
