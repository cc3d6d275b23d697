// SPDX-License-Identifier: GPL-3.0-or-later
// How the window begins and what it keeps: links, the last place, settings, diagnostics.
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDialog>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTest>
#include <QTimer>

#include "gui/app/diagnostics.h"
#include "gui/app/link_opener.h"
#include "gui/app/session_memory.h"
#include "gui/app/settings_page.h"
#include "gui/models/ifrit_link.h"
#include "gui/pages/page.h"
#include "gui/widgets/command_target.h"
#include "gui/widgets/danger_sheet.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/toast.h"
#include "shared/crypto/certificates.h"
#include "tests/gui/pages/window_fixture.h"

using namespace ifrit;
using gui::app::LinkOpener;
using gui::app::MainWindow;
using gui::models::IfritLink;
using gui::models::IfritLinks;
using tests::WindowFixture;

namespace {

enum class Login { Certificate, Password };

QString writeBundle(const WindowFixture& fixture, const char* name,
                    Login login = Login::Certificate) {
    const QString path = fixture.directory.filePath(QLatin1String(name));
    QFile file(path);
    bundle::Bundle content = tests::ScriptedMaster::profile().bundle;
    content.cluster = name;
    content.caPem = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
    if (login == Login::Certificate) {
        content.certificatePem = content.caPem;
        content.privateKeyPem = "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n";
    }
    if (file.open(QIODevice::WriteOnly))
        file.write(QByteArray::fromStdString(bundle::formatBundle(content)));
    return path;
}

/// How often a page was told that its style is another one, which it then tells all that is in it.
class StyleWatch : public QObject {
public:
    StyleWatch() { qApp->installEventFilter(this); }
    int told = 0;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override {
        if (event->type() == QEvent::StyleChange && qobject_cast<gui::pages::Page*>(watched))
            ++told;
        return false;
    }
};

/// Presses the button of the next sheet, and keeps what it said.
class SheetHand : public QObject {
public:
    explicit SheetHand(const QString& text) : m_text(text) {
        connect(&m_poll, &QTimer::timeout, this, [this] {
            auto* sheet =
                qobject_cast<gui::widgets::DangerSheet*>(QApplication::activeModalWidget());
            if (sheet == nullptr) return;
            m_poll.stop();
            for (const auto* label : sheet->findChildren<QLabel*>())
                said << label->text();
            for (auto* button : sheet->findChildren<QPushButton*>()) {
                if (button->text() == m_text) {
                    QTest::mouseClick(button, Qt::LeftButton);
                    return;
                }
            }
            sheet->reject();
        });
        m_poll.start(5);
    }
    QStringList said;

private:
    QString m_text;
    QTimer m_poll;
};

QString toast(const WindowFixture& fixture) {
    const auto* found = fixture.window->findChild<gui::widgets::Toast*>();
    return found->isVisible() ? found->text() : QString();
}

QPushButton* buttonOf(QWidget* page, const QString& text) {
    for (auto* found : page->findChildren<QPushButton*>()) {
        if (found->text() == text) return found;
    }
    return nullptr;
}

}  // namespace

class TestWindowStart : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void pagesAreMadeInTheirPlace();
    void pagesAreMadeWhenTheyAreFirstShown();
    void aCampaignThatWasMadeIsTheChosenOne();
    void initTestCase();
    void aLinkOpensItsPlace();
    void aLinkWaitsForTheKeychain();
    void aLinkThatIsNoneSaysWhy();
    void aLinkToAnUnknownClusterSaysWhatToDo();
    void aMasterIsAddedOnlyByYes_data();
    void aMasterIsAddedOnlyByYes();
    void theLastPlaceComesBack_data();
    void theLastPlaceComesBack();
    void aCopiedCommandNamesItsCluster();
    void settingsHoldAtOnce();
    void settingsShowTheThemeOfThisRun();
    void keysAreChangedInSettings();
    void diagnosticsHaveNoSecret();
};

void TestWindowStart::initTestCase() {
    QGuiApplication::setQuitOnLastWindowClosed(false);
}

void TestWindowStart::aLinkOpensItsPlace() {
    WindowFixture fixture;
    LinkOpener links(*fixture.desktop, fixture.theme, *fixture.window);
    QVERIFY(fixture.desktop->connections.import(writeBundle(fixture, "cn-north-1")) >= 0);
    const QString uuid = QString::fromStdString(fixture.master.machines[5].uuid);
    // It connects by itself; the machine is shown as soon as machines are there.
    links.open(QStringLiteral("ifrit://open/cn-north-1/machine/") + uuid);
    QVERIFY(fixture.desktop->hub.hasSession());
    fixture.master.connect();
    WindowFixture::settle();
    QCOMPARE(fixture.window->page()->title(), QStringLiteral("Machines"));
    QCOMPARE(fixture.desktop->machines.detail().uuid(), uuid);
    // Nobody takes the one that was chosen for the one that was asked for.
    links.open(QStringLiteral("ifrit://open/cn-north-1/machine/nope"));
    QCOMPARE(fixture.desktop->machines.detail().uuid(), QString());
    QVERIFY(toast(fixture).contains(QStringLiteral("no machine nope")));
    links.open(QStringLiteral("ifrit://open/cn-north-1"));
    QCOMPARE(fixture.window->page()->title(), QStringLiteral("Cluster map"));
    links.open(QStringLiteral("ifrit://open/cn-north-1/release/871"));
    QCOMPARE(fixture.desktop->release.releaseId(), QStringLiteral("871"));
}

// Without a certificate there is no session before the keychain has answered.
void TestWindowStart::aLinkWaitsForTheKeychain() {
    WindowFixture fixture;
    LinkOpener links(*fixture.desktop, fixture.theme, *fixture.window);
    fixture.desktop->connections.import(writeBundle(fixture, "cn-north-1", Login::Password));
    links.open(QStringLiteral("ifrit://open/cn-north-1/release/871"));
    QVERIFY(!fixture.desktop->hub.hasSession());
    WindowFixture::settle();
    QVERIFY(fixture.desktop->hub.hasSession());
    fixture.master.connect();
    WindowFixture::settle();
    QCOMPARE(fixture.desktop->release.releaseId(), QStringLiteral("871"));
    const auto& watch = fixture.master.fakes().releases.releaseWatch;
    QCOMPARE(watch.open(), std::size_t{1});
    QCOMPARE(watch.last(), std::string("871"));
}

void TestWindowStart::aLinkThatIsNoneSaysWhy() {
    WindowFixture fixture;
    LinkOpener links(*fixture.desktop, fixture.theme, *fixture.window);
    for (const char* text : {"ifrit://freeze/demo", "https://example.com", "--yes"}) {
        links.open(QLatin1String(text));
        QVERIFY2(!toast(fixture).isEmpty(), text);
    }
    QVERIFY(!fixture.desktop->hub.hasSession());
}

void TestWindowStart::aLinkToAnUnknownClusterSaysWhatToDo() {
    WindowFixture fixture;
    LinkOpener links(*fixture.desktop, fixture.theme, *fixture.window);
    links.open(QStringLiteral("ifrit://open/nowhere/release/1"));
    QCOMPARE(fixture.window->page()->title(), QStringLiteral("Connections"));
    QVERIFY(toast(fixture).contains(QStringLiteral("nowhere")));
}

void TestWindowStart::aMasterIsAddedOnlyByYes_data() {
    QTest::addColumn<QString>("press");
    QTest::addColumn<int>("masters");
    QTest::newRow("yes") << QStringLiteral("Add") << 1;
    QTest::newRow("no") << QStringLiteral("Cancel") << 0;
}

void TestWindowStart::aMasterIsAddedOnlyByYes() {
    QFETCH(QString, press);
    QFETCH(int, masters);
    WindowFixture fixture;
    LinkOpener links(*fixture.desktop, fixture.theme, *fixture.window);
    const auto ca = crypto::createCa("cn-north-1", fixture.clock.now(), std::chrono::hours(24));
    QVERIFY(ca.ok());
    IfritLink link;
    link.kind = IfritLink::Kind::Add;
    link.cluster = QStringLiteral("cn-north-1");
    link.clusterKind = QStringLiteral("production");
    link.address = QStringLiteral("10.4.0.1:7443");
    link.caPem = ca->certificatePem;
    SheetHand hand(press);
    links.open(IfritLinks::textOf(link));
    // What a person compares is there, in full.
    const auto info = crypto::describeCertificate(ca->certificatePem);
    QVERIFY(hand.said.contains(QString::fromStdString(info->sha256Fingerprint)));
    QVERIFY(hand.said.contains(QStringLiteral("10.4.0.1:7443")));
    QVERIFY(hand.said.contains(QStringLiteral("cn-north-1 · PRODUCTION")));
    QCOMPARE(static_cast<int>(fixture.desktop->connections.masters().size()), masters);
    if (masters == 0) return;
    const QString path = fixture.desktop->connections.masters().front().bundlePath;
    const auto kept = bundle::readBundleFile(path.toStdString());
    QVERIFY(kept.ok());
    QCOMPARE(kept->addresses, std::vector<std::string>{"10.4.0.1:7443"});
    QCOMPARE(crypto::describeCertificate(kept->caPem)->sha256Fingerprint, info->sha256Fingerprint);
    QCOMPARE(QFileInfo(path).permissions() & (QFile::ReadGroup | QFile::ReadOther),
             QFile::Permissions());
}

void TestWindowStart::theLastPlaceComesBack_data() {
    QTest::addColumn<int>("login");
    QTest::newRow("certificate") << static_cast<int>(Login::Certificate);
    QTest::newRow("password") << static_cast<int>(Login::Password);
}

void TestWindowStart::theLastPlaceComesBack() {
    QFETCH(int, login);
    WindowFixture fixture;
    const QString bundle = writeBundle(fixture, "cn-north-1", static_cast<Login>(login));
    fixture.desktop->connections.connectTo(fixture.desktop->connections.import(bundle));
    WindowFixture::settle();
    fixture.master.connect();
    WindowFixture::settle();
    fixture.window->showMachines(QStringLiteral("type:LINUX"));
    fixture.window->close();
    fixture.window.reset();
    fixture.desktop.reset();
    fixture.desktop = std::make_unique<gui::app::Desktop>(fixture.parts());
    MainWindow again(*fixture.desktop, fixture.theme);
    gui::app::SessionMemory(fixture.settings).restore(*fixture.desktop, again);
    WindowFixture::settle();
    QVERIFY(fixture.desktop->hub.hasSession());
    QCOMPARE(again.page()->title(), QStringLiteral("Machines"));
    QCOMPARE(fixture.desktop->machines.filterText(), QStringLiteral("type:LINUX"));
    // Nor where the operator does not want it.
    fixture.desktop->connections.disconnect();
    fixture.desktop->preferences.setRestoresSession(false);
    gui::app::SessionMemory(fixture.settings).restore(*fixture.desktop, again);
    QVERIFY(!fixture.desktop->hub.hasSession());
}

// Pasted into a shell it must not act on whatever is the current context there.
void TestWindowStart::aCopiedCommandNamesItsCluster() {
    WindowFixture fixture;
    const QString path = writeBundle(fixture, "cn-north-1");
    fixture.desktop->connections.connectTo(fixture.desktop->connections.import(path));
    fixture.master.connect();
    fixture.window->showView(MainWindow::Map);
    WindowFixture::settle();
    const auto copied = [&fixture] {
        QTest::keyClick(fixture.window.get(), Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
        return QGuiApplication::clipboard()->text();
    };
    const QString begin = QStringLiteral("ifritctl --bundle ") + path + QLatin1Char(' ');
    QCOMPARE(copied(), begin + QStringLiteral("cluster show"));
    // So does what a sheet offers.
    QTimer person;
    connect(&person, &QTimer::timeout, &person, [&person] {
        QWidget* sheet = QApplication::activeModalWidget();
        if (sheet == nullptr) return;
        person.stop();
        sheet->findChild<QPlainTextEdit*>()->setPlainText(QStringLiteral("why"));
        QTest::mouseClick(buttonOf(sheet, QStringLiteral("Copy as ifritctl command")),
                          Qt::LeftButton);
        qobject_cast<QDialog*>(sheet)->reject();
    });
    person.start(5);
    QTest::mouseClick(buttonOf(fixture.window->page(), QStringLiteral("Freeze…")), Qt::LeftButton);
    QCOMPARE(QGuiApplication::clipboard()->text(),
             begin + QStringLiteral("cluster freeze --reason=why"));
    fixture.desktop->connections.disconnect();
    QCOMPARE(gui::widgets::CommandTarget::textOf(*fixture.window, {gui::models::clusterCommand()}),
             QStringLiteral("ifritctl cluster show"));
}

void TestWindowStart::settingsHoldAtOnce() {
    WindowFixture fixture;
    fixture.connect();
    QTest::keyClick(fixture.window.get(), Qt::Key_Comma, Qt::ControlModifier);
    auto* page = qobject_cast<gui::app::SettingsPage*>(fixture.window->page());
    QVERIFY(page);
    QComboBox* theme = nullptr;
    for (auto* box : page->findChildren<QComboBox*>()) {
        if (box->accessibleName() == QStringLiteral("Theme")) theme = box;
    }
    QVERIFY(theme);
    theme->setCurrentIndex(theme->findText(QStringLiteral("Dark")));
    Q_EMIT theme->activated(theme->currentIndex());
    QCOMPARE(fixture.theme.choice(), gui::widgets::ThemeChoice::Dark);
    for (auto* check : page->findChildren<QCheckBox*>()) {
        if (check->text() == QStringLiteral("New connections are read-only"))
            QTest::mouseClick(check, Qt::LeftButton, {}, QPoint(8, check->height() / 2));
    }
    QVERIFY(fixture.desktop->preferences.readOnlyFirst());
    const int index = fixture.desktop->connections.import(writeBundle(fixture, "another"));
    QVERIFY(fixture.desktop->connections.masters()[static_cast<std::size_t>(index)].readOnly);
    // Another window knows it, too.
    const gui::app::Preferences again(fixture.settings);
    QCOMPARE(again.theme(), gui::widgets::ThemeChoice::Dark);
    QVERIFY(again.readOnlyFirst());
}

// Started with --theme light they said "As the system".
void TestWindowStart::settingsShowTheThemeOfThisRun() {
    WindowFixture fixture;
    fixture.theme.choose(gui::widgets::ThemeChoice::Light);
    fixture.window->showPage(QStringLiteral("settings"));
    WindowFixture::settle();
    const auto* hint = fixture.window->page()->findChild<QLabel*>(QStringLiteral("theme-hint"));
    QComboBox* theme = nullptr;
    for (auto* box : fixture.window->page()->findChildren<QComboBox*>()) {
        if (box->accessibleName() == QStringLiteral("Theme")) theme = box;
    }
    QCOMPARE(theme->currentText(), QStringLiteral("Light"));
    QVERIFY(hint->isVisible());
    Q_EMIT theme->activated(theme->currentIndex());
    WindowFixture::settle();
    QCOMPARE(fixture.desktop->preferences.theme(), gui::widgets::ThemeChoice::Light);
    QVERIFY(!hint->isVisible());
}

void TestWindowStart::keysAreChangedInSettings() {
    WindowFixture fixture;
    fixture.window->showPage(QStringLiteral("settings"));
    QWidget* page = fixture.window->page();
    auto* table = page->findChild<gui::widgets::DataTable*>(QStringLiteral("keys"));
    QPushButton* set = buttonOf(page, QStringLiteral("Set"));
    QVERIFY(table && set);
    QVERIFY(!set->isEnabled());
    QVERIFY(!set->toolTip().isEmpty());
    for (int row = 0; row < table->model()->rowCount(); ++row) {
        if (table->model()->index(row, 0).data(gui::models::KeyRole) == QStringLiteral("refresh"))
            table->selectRow(row);
    }
    QVERIFY(set->isEnabled());
    auto* edit = page->findChild<QKeySequenceEdit*>();
    // Typed, as a person does: it was done, and not taken down.
    bool wasDone = false;
    QTimer look;
    connect(&look, &QTimer::timeout, edit, [&wasDone] {
        auto* dialog = qobject_cast<QDialog*>(QApplication::activeModalWidget());
        if (dialog == nullptr) return;
        wasDone = true;
        dialog->reject();
    });
    look.start(5);
    fixture.window->activateWindow();
    WindowFixture::settle();
    edit->setFocus();
    QTest::keyClick(edit, Qt::Key_K, Qt::ControlModifier);
    QVERIFY(!wasDone);
    QCOMPARE(edit->keySequence(), QKeySequence(QStringLiteral("Ctrl+K")));
    QTest::mouseClick(set, Qt::LeftButton);
    QStringList said;
    for (const auto* label : page->findChildren<QLabel*>())
        said << label->text();
    QVERIFY(said.contains(QStringLiteral("Ctrl+K is already the key of: Go to anything")));
    const auto* field = edit->findChild<QLineEdit*>();
    QTRY_COMPARE(field->placeholderText(), QStringLiteral("Press the keys"));
    QCOMPARE(fixture.desktop->keys.text(QStringLiteral("refresh")), QStringLiteral("F5"));
    edit->setKeySequence(QKeySequence(QStringLiteral("Ctrl+R")));
    QTest::mouseClick(set, Qt::LeftButton);
    QCOMPARE(fixture.desktop->keys.text(QStringLiteral("refresh")), QStringLiteral("Ctrl+R"));
    QTest::mouseClick(buttonOf(page, QStringLiteral("Reset all")), Qt::LeftButton);
    QCOMPARE(fixture.desktop->keys.text(QStringLiteral("refresh")), QStringLiteral("F5"));
}

void TestWindowStart::diagnosticsHaveNoSecret() {
    WindowFixture fixture;
    fixture.desktop->connections.connectTo(
        fixture.desktop->connections.import(writeBundle(fixture, "cn-north-1")));
    fixture.master.connect();
    WindowFixture::settle();
    fixture.settings.setValue(QStringLiteral("proxy"), QStringLiteral("https://ada:pw1@proxy:1"));
    fixture.desktop->freeze.act(gui::presenters::FreezePresenter::Turn::Freeze,
                                QStringLiteral("x"));
    const QString text = gui::app::diagnosticsOf(*fixture.desktop, nullptr);
    for (const char* part : {"ifrit-desktop", "Qt ", "cluster cn-north-1", "Freeze the cluster",
                             "masters/1/cluster = cn-north-1"}) {
        QVERIFY2(text.contains(QLatin1String(part)), qPrintable(text));
    }
    QVERIFY(!text.contains(QStringLiteral("pw1")));
    QVERIFY(!text.contains(QStringLiteral("PRIVATE KEY")));
}

// Made before the frame around them, all ten of them measured their tables anew at each step of it:
// half the time in which a window was made.
void TestWindowStart::pagesAreMadeInTheirPlace() {
    StyleWatch watch;
    WindowFixture fixture;
    for (const QString& page : MainWindow::pageNames())
        fixture.window->showPage(page);
    QCOMPARE(watch.told, 0);
}

// A start, and every change of look and language, was of ten pages, of which one is seen.
void TestWindowStart::pagesAreMadeWhenTheyAreFirstShown() {
    WindowFixture fixture;
    fixture.connect();
    const auto made = [&fixture] {
        return fixture.window->findChildren<gui::pages::Page*>().size();
    };
    QCOMPARE(made(), 1);
    qsizetype shown = 0;
    for (const QString& page : MainWindow::pageNames()) {
        fixture.window->showPage(page);
        QCOMPARE(made(), ++shown);
        QCOMPARE(MainWindow::pageNames().at(fixture.window->place().index), page);
    }
    fixture.window->showView(MainWindow::Map);
    QCOMPARE(made(), shown);
}

// The wizard of a release makes one before anybody has seen the page of campaigns.
void TestWindowStart::aCampaignThatWasMadeIsTheChosenOne() {
    WindowFixture fixture;
    fixture.connect();
    Q_EMIT fixture.desktop->newCampaign.created(QStringLiteral("c-7"));
    QCOMPARE(fixture.desktop->campaigns.chosen(), QStringLiteral("c-7"));
}

QTEST_MAIN(TestWindowStart)
#include "tst_window_start.moc"
