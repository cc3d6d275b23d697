// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fstream>
#include <memory>
#include <string>

#include <QObject>
#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>
#include <QTest>

#include "master/app/master_files.h"
#include "shared/base/atomic_file.h"
#include "tests/support/built_programs.h"

namespace ifrit::master::app {

/// ifrit-master as a program, with a directory of its own: exit codes, and what it prints.
class MasterProgram : public QObject {
protected:
    struct Done {
        int code = -1;
        QString out;
        QString error;
    };
    static QString program() {
        return QString::fromStdString(ifrit::tests::built("bin/ifrit-master"));
    }
    QString directory() const { return m_directory->filePath(QStringLiteral("m")); }
    MasterFiles files() const { return MasterFiles(directory().toStdString()); }

    Done run(const QStringList& arguments) const {
        QProcess process;
        process.start(program(), arguments);
        if (!process.waitForFinished(30'000)) return {};
        return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
                QString::fromUtf8(process.readAllStandardOutput()),
                QString::fromUtf8(process.readAllStandardError())};
    }
    Done on(const QString& command, const QStringList& rest = {}) const {
        return run(QStringList(command.split(QLatin1Char(' ')))
                   << QStringLiteral("--dir") << directory() << rest);
    }
    void makeCluster() {
        const Done made = on(QStringLiteral("init"),
                             {QStringLiteral("--cluster"), QStringLiteral("demo"),
                              QStringLiteral("--address"), QStringLiteral("127.0.0.1:7443")});
        QVERIFY2(made.code == 0, qPrintable(made.error));
        setInConfig(
            "[metrics]\n# host:port of https /metrics, /healthz, /readyz; empty: none\n"
            "listen = \"127.0.0.1:7444\"",
            "[metrics]\nlisten = \"\"");
    }
    void setInConfig(const std::string& from, const std::string& to) const {
        std::string text = *base::readFile(files().config().string(), 65'536);
        const std::size_t at = text.find(from);
        QVERIFY2(at != std::string::npos, from.c_str());
        std::ofstream(files().config()) << text.replace(at, from.size(), to);
    }
    /// Before each test.
    void begin() { m_directory = std::make_unique<QTemporaryDir>(); }

    std::unique_ptr<QTemporaryDir> m_directory;
};

}  // namespace ifrit::master::app
