// SPDX-License-Identifier: GPL-3.0-or-later
// The release wizard by its buttons: what it leaves on the master, and what it copies.
#include <QAbstractButton>
#include <QClipboard>
#include <QComboBox>
#include <QLineEdit>
#include <QListWidget>
#include <QMessageBox>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>
#include <QTimer>
#include <algorithm>

#include "gui/pages/campaigns/new_campaign_dialog.h"
#include "gui/pages/releases/new_release_dialog.h"
#include "tests/gui/pages/other_clusters.h"

using namespace ifrit;
using domain::ReleaseVerb;
using gui::pages::NewReleaseDialog;
using tests::WindowFixture;
using Step = gui::presenters::NewReleasePresenter::Step;

namespace {

/// Presses a button of the next question.
class SheetButton : public QObject {
public:
    explicit SheetButton(const QString& text) {
        m_poll.setInterval(5);
        connect(&m_poll, &QTimer::timeout, this, [this, text] {
            auto* question = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
            if (question == nullptr) return;
            m_asked = true;
            for (auto* button : question->buttons()) {
                if (button->text() == text) QTest::mouseClick(button, Qt::LeftButton);
            }
            if (text.isEmpty()) QTest::keyClick(question, Qt::Key_Escape);
        });
        m_poll.start();
    }
    bool asked() const { return m_asked; }

private:
    QTimer m_poll;
    bool m_asked = false;
};

}  // namespace

class TestReleaseWizard : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void closingItEndsItsDraft_data();
    void closingItEndsItsDraft();
    void whatIsFilledInIsAskedAbout_data();
    void whatIsFilledInIsAskedAbout();
    void chosenClustersAreAskedAbout();
    void anEmptyFormAsksNobody();
    void anotherClusterAsksNobody();
    void theReviewSaysWhatIsReviewed();
    void saveDraftLeavesAndOpensIt();
    void theGatesThatAreTypedAreAskedFor();
    void aTypeThatIsLeftOutStaysSo();
    void itCopiesWhatItWouldMake();
    void inFurtherClustersItMakesACampaign();
    void onASmallScreenTheReasonAndTheButtonsAreThere_data();
    void onASmallScreenTheReasonAndTheButtonsAreThere();
    void onALaptopNothingIsScrolledFor_data();
    void onALaptopNothingIsScrolledFor();
    void thePlanIsATable();
    void thePlanIsHeadedInChinese();

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
    bool says(const QString& text) const {
        const auto labels = m_dialog->findChildren<QLabel*>();
        return std::any_of(labels.begin(), labels.end(),
                           [&](const QLabel* label) { return label->text().contains(text); });
    }
    QList<QString> reorder(const QList<QString>& all);
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
    const SheetButton answer(QStringLiteral("Throw away"));
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

void TestReleaseWizard::whatIsFilledInIsAskedAbout_data() {
    QTest::addColumn<QString>("how");
    QTest::addColumn<QString>("answer");
    QTest::addColumn<bool>("stays");
    for (const char* how : {"Close", "Escape", "the frame"}) {
        const QString way = QString::fromLatin1(how);
        QTest::addRow("%s, throw away", how) << way << QStringLiteral("Throw away") << false;
        QTest::addRow("%s, go on", how) << way << QStringLiteral("Go on with the form") << true;
        QTest::addRow("%s, escape", how) << way << QString() << true;
    }
}

// One key threw away a form that took minutes.
void TestReleaseWizard::whatIsFilledInIsAskedAbout() {
    QFETCH(const QString, how);
    QFETCH(const QString, answer);
    QFETCH(const bool, stays);
    field(QStringLiteral("Reason"))->setText(QStringLiteral("OPS-2219"));
    const SheetButton hand(answer);
    if (how == QLatin1String("Close")) {
        press(how);
    } else if (how == QLatin1String("Escape")) {
        QTest::keyClick(m_dialog.get(), Qt::Key_Escape);
    } else {
        m_dialog->close();
    }
    WindowFixture::settle();
    QVERIFY(hand.asked());
    QCOMPARE(m_dialog->isVisible(), stays);
    if (stays) QCOMPARE(field(QStringLiteral("Reason"))->text(), QStringLiteral("OPS-2219"));
}

// The order of a campaign's clusters is no field of the release's form.
void TestReleaseWizard::chosenClustersAreAskedAbout() {
    const tests::OtherClusters others(*m_fixture, true);
    m_dialog = std::make_unique<NewReleaseDialog>(m_fixture->theme, m_fixture->desktop->newRelease,
                                                  m_fixture->window.get(),
                                                  &m_fixture->desktop->newCampaign);
    m_dialog->show();
    WindowFixture::settle();
    m_dialog->findChild<QAbstractButton*>(QStringLiteral("campaign"))->click();
    const SheetButton hand(QStringLiteral("Go on with the form"));
    QTest::keyClick(m_dialog.get(), Qt::Key_Escape);
    WindowFixture::settle();
    QVERIFY(hand.asked());
    QVERIFY(m_dialog->isVisible());
}

void TestReleaseWizard::anEmptyFormAsksNobody() {
    m_dialog = std::make_unique<NewReleaseDialog>(m_fixture->theme, m_fixture->desktop->newRelease,
                                                  m_fixture->window.get());
    m_dialog->show();
    WindowFixture::settle();
    const SheetButton hand({});
    QTest::keyClick(m_dialog.get(), Qt::Key_Escape);
    WindowFixture::settle();
    QVERIFY(!hand.asked());
    QVERIFY(!m_dialog->isVisible());
}

void TestReleaseWizard::anotherClusterAsksNobody() {
    const SheetButton hand({});
    auto profile = tests::ScriptedMaster::profile();
    profile.bundle.cluster = "beta";
    m_fixture->desktop->hub.open(profile);
    QVERIFY(!m_dialog->isVisible());
    WindowFixture::settle();
    QVERIFY(!hand.asked());
}

// ARM64 was left out, and with another version CONTAINER was, which took its place.
void TestReleaseWizard::aTypeThatIsLeftOutStaysSo() {
    const auto& form = m_fixture->desktop->newRelease.form();
    const auto choose = [this](const QString& box, const QString& text) {
        for (auto* combo : m_dialog->findChildren<QComboBox*>()) {
            if (combo->accessibleName() != box) continue;
            combo->setCurrentText(text);
            Q_EMIT combo->activated(combo->currentIndex());
        }
        WindowFixture::settle();
    };
    choose(QStringLiteral("Agent"), QStringLiteral("node-exporter"));
    choose(QStringLiteral("Version"), QStringLiteral("1.6.1"));
    const QString arm = QStringLiteral("ARM64");
    const QStringList others = {QStringLiteral("CONTAINER"), QStringLiteral("LINUX")};
    QCOMPARE(form.types, QStringList{arm} + others);
    press(arm);
    QCOMPARE(form.types, others);
    choose(QStringLiteral("Version"), QStringLiteral("1.5.0"));
    QCOMPARE(form.types, others);
    choose(QStringLiteral("Version"), QStringLiteral("1.4.0"));
    QCOMPARE(form.types, others);
    const QString runs = m_dialog->findChild<QLabel*>(QStringLiteral("runs-now"))->text();
    QVERIFY2(runs.contains(QStringLiteral("LINUX")) && !runs.contains(arm), qPrintable(runs));
}

void TestReleaseWizard::theReviewSaysWhatIsReviewed() {
    QVERIFY(says(QStringLiteral("New release")));
    releases().planCalls.automatic = [](const std::string&) {
        gui::services::ReleasePlan plan;
        plan.planId = "8c1f3a";
        plan.stages = {{domain::StageKind::Gray, 0, {{"LINUX", 2}}, {{"1.5.0", 2}}}};
        return plan;
    };
    auto form = m_fixture->desktop->newRelease.form();
    const std::string gray = m_fixture->master.machines[5].uuid;
    for (auto* button : m_dialog->findChildren<QAbstractButton*>()) {
        if (button->text().startsWith(QStringLiteral("Gray stage"))) button->click();
    }
    m_dialog->findChild<QPlainTextEdit*>()->setPlainText(QString::fromStdString(gray));
    field(QStringLiteral("Reason"))->setText(QStringLiteral("OPS-2219"));
    press(QStringLiteral("Review plan"));
    QCOMPARE(m_fixture->desktop->newRelease.step(), Step::Review);
    const QString title =
        QStringLiteral("%1 1.5.0 → %2 in cn-north-1").arg(form.agent, form.version);
    QVERIFY2(says(title), qPrintable(m_fixture->desktop->newRelease.reviewTitle()));
    const auto facts = m_fixture->desktop->newRelease.planFacts();
    QVERIFY(facts.contains(qMakePair(QStringLiteral("Gray"), QString::fromStdString(gray))));
    QVERIFY(facts.contains(qMakePair(QStringLiteral("Reason"), QStringLiteral("OPS-2219"))));
    const auto start = m_fixture->desktop->newRelease.startFacts();
    QVERIFY(says(start.clusters.front().text()));
    QVERIFY(start.clusters.front().isProduction());
    QCOMPARE(start.facts[0].second, QStringLiteral("1.5.0 → %1").arg(form.version));
    press(QStringLiteral("Back"));
    QVERIFY(says(QStringLiteral("New release")));
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
    field(QStringLiteral("Download rate"))->setText(QStringLiteral("2MB/s"));
    field(QStringLiteral("Limits of cost, by stage"))->setText(QStringLiteral("full=20%"));
    press(QStringLiteral("Save draft"));
    QCOMPARE(specs.size(), std::size_t{1});
    QCOMPARE(specs[0].downloadRate, std::uint64_t{2'000'000});
    QCOMPARE(specs[0].gates.stageCosts.size(), std::size_t{1});
    QCOMPARE(specs[0].gates.stageCosts[0].limits.percent, 20U);
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

// By keys, by dragging and by buttons; gives what that makes of three.
QList<QString> TestReleaseWizard::reorder(const QList<QString>& all) {
    auto* order = m_dialog->findChild<gui::pages::ClusterOrder*>();
    auto* list = order->findChild<QListWidget*>();
    const auto named = [order](const char* name) -> QPushButton* {
        for (auto* button : order->findChildren<QPushButton*>()) {
            if (button->accessibleName() == QLatin1String(name)) return button;
        }
        return nullptr;
    };
    if (!order->isVisible() || order->chosen() != all || all.size() != 3) return {};
    QTest::keyClick(list, Qt::Key_Down, Qt::AltModifier);  // 2 1 3
    if (order->chosen() != QStringList{all[1], all[0], all[2]}) return {};
    // As a drop does it.
    list->model()->moveRow({}, 2, {}, 0);  // 3 2 1
    if (order->chosen() != QStringList{all[2], all[1], all[0]}) return {};
    list->setCurrentRow(2);
    if (named("Move the cluster later")->isEnabled()) return {};
    named("Move the cluster earlier")->click();  // 3 1 2
    list->item(0)->setCheckState(Qt::Unchecked);
    list->item(1)->setCheckState(Qt::Unchecked);
    if (!says(QStringLiteral("Choose two clusters or more"))) return {};
    list->item(0)->setCheckState(Qt::Checked);
    list->item(1)->setCheckState(Qt::Checked);
    return {all[2], all[0], all[1]};
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
    const QList<QString> order = reorder(desktop.newCampaign.clusters());
    press(QStringLiteral("Review plan"));
    QCOMPARE(desktop.newRelease.step(), Step::Review);
    std::vector<gui::services::ReleaseAct> acts;
    releases().actCalls.automatic = [&acts](const gui::services::ReleaseAct& act) {
        acts.push_back(act);
        return gui::services::ReleaseInfo{};
    };
    QString from;
    QList<QString> clusters;
    QTimer::singleShot(0, m_dialog.get(), [&] {
        auto* campaign =
            qobject_cast<gui::pages::NewCampaignDialog*>(QApplication::activeModalWidget());
        if (campaign == nullptr) return;
        WindowFixture::settle();
        from = desktop.newCampaign.form().releaseId;
        clusters = desktop.newCampaign.form().clusters;
        campaign->accept();
    });
    press(QStringLiteral("Clusters…"));
    QCOMPARE(from, QStringLiteral("draft"));
    QCOMPARE(clusters, order);
    QVERIFY(m_dialog->madeCampaign());
    QVERIFY(!m_dialog->isVisible());
    QCOMPARE(acts.size(), std::size_t{1});
    QCOMPARE(acts[0].verb, ReleaseVerb::Abort);
    QCOMPARE(acts[0].releaseId, std::string("draft"));
}

void TestReleaseWizard::onASmallScreenTheReasonAndTheButtonsAreThere_data() {
    QTest::addColumn<QString>("language");
    QTest::newRow("en") << QStringLiteral("en");
    QTest::newRow("zh_CN") << QStringLiteral("zh_CN");
}

void TestReleaseWizard::onASmallScreenTheReasonAndTheButtonsAreThere() {
    QFETCH(const QString, language);
    gui::app::chooseLanguage(language);
    m_dialog = std::make_unique<NewReleaseDialog>(m_fixture->theme, m_fixture->desktop->newRelease,
                                                  m_fixture->window.get());
    const QSize small(1024, 700);
    m_dialog->resize(small);
    m_dialog->show();
    WindowFixture::settle();
    QCOMPARE(m_dialog->size(), small);
    const auto isWhole = [](const QWidget& widget) {
        return widget.visibleRegion().boundingRect() == widget.rect();
    };
    auto* reason = m_dialog->findChild<gui::pages::NewReleaseForm*>()->reasonField();
    QVERIFY(isWhole(*reason));
    const auto buttonsAreWhole = [&] {
        const auto buttons = m_dialog->findChildren<QPushButton*>();
        return std::all_of(buttons.begin(), buttons.end(), [&](const QPushButton* button) {
            return button->isHidden() || !button->window()->isAncestorOf(button) ||
                   button->parentWidget() != m_dialog.get() || isWhole(*button);
        });
    };
    QVERIFY(buttonsAreWhole());
    auto form = m_fixture->desktop->newRelease.form();
    form.gray = false;
    m_fixture->desktop->newRelease.setForm(form);
    m_fixture->desktop->newRelease.plan();
    WindowFixture::settle();
    QCOMPARE(m_fixture->desktop->newRelease.step(), Step::Review);
    QVERIFY(!reason->isVisible());
    QVERIFY(buttonsAreWhole());
    QCOMPARE(m_dialog->size(), small);
}

void TestReleaseWizard::onALaptopNothingIsScrolledFor_data() {
    onASmallScreenTheReasonAndTheButtonsAreThere_data();
}

// Chinese letters are higher: the last rules were below what 1440 x 900 has room for.
void TestReleaseWizard::onALaptopNothingIsScrolledFor() {
    QFETCH(const QString, language);
    gui::app::chooseLanguage(language);
    m_dialog = std::make_unique<NewReleaseDialog>(m_fixture->theme, m_fixture->desktop->newRelease,
                                                  m_fixture->window.get());
    m_dialog->resize(1040, 900 - 48);
    m_dialog->show();
    WindowFixture::settle();
    const auto* form = m_dialog->findChild<gui::pages::NewReleaseForm*>();
    const auto* scroll = qobject_cast<QScrollArea*>(form->parentWidget()->parentWidget());
    QVERIFY(scroll != nullptr);
    QCOMPARE(scroll->verticalScrollBar()->maximum(), 0);
}

void TestReleaseWizard::thePlanIsATable() {
    releases().planCalls.automatic = [](const std::string&) {
        gui::services::ReleasePlan plan;
        plan.planId = "8c1f3a";
        plan.stages = {{domain::StageKind::Gray, 0, {{"LINUX", 2}}, {{"1.5.0", 2}}},
                       {domain::StageKind::Full, 0, {{"LINUX", 142}}, {{"1.5.0", 142}}}};
        plan.machinesTotal = 144;
        plan.refusals = {{"i-0c77b2", "TOO_OLD", "its ifrit-agent is too old"}};
        plan.refusalCount = 1'234;
        return plan;
    };
    press(QStringLiteral("Review plan"));
    const auto* stages = m_dialog->findChild<QTableView*>(QStringLiteral("plan-stages"));
    const auto* objections = m_dialog->findChild<QTableView*>(QStringLiteral("plan-objections"));
    QVERIFY(stages && stages->isVisible() && objections && objections->isVisible());
    QCOMPARE(stages->model()->rowCount(), 2);
    QCOMPARE(objections->model()->rowCount(), 1);
    // Every row can be seen without scrolling the table itself.
    QVERIFY(stages->viewport()->height() >= stages->rowHeight(0) * 2);
    QVERIFY(says(gui::models::grouped(1'233) + QStringLiteral(" more machines are left out")));
    press(QStringLiteral("Back"));
    QCOMPARE(stages->model()->rowCount(), 0);
}

// "Event" and "basis" over what is a kind of objection and a sentence about it were no headings.
void TestReleaseWizard::thePlanIsHeadedInChinese() {
    gui::app::chooseLanguage(QStringLiteral("zh_CN"));
    const auto headings = [this](const char* table) {
        const auto* model = m_dialog->findChild<QTableView*>(QString::fromUtf8(table))->model();
        QStringList out;
        for (int column = 0; column < model->columnCount(); ++column)
            out << model->headerData(column, Qt::Horizontal).toString();
        return out;
    };
    const QStringList objections = headings("plan-objections");
    for (const char* heading : {"类别", "说明"})
        QVERIFY2(objections.contains(QString::fromUtf8(heading)),
                 qPrintable(objections.join(QLatin1Char(' '))));
    // As the total below it is called.
    const QStringList stages = headings("plan-stages");
    QVERIFY2(stages.contains(QStringLiteral("将变更")), qPrintable(stages.join(QLatin1Char(' '))));
}

QTEST_MAIN(TestReleaseWizard)
#include "tst_release_wizard.moc"
