// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

#include <string>

#include "shared/base/clock.h"
#include "shared/bundle/bundle.h"
#include "tests/gui/support/cluster_pki.h"
#include "tests/support/built_programs.h"

namespace ifrit::tests {

/// The program itself, with settings and a home of its own; each start of it has the same ones.
class DesktopProcess {
public:
    /// A window that opens on a busy machine.
    static constexpr int kWithinMs = 60'000;

    /// A new bundle of a cluster whose master is where nobody listens.
    QString bundleOf(const std::string& cluster) const {
        bundle::Bundle content;
        content.cluster = cluster;
        content.kind = "test";
        content.addresses = {"127.0.0.1:1"};
        const ClusterPki pki(cluster, base::SystemClock().now());
        pki.fill(content, "chen.yu");
        const QString path =
            m_directory.filePath(QString::fromStdString(cluster) + QStringLiteral(".bundle"));
        QFile file(path);
        if (file.open(QIODevice::WriteOnly))
            file.write(QByteArray::fromStdString(bundle::formatBundle(content)));
        return path;
    }
    /// False: it could not be started.
    bool start(QProcess& process, const QStringList& arguments) const {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
        // The socket, and nothing of whoever runs the test.
        environment.insert(QStringLiteral("HOME"), m_directory.path());
        environment.insert(QStringLiteral("TMPDIR"), m_directory.path());
        environment.insert(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"),
                           QStringLiteral("unix:path=/-"));
        process.setProcessEnvironment(environment);
        process.setWorkingDirectory(m_directory.path());
        process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        process.start(QString::fromStdString(built("bin/ifrit-desktop")),
                      QStringList{QStringLiteral("--settings"), QStringLiteral("s")} + arguments);
        return process.waitForStarted();
    }
    /// What it has remembered.
    QByteArray settings() const {
        QFile file(m_directory.filePath(QStringLiteral("s/desktop.ini")));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    static void end(QProcess& process) {
        process.terminate();
        if (!process.waitForFinished(kWithinMs)) process.kill();
    }

private:
    QTemporaryDir m_directory;
};

}  // namespace ifrit::tests
