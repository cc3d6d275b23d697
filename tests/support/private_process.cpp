// SPDX-License-Identifier: Apache-2.0
#include "tests/support/private_process.h"

#include <sys/prctl.h>

#include <csignal>

#include <QDeadlineTimer>
#include <QDir>
#include <QFileInfo>

namespace ifrit::tests {

QString fastDirectory(const QString& name) {
    const QFileInfo memory(QStringLiteral("/dev/shm"));
    const QString parent =
        memory.isDir() && memory.isWritable() ? memory.filePath() : QDir::tempPath();
    return parent + QLatin1Char('/') + name + QStringLiteral("-XXXXXX");
}

void startWithUs(QProcess& process, const QString& program, const QStringList& arguments) {
    process.setStandardOutputFile(QProcess::nullDevice());
    process.setStandardErrorFile(QProcess::nullDevice());
    process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
    process.start(program, arguments);
    process.waitForStarted();
}

bool awaitProcess(QProcess& process, const std::function<bool()>& ready, int milliseconds) {
    const QDeadlineTimer deadline(milliseconds);
    while (!deadline.hasExpired() && process.state() != QProcess::NotRunning) {
        if (ready()) return true;
        process.waitForFinished(20);
    }
    return false;
}

}  // namespace ifrit::tests
