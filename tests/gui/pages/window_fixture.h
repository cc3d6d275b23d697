// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QApplication>
#include <QElapsedTimer>
#include <QSettings>
#include <QTemporaryDir>
#include <QTimer>

#include <algorithm>
#include <memory>
#include <vector>

#include "gui/app/desktop.h"
#include "gui/app/keychain.h"
#include "gui/app/language.h"
#include "gui/app/main_window.h"
#include "tests/gui/support/fake_chains.h"
#include "tests/gui/support/fixed_clock.h"
#include "tests/gui/support/held_worker.h"
#include "tests/gui/support/scripted_master.h"

namespace ifrit::tests {

/// The whole window over a scripted master, with settings of its own.
struct WindowFixture {
    explicit WindowFixture(std::size_t machines = 240)
        : master(clock.now(), machines),
          factory(master.fakes()),
          settings(directory.filePath(QStringLiteral("desktop.ini")), QSettings::IniFormat),
          theme(*qApp),
          desktop(std::make_unique<gui::app::Desktop>(parts())),
          window(std::make_unique<gui::app::MainWindow>(*desktop, theme)) {
        gui::app::chooseLanguage(QStringLiteral("en"));
        window->show();
        alive.push_back(this);
    }
    WindowFixture(const WindowFixture&) = delete;
    WindowFixture& operator=(const WindowFixture&) = delete;
    gui::app::DesktopParts parts() {
        return {factory, clock, worker, settings, secrets, demo, &chains};
    }
    ~WindowFixture() {
        alive.erase(std::find(alive.begin(), alive.end(), this));
        window.reset();
        desktop.reset();
    }
    /// Connected, everything loaded.
    void connect(const std::string& kind = "production") {
        desktop->hub.open(ScriptedMaster::profile(kind));
        settle();
        master.connect();
        settle();
    }
    /// What another thread would have done by now.
    void finishWork() {
        while (worker.pending() > 0)
            worker.finish();
        settle();
    }
    /// Lets answers and coalesced repaints through, and tells what waits to be told.
    static void settle();
    /// Figures are told at most each 100 ms: what waits for that is told now. True: something was.
    static bool tellFigures();
    /// Another language, with all that follows from it: new words, their sizes, their places.
    static void speak(const QString& language);
    /// Gives every word its place. A timer that fired last has changed words whose layout is still
    /// to come; no timer fires in here.
    static void layOut();
    /// Another theme. Chosen in the event loop, as by a person: what is deleted later is deleted.
    void wear(gui::widgets::ThemeChoice choice);

    static inline std::vector<const WindowFixture*> alive;
    FixedClock clock;
    QTemporaryDir directory;
    ScriptedMaster master;
    FakeSessionFactory factory;
    HeldWorker worker;
    QSettings settings;
    gui::app::MemorySecrets secrets;
    FakeChains chains;
    std::optional<gui::presenters::DemoCommand> demo;
    gui::widgets::Theme theme;
    std::unique_ptr<gui::app::Desktop> desktop;
    std::unique_ptr<gui::app::MainWindow> window;
};

inline void WindowFixture::speak(const QString& language) {
    gui::app::chooseLanguage(language);
    constexpr int kRounds = 6;  // words, the window's lines, then layouts from the inside out
    for (int round = 0; round < kRounds; ++round) {
        QCoreApplication::sendPostedEvents();
        QCoreApplication::processEvents();
    }
    layOut();
}

inline void WindowFixture::layOut() {
    constexpr int kNested = 12;  // as deep as layouts lie in each other
    for (int round = 0; round < kNested; ++round)
        QCoreApplication::sendPostedEvents();
}

inline void WindowFixture::wear(gui::widgets::ThemeChoice choice) {
    QTimer::singleShot(0, &theme, [this, choice] { theme.choose(choice); });
    constexpr int kRounds = 4;
    for (int round = 0; round < kRounds; ++round)
        QCoreApplication::processEvents();
    layOut();
}

inline bool WindowFixture::tellFigures() {
    constexpr int kSoonMs = 110;
    bool told = false;
    for (const WindowFixture* fixture : alive) {
        const gui::app::Desktop& desktop = *fixture->desktop;
        for (const QObject* teller : {static_cast<const QObject*>(&desktop.feed),
                                      static_cast<const QObject*>(&desktop.roster)}) {
            for (auto* timer :
                 teller->findChildren<QTimer*>(QString(), Qt::FindDirectChildrenOnly)) {
                if (!timer->isActive() || !timer->isSingleShot() || timer->interval() > kSoonMs)
                    continue;
                QTimerEvent due(timer->timerId());
                QCoreApplication::sendEvent(timer, &due);
                told = true;
            }
        }
    }
    return told;
}

/// Since when nothing has happened in the program; wakes the event loop up to be asked.
class Quiet : public QObject {
public:
    Quiet() {
        constexpr int kLookEveryMs = 4;
        m_wakeUp.start(kLookEveryMs);
        m_since.start();
        qApp->installEventFilter(this);
    }
    qint64 milliseconds() const { return m_since.elapsed(); }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override {
        // What is only deleted tells nobody anything.
        if (watched != &m_wakeUp && event->type() != QEvent::DeferredDelete) m_since.restart();
        return false;
    }

private:
    QTimer m_wakeUp;
    QElapsedTimer m_since;
};

inline void WindowFixture::settle() {
    // Longer than a window waits before it is painted anew, which is the longest of what is waited
    // for; what figures wait for is not.
    constexpr int kQuietMs = 12;
    constexpr int kMostMs = 260;
    QElapsedTimer timer;
    timer.start();
    const Quiet quiet;
    while (timer.elapsed() < kMostMs) {
        // Of before the look: what has become due since then is still to come.
        const qint64 before = quiet.milliseconds();
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        if (tellFigures()) continue;
        if (before >= kQuietMs && quiet.milliseconds() >= before) break;
    }
    layOut();
}

}  // namespace ifrit::tests
