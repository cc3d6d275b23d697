// SPDX-License-Identifier: GPL-3.0-or-later
// A dialog is about the cluster that it was opened over: while it is open a link from another
// program, or a demo that is ready, may take the window to another one.
#include <QDialog>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QTest>
#include <QTimer>

#include "gui/pages/access/secret_dialog.h"
#include "gui/pages/page.h"
#include "gui/widgets/danger_sheet.h"
#include "gui/widgets/data_table.h"
#include "gui/widgets/toast.h"
#include "tests/gui/pages/sheet_answer.h"
#include "tests/gui/pages/window_fixture.h"

using namespace ifrit;
using gui::app::MainWindow;
using gui::widgets::DangerSheet;
using tests::button;
using tests::WindowFixture;

namespace {

/// Two clusters that this program may change.
struct TwoClusters {
    TwoClusters() : other(window.clock.now(), 24) {
        window.factory.others["beta"] = &other.fakes();
        window.connect();
    }
    ~TwoClusters() { window.factory.others.clear(); }
    /// As a link from another process does it.
    void leave() {
        auto profile = tests::ScriptedMaster::profile();
        profile.bundle.cluster = "beta";
        window.desktop->hub.open(profile);
        other.connect();
    }
    std::size_t changes() { return changesOf(window.master.fakes()) + changesOf(other.fakes()); }
    static std::size_t changesOf(tests::FakeMaster& fakes) {
        return fakes.packages.publishCalls.made() + fakes.packages.removeCalls.made() +
               fakes.fleet.freezeCalls.made() + fakes.fleet.clearCalls.made() +
               fakes.fleet.removeCalls.made() + fakes.releases.createCalls.made() +
               fakes.releases.actCalls.made() + fakes.access.createCalls.made() +
               fakes.access.passwordCalls.made() + fakes.access.disableCalls.made() +
               fakes.access.giveCalls.made() + fakes.access.removeCalls.made();
    }
    QString toast() const {
        const auto* found = window.window->findChild<gui::widgets::Toast*>();
        return found->isVisible() ? found->text() : QString();
    }

    WindowFixture window;
    tests::ScriptedMaster other;
};

/// Chooses what can be asked about, on the page in front.
void choose(TwoClusters& clusters, const QString& press) {
    QWidget* page = clusters.window.window->page();
    gui::widgets::DataTable* table = nullptr;
    for (const char* name : {"machines", "packages", "users"}) {
        if (table == nullptr)
            table = page->findChild<gui::widgets::DataTable*>(QLatin1String(name));
    }
    if (table == nullptr) return;
    const auto can = [&] {
        const auto* found = button(page, press);
        return found != nullptr && found->isEnabled();
    };
    for (int row = 0; row < table->model()->rowCount() && !can(); ++row) {
        table->selectRow(row);
        // What is known of it may have to be fetched.
        if (!can() && table->objectName() != QStringLiteral("machines")) WindowFixture::settle();
    }
}

/// Answers whatever is open with yes, as long as it lets itself be answered.
void sayYes(QDialog& dialog) {
    if (qobject_cast<QFileDialog*>(&dialog) != nullptr) {
        // Any file that exists.
        dialog.findChild<QLineEdit*>(QStringLiteral("fileNameEdit"))
            ->setText(QCoreApplication::applicationFilePath());
    }
    for (auto* reason : dialog.findChildren<QPlainTextEdit*>())
        reason->setPlainText(QStringLiteral("OPS-2219"));
    dialog.accept();
}

/// When the first dialog is there, the window goes to the other cluster: before the person has said
/// yes, or in the very moment.
class Link : public QObject {
public:
    enum class When { Before, WithYes };
    Link(TwoClusters& clusters, When when) : m_clusters(clusters), m_when(when) {
        m_poll.setInterval(5);
        connect(&m_poll, &QTimer::timeout, this, &Link::look);
        m_poll.start();
    }
    bool opened() const { return m_opened; }

private:
    void look() {
        const QPointer<QDialog> dialog = qobject_cast<QDialog*>(QApplication::activeModalWidget());
        if (dialog == nullptr) return;
        if (m_opened) {
            // What is asked next is answered, too.
            sayYes(*dialog);
            return;
        }
        m_opened = true;
        m_poll.stop();
        if (m_when == When::WithYes) sayYes(*dialog);
        m_clusters.leave();
        WindowFixture::settle();
        m_poll.start();
    }

    TwoClusters& m_clusters;
    When m_when;
    bool m_opened = false;
    QTimer m_poll;
};

}  // namespace

class TestOpenDialogs : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void aYesReachesNoOtherCluster_data();
    void aYesReachesNoOtherCluster();
    void whatIsSeenOnlyOnceStays();
    void aPasswordIsForOneMaster();
};

void TestOpenDialogs::initTestCase() {
    QGuiApplication::setQuitOnLastWindowClosed(false);
    QApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
}

void TestOpenDialogs::aYesReachesNoOtherCluster_data() {
    QTest::addColumn<int>("view");
    QTest::addColumn<QString>("press");
    QTest::addColumn<int>("when");
    const struct {
        int view;
        const char* press;
    } sheets[] = {{MainWindow::Map, "Freeze…"},      {MainWindow::Machines, "Remove…"},
                  {MainWindow::Packages, "Delete…"}, {MainWindow::Packages, "Publish…"},
                  {MainWindow::Access, "Add user…"}, {MainWindow::Access, "New password…"},
                  {MainWindow::Access, "Disable…"},  {MainWindow::Access, "Grant…"},
                  {MainWindow::Access, "Remove…"}};
    for (const auto& sheet : sheets) {
        const QByteArray name = QByteArray::number(sheet.view) + ' ' + sheet.press;
        QTest::newRow(name + " before")
            << sheet.view << QString::fromUtf8(sheet.press) << static_cast<int>(Link::When::Before);
        QTest::newRow(name + " with yes") << sheet.view << QString::fromUtf8(sheet.press)
                                          << static_cast<int>(Link::When::WithYes);
    }
}

void TestOpenDialogs::aYesReachesNoOtherCluster() {
    QFETCH(int, view);
    QFETCH(QString, press);
    QFETCH(int, when);
    TwoClusters clusters;
    for (tests::ScriptedMaster* master : {&clusters.window.master, &clusters.other}) {
        for (auto& package : master->packages)
            package.inUse = false;
    }
    MainWindow& window = *clusters.window.window;
    clusters.window.desktop->packages.refresh();
    window.showView(view);
    WindowFixture::settle();
    choose(clusters, press);
    QAbstractButton* pressed = button(window.page(), press);
    QVERIFY(pressed);
    QVERIFY2(pressed->isEnabled(), qPrintable(pressed->toolTip()));
    const Link link(clusters, static_cast<Link::When>(when));
    QTest::mouseClick(pressed, Qt::LeftButton);
    QVERIFY(link.opened());
    WindowFixture::settle();
    QCOMPARE(QString::fromStdString(clusters.window.desktop->hub.profile().bundle.cluster),
             QStringLiteral("beta"));
    QCOMPARE(clusters.changes(), std::size_t{0});
    // The person is told, but for a yes that nobody saw closing.
    if (static_cast<Link::When>(when) == Link::When::Before)
        QVERIFY2(clusters.toast().contains(QStringLiteral("cn-north-1")),
                 qPrintable(clusters.toast()));
}

void TestOpenDialogs::whatIsSeenOnlyOnceStays() {
    TwoClusters clusters;
    gui::pages::SecretDialog secret(clusters.window.theme, QStringLiteral("wang"),
                                    QStringLiteral("one-two"), clusters.window.window.get());
    secret.open();
    clusters.leave();
    WindowFixture::settle();
    QVERIFY(secret.isVisible());
    QVERIFY(clusters.toast().isEmpty());
    secret.accept();
}

void TestOpenDialogs::aPasswordIsForOneMaster() {
    TwoClusters clusters;
    MainWindow& window = *clusters.window.window;
    window.showView(MainWindow::Connections);
    QLineEdit* password = nullptr;
    for (auto* field : window.page()->findChildren<QLineEdit*>()) {
        if (field->echoMode() == QLineEdit::Password) password = field;
    }
    QVERIFY(password);
    const auto heading = [&window](const QString& text) {
        for (const auto* label : window.page()->findChildren<QLabel*>()) {
            if (label->text() == text) return true;
        }
        return false;
    };
    QVERIFY(heading(QStringLiteral("Sign in to cn-north-1")));
    password->setText(QStringLiteral("secret"));
    clusters.leave();
    WindowFixture::settle();
    QVERIFY(password->text().isEmpty());
    QVERIFY(heading(QStringLiteral("Sign in to beta")));
}

QTEST_MAIN(TestOpenDialogs)
#include "tst_open_dialogs.moc"
