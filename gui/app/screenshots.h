// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QStringList>
#include <QTimer>

#include "gui/app/main_window.h"

namespace ifrit::gui::app {

/// Takes a picture of each page as soon as it has something to show, then ends the program. A page
/// that shows nothing within the limit is an error, told on stderr.
class Screenshots : public QObject {
    Q_OBJECT
public:
    Screenshots(Desktop& desktop, MainWindow& window, const QString& directory,
                const QStringList& pages);
    void start();

Q_SIGNALS:
    /// 0: all taken.
    void finished(int exitCode);

private:
    void next();
    void poll();
    /// Does what a page needs to have something to show.
    void prepare();
    bool isReady() const;
    void take();

    Desktop& m_desktop;
    MainWindow& m_window;
    QString m_directory;
    QStringList m_pages;
    QString m_page;
    QTimer m_poll;
    int m_waitedMs = 0;
    bool m_tested = false;
};

}  // namespace ifrit::gui::app
