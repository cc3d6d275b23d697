// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/app/screenshots.h"

#include <QDir>

#include <cstdio>

#include "gui/pages/page.h"

namespace ifrit::gui::app {
namespace {

constexpr int kPollMs = 100;
/// What arrives is drawn with the next turns of the event loop.
constexpr int kSettleMs = 700;
constexpr int kLimitMs = 20'000;

}  // namespace

Screenshots::Screenshots(Desktop& desktop, MainWindow& window, const QString& directory,
                         const QStringList& pages)
    : m_desktop(desktop), m_window(window), m_directory(directory), m_pages(pages) {
    m_poll.setInterval(kPollMs);
    connect(&m_poll, &QTimer::timeout, this, &Screenshots::poll);
}

void Screenshots::start() {
    QDir().mkpath(m_directory);
    // Pictures are of one size, whatever the screen.
    m_window.resize(1440, 900);
    next();
}

void Screenshots::next() {
    if (m_pages.isEmpty()) {
        Q_EMIT finished(0);
        return;
    }
    m_page = m_pages.takeFirst();
    m_waitedMs = 0;
    m_poll.start();
}

bool Screenshots::isReady() const {
    if (m_page == QLatin1String("connections")) {
        const auto& connections = m_desktop.connections;
        return connections.masters().empty() || !connections.testVerdict().isEmpty();
    }
    if (m_page == QLatin1String("settings")) return true;
    if (m_page == QLatin1String("packages")) return m_desktop.packages.model().rowCount() > 0;
    if (m_page == QLatin1String("releases")) return m_desktop.releases.model().rowCount() > 0;
    if (m_page == QLatin1String("audit")) return m_desktop.audit.model().rowCount() > 0;
    if (m_page == QLatin1String("release")) {
        return m_desktop.release.info() && m_desktop.release.timelineModel().rowCount() > 0;
    }
    return m_desktop.feed.store().size() > 0 && m_desktop.feed.cluster();
}

void Screenshots::prepare() {
    if (m_page != QLatin1String("connections") || m_tested || !m_desktop.hub.identity()) return;
    // With its steps run: a list of "not run yet" shows nothing of what the page is for.
    m_tested = true;
    m_desktop.connections.test(m_desktop.connections.current());
}

void Screenshots::poll() {
    m_waitedMs += kPollMs;
    prepare();
    const bool settled = m_waitedMs >= kSettleMs;
    if (!isReady()) {
        // The newest release is known only once the list is there.
        m_window.showPage(m_page);
        if (m_waitedMs < kLimitMs) return;
        std::fprintf(stderr, "ifrit-desktop: the page %s showed nothing within %d s\n",
                     m_page.toUtf8().constData(), kLimitMs / 1'000);
        m_poll.stop();
        Q_EMIT finished(1);
        return;
    }
    if (m_waitedMs == kPollMs) m_window.showPage(m_page);
    if (!settled) return;
    m_poll.stop();
    take();
}

void Screenshots::take() {
    const QString path = QStringLiteral("%1/%2.png").arg(m_directory, m_page);
    if (!m_window.grab().save(path)) {
        std::fprintf(stderr, "ifrit-desktop: cannot write %s\n", path.toUtf8().constData());
        Q_EMIT finished(1);
        return;
    }
    next();
}

}  // namespace ifrit::gui::app
