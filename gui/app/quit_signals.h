// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

class QSocketNotifier;

namespace ifrit::gui::app {

/// SIGTERM, SIGINT and SIGHUP as a wish to quit, told from the event loop: a window that is closed
/// remembers where it was, one whose process ends does not. A second one ends the process at once,
/// for a window that hangs. One at a time; where there are no such signals it tells nothing. GUI
/// thread.
class QuitSignals : public QObject {
    Q_OBJECT
public:
    explicit QuitSignals(QObject* parent = nullptr);
    /// They end the process again.
    ~QuitSignals() override;

Q_SIGNALS:
    void asked();

private:
    QSocketNotifier* m_notifier = nullptr;
};

}  // namespace ifrit::gui::app
