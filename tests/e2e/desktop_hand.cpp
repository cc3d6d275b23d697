// SPDX-License-Identifier: GPL-3.0-or-later
// A person at the desktop, for tools/demo --via desktop: the real window on a real master, moved by
// mouse and keys alone. One call does one thing, prints one JSON line and ends; 1: it could not.
#include <QAbstractButton>
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDropEvent>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <deque>

#include "gui/app/desktop.h"
#include "gui/app/keychain.h"
#include "gui/app/language.h"
#include "gui/app/main_window.h"
#include "gui/pages/page.h"
#include "gui/pages/releases/new_release_dialog.h"
#include "gui/rpc/grpc_session.h"
#include "gui/rpc/package_file_source.h"
#include "gui/widgets/danger_sheet.h"
#include "gui/widgets/data_table.h"

namespace {

using namespace ifrit;
using gui::app::MainWindow;
using gui::models::toText;

struct Task {
    std::string bundle;
    std::string agent;
    std::string version;  ///< empty: uninstall
    std::vector<std::string> gray;
    std::string verb;  ///< of a release that there is: "Verify…", "Roll back…"
    std::uint64_t number = 0;
    std::uint64_t machines = 0;  ///< what is typed where the desktop wants the number
    std::string reason;
    int limitSeconds = 120;
};

/// Does one step after the other; each is tried until it succeeds or the time is over.
class Hand : public QObject {
public:
    Hand(const Task& task, gui::app::Desktop& desktop, MainWindow& window)
        : m_task(task), m_desktop(desktop), m_window(window) {
        m_poll.setInterval(30);
        connect(&m_poll, &QTimer::timeout, this, &Hand::poll);
        connect(&desktop.release, &gui::presenters::ReleasePresenter::acted, this,
                [this](const QString& sentence) {
                    m_answered = true;
                    m_refusal = sentence;
                });
        planConnect();
        if (task.verb.empty()) {
            planWizard();
        } else {
            planVerb();
        }
    }
    void start() {
        m_deadline.setRemainingTime(m_task.limitSeconds * 1'000);
        m_poll.start();
    }

private:
    void then(const char* what, std::function<bool()> step) { m_steps.push_back({what, step}); }
    void poll();
    void end(const QString& failure, int code);
    void planConnect();
    void planWizard();
    void planVerb();
    void planSheet();
    bool fillForm();
    bool choose(const char* name, const QString& text);
    void type(QWidget* field, const QString& text);
    bool press(QWidget* where, const QString& text);
    /// The dialog or sheet on top, once there is one of that kind.
    template <typename Dialog>
    static Dialog* top() {
        return qobject_cast<Dialog*>(QApplication::activeModalWidget());
    }
    template <typename Field>
    static Field* named(QWidget* where, const char* name) {
        for (Field* field : where->findChildren<Field*>()) {
            if (field->accessibleName() == QLatin1String(name)) return field;
        }
        return nullptr;
    }

    struct Step {
        const char* what;
        std::function<bool()> step;
    };
    Task m_task;
    gui::app::Desktop& m_desktop;
    MainWindow& m_window;
    std::deque<Step> m_steps;
    QTimer m_poll;
    QDeadlineTimer m_deadline;
    QString m_refusal;
    bool m_answered = false;
};

void Hand::poll() {
    if (m_steps.empty()) {
        m_poll.stop();
        end({}, 0);
        return;
    }
    if (m_steps.front().step()) {
        m_steps.pop_front();
        return;
    }
    if (!m_deadline.hasExpired()) return;
    m_poll.stop();
    end(QStringLiteral("gave up while: %1").arg(QLatin1String(m_steps.front().what)), 1);
}

void Hand::end(const QString& failure, int code) {
    if (!failure.isEmpty()) {
        std::fprintf(stderr, "desktop_hand: %s; %s; the page says \"%s\"\n",
                     failure.toUtf8().constData(), m_refusal.toUtf8().constData(),
                     m_desktop.release.waitLine().toUtf8().constData());
        m_window.grab().save(QStringLiteral("desktop_hand.png"));
    } else {
        QJsonObject out;
        out[QStringLiteral("number")] =
            static_cast<qint64>(m_desktop.release.info()->release.number);
        std::printf("%s\n", QJsonDocument(out).toJson(QJsonDocument::Compact).constData());
    }
    // Out of every dialog that is still open, then out of the program.
    while (QWidget* dialog = QApplication::activeModalWidget())
        dialog->close();
    QApplication::exit(code);
}

bool Hand::press(QWidget* where, const QString& text) {
    for (auto* button : where->findChildren<QAbstractButton*>()) {
        if (!button->isVisible() || !button->isEnabled() || button->text() != text) continue;
        // From the event loop: what opens a dialog returns only when that is closed.
        QTimer::singleShot(0, button, [button] { QTest::mouseClick(button, Qt::LeftButton); });
        return true;
    }
    return false;
}

void Hand::type(QWidget* field, const QString& text) {
    QTest::mouseClick(field, Qt::LeftButton);
    QTest::keyClick(field, Qt::Key_A, Qt::ControlModifier);
    for (const QChar c : text) {
        if (c == QLatin1Char('\n')) {
            QTest::keyClick(field, Qt::Key_Return);
        } else {
            QTest::keyClick(field, c.toLatin1());
        }
    }
}

bool Hand::choose(const char* name, const QString& text) {
    auto* box = named<QComboBox>(top<gui::pages::NewReleaseDialog>(), name);
    if (box == nullptr) return false;
    // As the arrow keys do it, from the top.
    QTest::keyClick(box, Qt::Key_Home);
    for (int i = 0; i < box->count() && box->currentText() != text; ++i)
        QTest::keyClick(box, Qt::Key_Down);
    return box->currentText() == text;
}

void Hand::planConnect() {
    then("importing the bundle", [this] {
        m_window.showView(MainWindow::Connections);
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(QString::fromStdString(m_task.bundle))});
        QDragEnterEvent enter(QPoint(20, 20), Qt::CopyAction, &data, Qt::LeftButton,
                              Qt::NoModifier);
        QApplication::sendEvent(m_window.page(), &enter);
        QDropEvent drop(QPointF(20, 20), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(m_window.page(), &drop);
        return !m_desktop.connections.masters().empty();
    });
    then("pressing Connect", [this] { return press(m_window.page(), QStringLiteral("Connect")); });
    then("waiting for the connection", [this] {
        return m_desktop.hub.isConnected() && m_desktop.hub.identity() &&
               m_desktop.feed.store().loaded();
    });
    then("going to the releases", [this] {
        QTest::keyClick(&m_window, Qt::Key_5, Qt::ControlModifier);
        return m_window.page()->title() == QStringLiteral("Releases");
    });
}

bool Hand::fillForm() {
    auto* dialog = top<gui::pages::NewReleaseDialog>();
    if (dialog == nullptr || m_desktop.newRelease.loading()) return false;
    const bool install = !m_task.version.empty();
    if (!choose("Action", install ? QStringLiteral("Install a version")
                                  : QStringLiteral("Uninstall, keep its data")) ||
        !choose("Agent", QString::fromStdString(m_task.agent)) ||
        (install && !choose("Version", QString::fromStdString(m_task.version)))) {
        return false;
    }
    for (auto* box : dialog->findChildren<QCheckBox*>()) {
        const bool gray = box->text().startsWith(QStringLiteral("Gray stage"));
        if (gray && box->isChecked() == m_task.gray.empty())
            QTest::mouseClick(box, Qt::LeftButton, {}, QPoint(8, box->height() / 2));
    }
    if (!m_task.gray.empty()) {
        QStringList uuids;
        for (const std::string& uuid : m_task.gray)
            uuids << QString::fromStdString(uuid);
        type(named<QPlainTextEdit>(dialog, "Gray machines by uuid"), uuids.join(QLatin1Char('\n')));
        type(named<QSpinBox>(dialog, "Soak"), QStringLiteral("0"));
    }
    type(named<QSpinBox>(dialog, "Deadline"), QStringLiteral("2"));
    type(named<QLineEdit>(dialog, "Reason"), QString::fromStdString(m_task.reason));
    return m_desktop.newRelease.problem().isEmpty();
}

void Hand::planSheet() {
    then("answering the question", [this] {
        auto* sheet = top<gui::widgets::DangerSheet>();
        if (sheet == nullptr) return false;
        type(sheet->findChild<QPlainTextEdit*>(), QString::fromStdString(m_task.reason));
        if (auto* number = sheet->findChild<QLineEdit*>())
            type(number, QString::number(m_task.machines));
        return press(sheet, sheet->findChildren<QPushButton*>().last()->text());
    });
}

void Hand::planWizard() {
    then("opening the wizard",
         [this] { return press(m_window.page(), QStringLiteral("New release…  Ctrl+N")); });
    then("filling the form", [this] { return fillForm(); });
    then("pressing Review plan", [this] {
        return press(top<gui::pages::NewReleaseDialog>(), QStringLiteral("Review plan"));
    });
    then("waiting for the plan, pressing Start",
         [this] { return press(top<gui::pages::NewReleaseDialog>(), QStringLiteral("Start…")); });
    planSheet();
    then("waiting for the release's page", [this] {
        const auto& info = m_desktop.release.info();
        return QApplication::activeModalWidget() == nullptr && info &&
               m_window.page()->title() == m_desktop.release.title();
    });
}

void Hand::planVerb() {
    then("opening the release", [this] {
        auto* table = m_window.page()->findChild<gui::widgets::DataTable*>();
        const auto& records = m_desktop.releases.model().records();
        for (std::size_t i = 0; i < records.size(); ++i) {
            if (records[i].release.number != m_task.number) continue;
            table->selectRow(m_desktop.releases.model().rowOfKey(toText(records[i].release.id)));
            QTest::keyClick(table, Qt::Key_Return);
            return true;
        }
        return false;
    });
    then("pressing the verb", [this] {
        const auto& info = m_desktop.release.info();
        return info && info->release.number == m_task.number &&
               press(m_window.page(), QString::fromStdString(m_task.verb));
    });
    planSheet();
    then("waiting for the master's answer", [this] { return m_answered && m_refusal.isEmpty(); });
}

void describe(CLI::App& command, Task& task) {
    command.add_option("--bundle", task.bundle)->required();
    command.add_option("--agent", task.agent);
    command.add_option("--version", task.version);
    command.add_option("--gray-uuid", task.gray);
    command.add_option("--verb", task.verb);
    command.add_option("--number", task.number);
    command.add_option("--machines", task.machines)->required();
    command.add_option("--reason", task.reason)->required();
    command.add_option("--limit", task.limitSeconds);
}

int run(QApplication& application, const Task& task) {
    const QTemporaryDir directory;
    QSettings settings(directory.filePath(QStringLiteral("desktop.ini")), QSettings::IniFormat);
    const base::SystemClock clock;
    gui::rpc::GrpcSessionFactory sessions(gui::rpc::openPackageSource, clock);
    gui::models::PoolWorker worker;
    // Its buttons are found by their English words.
    gui::app::chooseLanguage(QStringLiteral("en"));
    gui::widgets::Theme theme(application);
    gui::app::MemorySecrets secrets;
    gui::app::Desktop desktop({sessions, clock, worker, settings, secrets});
    MainWindow window(desktop, theme);
    window.resize(1440, 900);
    window.show();
    Hand hand(task, desktop, window);
    hand.start();
    return QApplication::exec();
}

}  // namespace

int main(int argc, char** argv) {
    Task task;
    CLI::App command("Moves the desktop as a person does.", "desktop_hand");
    describe(command, task);
    CLI11_PARSE(command, argc, argv);
    qputenv("GRPC_VERBOSITY", "NONE");
    QApplication application(argc, argv);
    return run(application, task);
}
