// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QProcess>
#include <QString>
#include <QStringList>
#include <functional>

namespace ifrit::tests {

/// A template for QTemporaryDir: in memory where the system has such a place. A test's server is
/// killed, never powered off, so its data need not reach a disk.
QString fastDirectory(const QString& name);

/// Starts a server that is killed with this process, also where this one is killed.
void startWithUs(QProcess& process, const QString& program, const QStringList& arguments);

/// Until `ready` says so; false when the process ended or the time is over.
bool awaitProcess(QProcess& process, const std::function<bool()>& ready, int milliseconds);

}  // namespace ifrit::tests
