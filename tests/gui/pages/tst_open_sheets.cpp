// SPDX-License-Identifier: GPL-3.0-or-later
// What a sheet asks about may be over before somebody answers it.
#include <QElapsedTimer>
#include <QLabel>
#include <QTabWidget>

#include <functional>

#include "gui/pages/page.h"
#include "gui/widgets/data_table.h"
#include "tests/gui/pages/other_clusters.h"
#include "tests/gui/pages/sheet_answer.h"
#include "tests/gui/pages/window_fixture.h"

using namespace ifrit;
using domain::ReleaseVerb;
using gui::app::MainWindow;
using gui::widgets::DangerSheet;
using tests::button;
using tests::callsMade;
using tests::WindowFixture;

namespace {

/// Fills in the next sheet, lets something happen, and waits for the sheet to be told of it.
class SheetWatcher : public QObject {
public:
    SheetWatcher(qint64 number, std::function<void()> happens)
        : m_number(number), m_happens(std::move(happens)) {
        m_poll.setInterval(5);
        connect(&m_poll, &QTimer::timeout, this, &SheetWatcher::look);
        m_poll.start();
    }
    bool isThrough() const { return !m_poll.isActive(); }
    bool couldBeDone() const { return m_couldBeDone; }
    bool isOff() const { return m_isOff; }
    const QString& said() const { return m_said; }
    /// The reason, as it stands in the sheet then.
    const QString& kept() const { return m_kept; }

private:
    void look() {
        QWidget* dialog = QApplication::activeModalWidget();
        auto* sheet = qobject_cast<DangerSheet*>(dialog);
        if (sheet == nullptr && dialog != nullptr) tests::goOn(*dialog);
        if (sheet == nullptr) return;
        const QPushButton* accept = sheet->findChildren<QPushButton*>().last();
        if (m_happens) {
            sheet->findChild<QPlainTextEdit*>()->setPlainText(QStringLiteral("OPS-2219"));
            for (auto* line : sheet->findChildren<QLineEdit*>())
                line->setText(QString::number(m_number));
            m_couldBeDone = accept->isEnabled();
            m_since.start();
            std::exchange(m_happens, nullptr)();
            return;
        }
        constexpr int kLongEnoughMs = 5'000;
        if (accept->isEnabled() && m_since.elapsed() < kLongEnoughMs) return;
        m_isOff = !accept->isEnabled();
        const auto* over = sheet->findChild<QLabel*>(QStringLiteral("over"));
        if (over->isVisible()) m_said = over->text();
        m_kept = sheet->findChild<QPlainTextEdit*>()->toPlainText();
        m_poll.stop();
        sheet->reject();
    }

    qint64 m_number;
    std::function<void()> m_happens;
    bool m_couldBeDone = false;
    bool m_isOff = false;
    QString m_said;
    QString m_kept;
    QElapsedTimer m_since;
    QTimer m_poll;
};

}  // namespace

class TestOpenSheets : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QGuiApplication::setQuitOnLastWindowClosed(false); }
    void init() { m_fixture = std::make_unique<WindowFixture>(); }
    void cleanup() { m_fixture.reset(); }
    void ofAReleaseThatIsDone();
    void ofAReleaseThatMovedOn();
    void ofAPackageThatIsWithdrawn();
    void ofMachinesThatAreRemoved();
    void ofAClusterThatIsFrozen();
    void ofALineThatBreaks();
    void ofPermissionsOverALineThatBreaks_data();
    void ofPermissionsOverALineThatBreaks();
    void ofPermissionsOfAnother_data();
    void ofPermissionsOfAnother();
    void ofAUserWhoWasAddedMeanwhile();
    void ofACampaignThatAnotherPersonStarts();
    void ofACampaignThatAnotherPersonAborts();

private:
    /// Presses it; what `happens` while the sheet is open takes its button away.
    void press(const QString& text, qint64 number, const std::function<void()>& happens,
               const QString& says);
    void openRelease();
    /// On Permissions, with the first row of each list chosen.
    void showUser(const QString& user, int tab);
    /// Asks whether it is started in the window's own cluster, whose turn it is.
    void pressStart(const std::function<void(gui::services::CampaignInfo& held)>& happens,
                    const QString& says);
    std::unique_ptr<WindowFixture> m_fixture;
};

void TestOpenSheets::press(const QString& text, qint64 number, const std::function<void()>& happens,
                           const QString& says) {
    QAbstractButton* pressed = button(m_fixture->window->page(), text);
    QVERIFY(pressed);
    QVERIFY2(pressed->isEnabled(), qPrintable(pressed->toolTip()));
    const std::size_t before = callsMade(m_fixture->master.fakes());
    const SheetWatcher person(number, happens);
    QTest::mouseClick(pressed, Qt::LeftButton);
    // Some are asked about once the master has told its plan.
    QTRY_VERIFY(person.isThrough());
    QVERIFY(person.couldBeDone());
    QVERIFY(person.isOff());
    QVERIFY2(person.said().contains(says), qPrintable(person.said()));
    QCOMPARE(person.kept(), QStringLiteral("OPS-2219"));
    QCOMPARE(callsMade(m_fixture->master.fakes()), before);
}

void TestOpenSheets::showUser(const QString& user, int tab) {
    m_fixture->connect();
    m_fixture->window->showView(MainWindow::Access);
    WindowFixture::settle();
    QWidget* page = m_fixture->window->page();
    auto* users = page->findChild<gui::widgets::DataTable*>(QStringLiteral("users"));
    users->selectRow(m_fixture->desktop->access.users().rowOfKey(user));
    page->findChild<QTabWidget*>()->setCurrentIndex(tab);
    WindowFixture::settle();
    for (const char* table : {"grants", "tokens", "certificates"})
        page->findChild<gui::widgets::DataTable*>(QString::fromUtf8(table))->selectRow(0);
}

void TestOpenSheets::openRelease() {
    auto& release = m_fixture->master.releases.front();
    release.release.state = domain::ReleaseState::Running;
    release.release.stage = domain::StageKind::Gray;
    release.allowedVerbs = {ReleaseVerb::Promote};
    m_fixture->connect();
    m_fixture->window->showPage(QStringLiteral("release"));
    WindowFixture::settle();
}

void TestOpenSheets::ofAReleaseThatIsDone() {
    openRelease();
    auto done = m_fixture->master.releases.front();
    const qint64 reached = static_cast<qint64>(done.reachedBy(ReleaseVerb::Promote));
    done.release.state = domain::ReleaseState::Done;
    done.allowedVerbs = {};
    done.refusedVerbs = {{ReleaseVerb::Promote, "the release is done; it has ended"}};
    press(
        QStringLiteral("Promote…"), reached,
        [this, done] { m_fixture->master.fakes().releases.releaseWatch.tell(done); },
        QStringLiteral("It cannot be done now: the release is done; it has ended"));
}

// The sheet shows one number, and the master counts another by now.
void TestOpenSheets::ofAReleaseThatMovedOn() {
    openRelease();
    auto later = m_fixture->master.releases.front();
    const qint64 shown = static_cast<qint64>(later.reachedBy(ReleaseVerb::Promote));
    later.reached[ReleaseVerb::Promote] += 9;
    later.release.stage = domain::StageKind::Pilot;
    later.release.revision += 1;
    press(
        QStringLiteral("Promote…"), shown,
        [this, later] { m_fixture->master.fakes().releases.releaseWatch.tell(later); },
        QStringLiteral("moved on to another stage"));
}

void TestOpenSheets::ofAPackageThatIsWithdrawn() {
    m_fixture->connect();
    m_fixture->window->showView(MainWindow::Packages);
    WindowFixture::settle();
    auto& packages = m_fixture->master.packages;
    auto* table =
        m_fixture->window->page()->findChild<gui::widgets::DataTable*>(QStringLiteral("packages"));
    table->selectRow(m_fixture->desktop->packages.model().rowOfKey(
        QString::fromStdString(packages[2].manifestDigest)));
    WindowFixture::settle();
    press(
        QStringLiteral("Delete…"), 1,
        [this, &packages] {
            packages.erase(packages.begin() + 2);
            m_fixture->master.fakes().events.tell(
                gui::services::ClusterEvent::Kind::PackageChanged);
        },
        QStringLiteral("It is not there any more."));
}

void TestOpenSheets::ofMachinesThatAreRemoved() {
    std::string gone;
    const std::int64_t hourAgo = base::toUnixMillis(m_fixture->clock.now()) - 3'600'000;
    for (const auto& machine : m_fixture->master.machines)
        if (machine.lastSeenMs < hourAgo) gone = machine.uuid;
    QVERIFY(!gone.empty());
    m_fixture->connect();
    m_fixture->window->showView(MainWindow::Machines);
    WindowFixture::settle();
    auto* table =
        m_fixture->window->page()->findChild<gui::widgets::DataTable*>(QStringLiteral("machines"));
    table->selectRow(m_fixture->desktop->machines.model().rowOfUuid(QString::fromStdString(gone)));
    WindowFixture::settle();
    press(
        QStringLiteral("Remove…"), 1,
        [this, gone] {
            tests::FleetScript script;
            m_fixture->master.fakes().fleet.machineWatch.tell(script.delta({}, {gone}, 10'443));
        },
        QStringLiteral("1 machine of these is not in the cluster any more."));
}

void TestOpenSheets::ofAClusterThatIsFrozen() {
    m_fixture->connect();
    m_fixture->window->showView(MainWindow::Map);
    WindowFixture::settle();
    press(
        QStringLiteral("Freeze…"), 0,
        [this] {
            m_fixture->master.frozen = gui::services::ClusterFreeze{};
            m_fixture->desktop->feed.refresh();
        },
        QStringLiteral("The cluster is frozen already."));
}

void TestOpenSheets::ofALineThatBreaks() {
    openRelease();
    const auto& release = m_fixture->master.releases.front();
    press(
        QStringLiteral("Promote…"), static_cast<qint64>(release.reachedBy(ReleaseVerb::Promote)),
        [this] { m_fixture->master.breakLine(); }, QStringLiteral("It cannot be done now: "));
}

void TestOpenSheets::ofPermissionsOverALineThatBreaks_data() {
    QTest::addColumn<QString>("user");
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("tab");
    const auto row = [](const char* user, const char* text, int tab) {
        QTest::newRow(text) << QString::fromUtf8(user) << QString::fromUtf8(text) << tab;
    };
    row("chen.yu", "Grant…", 0);
    row("chen.yu", "Take away…", 0);
    row("chen.yu", "Add user…", 0);
    row("chen.yu", "Remove…", 0);
    row("admin", "New token…", 1);
    row("chen.yu", "End…", 1);
    row("chen.yu", "End all…", 1);
    row("chen.yu", "Revoke…", 2);
    row("chen.yu", "Revoke all…", 2);
}

// Five of them could still be accepted, and what was typed went with the refusal.
void TestOpenSheets::ofPermissionsOverALineThatBreaks() {
    QFETCH(const QString, user);
    QFETCH(const QString, text);
    QFETCH(const int, tab);
    showUser(user, tab);
    press(
        text, 1, [this] { m_fixture->master.breakLine(); },
        QStringLiteral("It cannot be done now: "));
}

void TestOpenSheets::ofPermissionsOfAnother_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("tab");
    const auto row = [](const char* text, int tab) {
        QTest::newRow(text) << QString::fromUtf8(text) << tab;
    };
    row("Grant…", 0);
    row("End all…", 1);
    row("Revoke all…", 2);
}

// What the sheet names is one user's, and another is chosen behind it.
void TestOpenSheets::ofPermissionsOfAnother() {
    QFETCH(const QString, text);
    QFETCH(const int, tab);
    auto& master = m_fixture->master;
    master.users.push_back(master.users.front());
    master.users.back().name = "zoe";
    for (const auto& user : master.users)
        if (user.name == "chen.yu") master.users.back().role = user.role;
    master.tokens.push_back(master.tokens.front());
    master.tokens.back().user = "zoe";
    master.certificates.push_back(master.certificates.front());
    master.certificates.back().user = "zoe";
    showUser(QStringLiteral("chen.yu"), tab);
    press(
        text, 1, [this] { m_fixture->desktop->access.choose(QStringLiteral("zoe")); },
        DangerSheet::gone());
}

void TestOpenSheets::ofAUserWhoWasAddedMeanwhile() {
    showUser(QStringLiteral("chen.yu"), 0);
    press(
        QStringLiteral("Add user…"), 1,
        [this] {
            auto& users = m_fixture->master.users;
            users.push_back(users.front());
            users.back().name = "nightly";
            m_fixture->desktop->access.refresh();
        },
        QStringLiteral("It cannot be done now: There is a user of this name."));
}

void TestOpenSheets::pressStart(
    const std::function<void(gui::services::CampaignInfo& held)>& happens, const QString& says) {
    const tests::OtherClusters others(*m_fixture, true);
    gui::services::CampaignInfo& held = m_fixture->master.campaigns[1];
    held.state = domain::StepState::Drafted;
    held.release->release.state = domain::ReleaseState::Draft;
    m_fixture->connect();
    m_fixture->window->showPage(QStringLiteral("campaigns"));
    WindowFixture::settle();
    auto& campaigns = m_fixture->desktop->campaigns;
    campaigns.choose(QString::fromStdString(held.campaign.id));
    WindowFixture::settle();
    const auto& master = m_fixture->master;
    press(
        QStringLiteral("Start the next cluster…"),
        static_cast<qint64>(master.plan(held.release->release.id).machinesTotal),
        [&] {
            happens(held);
            campaigns.refresh();
        },
        says);
}

void TestOpenSheets::ofACampaignThatAnotherPersonStarts() {
    pressStart(
        [](gui::services::CampaignInfo& held) {
            held.state = domain::StepState::Running;
            held.release->release.state = domain::ReleaseState::Running;
        },
        QStringLiteral("It cannot be done now: cn-north-1: running"));
}

void TestOpenSheets::ofACampaignThatAnotherPersonAborts() {
    pressStart(
        [](gui::services::CampaignInfo& held) {
            held.state = domain::StepState::Aborted;
            held.aborted.emplace().by = "li";
        },
        QStringLiteral("It cannot be done now: cn-north-1: aborted."));
}

QTEST_MAIN(TestOpenSheets)
#include "tst_open_sheets.moc"
