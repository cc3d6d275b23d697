// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/demo_presenter.h"

#include <QDir>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStandardPaths>

#include "gui/models/own_words.h"

namespace ifrit::gui::presenters {
namespace {

constexpr int kStopMs = 15'000;
constexpr qsizetype kMaxLine = 64 * 1024;

}  // namespace

std::optional<DemoCommand> findDemo(const QString& directory) {
    const QString python = QStandardPaths::findExecutable(QStringLiteral("python3"));
    if (python.isEmpty()) return std::nullopt;
    const QDir here(directory);
    const QString built = here.filePath(QStringLiteral("../../../tools/demo"));
    if (QFileInfo::exists(built) &&
        QFileInfo::exists(here.filePath(QStringLiteral("ifrit-master"))) &&
        QFileInfo::exists(here.filePath(QStringLiteral("ifrit-guard")))) {
        return DemoCommand{python,
                           {QDir::cleanPath(built), QStringLiteral("--serve"),
                            QStringLiteral("--no-build"), QStringLiteral("--programs"), directory}};
    }
    const QString installed = here.filePath(QStringLiteral("../share/ifrit/tools/demo"));
    const QStringList sbin = {QStringLiteral("/usr/sbin"), QStringLiteral("/sbin")};
    const bool complete =
        QFileInfo::exists(here.filePath(QStringLiteral("ifrit-master"))) &&
        (!QStandardPaths::findExecutable(QStringLiteral("ifrit-guard")).isEmpty() ||
         !QStandardPaths::findExecutable(QStringLiteral("ifrit-guard"), sbin).isEmpty());
    if (!QFileInfo::exists(installed) || !complete) return std::nullopt;
    return DemoCommand{python,
                       {QDir::cleanPath(installed), QStringLiteral("--serve"),
                        QStringLiteral("--no-build"), QStringLiteral("--installed")}};
}

DemoPresenter::DemoPresenter(std::optional<DemoCommand> command, QObject* parent)
    : QObject(parent), m_command(std::move(command)) {
    connect(&m_process, &QProcess::readyReadStandardOutput, this, &DemoPresenter::read);
    connect(&m_process, &QProcess::readyReadStandardError, this, &DemoPresenter::read);
    connect(&m_process, &QProcess::finished, this, &DemoPresenter::finished);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error != QProcess::FailedToStart) return;
        m_line = KeptText([why = m_process.errorString()] {
            return tr("The demo could not be started: %1").arg(why);
        });
        Q_EMIT changed();
    });
}

DemoPresenter::~DemoPresenter() {
    disconnect(&m_process, nullptr, this, nullptr);
    if (m_process.state() == QProcess::NotRunning) return;
    // It ends what it started; killed, it could not.
    m_process.closeWriteChannel();
    if (!m_process.waitForFinished(kStopMs)) m_process.terminate();
    m_process.waitForFinished(kStopMs);
}

DemoPresenter::State DemoPresenter::state() const {
    if (!m_command) return State::Absent;
    if (m_process.state() == QProcess::NotRunning) return State::Stopped;
    if (m_stopping) return State::Stopping;
    return m_bundle.isEmpty() ? State::Starting : State::Running;
}

Action DemoPresenter::startAction() const {
    switch (state()) {
        case State::Absent:
            return {
                tr("The demo is not installed beside this program: it needs python3, "
                   "ifrit-master and ifrit-agent.")};
        case State::Stopping:
            return {tr("The demo is still ending.")};
        default:
            return {};
    }
}

void DemoPresenter::start() {
    if (state() != State::Stopped) return;
    m_bundle.clear();
    m_said.clear();
    m_lastWords.clear();
    m_stopping = false;
    m_line = KeptText([] { return tr("Starting a cluster on this machine."); });
    m_process.start(m_command->program, m_command->arguments);
    Q_EMIT changed();
}

void DemoPresenter::toggle() {
    state() == State::Stopped ? start() : stop();
}

void DemoPresenter::stop() {
    if (m_process.state() == QProcess::NotRunning || m_stopping) return;
    m_stopping = true;
    m_line = KeptText([] { return tr("Ending the demo."); });
    // The end of its input is the word to go.
    m_process.closeWriteChannel();
    Q_EMIT changed();
}

void DemoPresenter::read() {
    const QStringList words = QString::fromUtf8(m_process.readAllStandardError())
                                  .split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    if (!words.isEmpty()) {
        m_lastWords = words.last().section(QStringLiteral("demo: "), -1);
        if (!m_stopping)
            m_line = KeptText([text = m_lastWords] {
                return tr("Demo: %1").arg(models::OwnWords::ofDemo(text));
            });
    }
    m_said += m_process.readAllStandardOutput();
    if (m_said.size() > kMaxLine) m_said.clear();
    for (qsizetype end = m_said.indexOf('\n'); end >= 0; end = m_said.indexOf('\n')) {
        const QJsonObject said = QJsonDocument::fromJson(m_said.left(end)).object();
        m_said.remove(0, end + 1);
        const QString bundle = said.value(QStringLiteral("bundle")).toString();
        if (bundle.isEmpty() || !m_bundle.isEmpty()) continue;
        m_bundle = bundle;
        Q_EMIT ready(bundle);
    }
    Q_EMIT changed();
}

void DemoPresenter::finished() {
    read();
    const bool asked = m_stopping;
    m_stopping = false;
    m_bundle.clear();
    m_line = asked ? KeptText([] { return tr("The demo has ended; nothing of it is left."); })
                   : KeptText([text = m_lastWords] {
                         return tr("The demo ended: %1").arg(models::OwnWords::ofDemo(text));
                     });
    Q_EMIT changed();
    Q_EMIT stopped();
}

}  // namespace ifrit::gui::presenters
