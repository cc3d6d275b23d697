// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QProcess>
#include <QStringList>

#include <optional>

#include "gui/presenters/action.h"
#include "gui/presenters/kept_text.h"

namespace ifrit::gui::presenters {

/// How tools/demo is run.
struct DemoCommand {
    QString program;
    QStringList arguments;
};

/// The demo of this installation: beside the programs of a build, or where a package puts it.
/// nullopt: it is not there. `directory` holds ifrit-desktop.
std::optional<DemoCommand> findDemo(const QString& directory);

/// Starts and stops a cluster on this machine for who has none yet: a master, machines with real
/// agents, a release that moves. It ends with this object. GUI thread.
class DemoPresenter : public QObject {
    Q_OBJECT
public:
    enum class State { Absent, Stopped, Starting, Running, Stopping };

    explicit DemoPresenter(std::optional<DemoCommand> command, QObject* parent = nullptr);
    ~DemoPresenter() override;

    State state() const;
    Action startAction() const;
    void start();
    /// Ends every process of the demo; stopped() when they are gone.
    void stop();
    /// Starts it where it is stopped, else stops it.
    void toggle();
    /// What it does now, or why it ended.
    QString line() const { return m_line.text(); }

Q_SIGNALS:
    void changed();
    /// The cluster can be connected to with this bundle file.
    void ready(const QString& bundlePath);
    void stopped();

private:
    void read();
    void finished();

    std::optional<DemoCommand> m_command;
    QProcess m_process;
    QByteArray m_said;  ///< of its last line, while that is not whole
    QString m_bundle;
    QString m_lastWords;  ///< of its error stream, in its own words
    bool m_stopping = false;
    KeptText m_line;
};

}  // namespace ifrit::gui::presenters
