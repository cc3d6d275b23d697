// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QElapsedTimer>
#include <QProcess>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include "shared/crypto/certificates.h"

namespace ifrit::tests {

/// A real https server in a process of its own (tests/support/mirror_server.py), with a certificate
/// of a CA of its own. One thread.
class MirrorServer {
public:
    /// Serves the files of `directory`; its certificates go to `scratch`.
    MirrorServer(const std::filesystem::path& directory, const std::filesystem::path& scratch) {
        const auto now = base::SystemClock().now();
        const auto ca = crypto::createCa("mirror", now, std::chrono::hours(24));
        const auto own = crypto::issue(
            *ca,
            {crypto::Role::Server, "mirror", "mirror", {"127.0.0.1"}, now, std::chrono::hours(24)});
        if (!own.ok()) throw std::runtime_error(own.status().ToString());
        m_caFile = scratch / "mirror-ca.pem";
        std::ofstream(m_caFile) << ca->certificatePem;
        std::ofstream(scratch / "mirror.pem") << own->certificatePem;
        std::ofstream(scratch / "mirror.key") << own->privateKeyPem;
        const auto text = [](const std::filesystem::path& path) {
            return QString::fromStdString(path.string());
        };
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process.start(QStringLiteral("python3"),
                        {text(IFRIT_SOURCE_DIR "/tests/support/mirror_server.py"), text(directory),
                         text(scratch / "mirror.pem"), text(scratch / "mirror.key")});
        m_port = line();
    }
    ~MirrorServer() {
        m_process.closeWriteChannel();
        if (!m_process.waitForFinished(10'000)) m_process.kill();
        m_process.waitForFinished();
    }

    std::string caFile() const { return m_caFile.string(); }
    /// Where the files are served in that manner.
    std::string address(const std::string& manner) const {
        return "https://127.0.0.1:" + m_port + '/' + manner;
    }
    /// The next request: its path and the range asked for.
    std::string nextRequest() { return line(); }

private:
    std::string line() {
        QElapsedTimer timer;
        timer.start();
        while (!m_process.canReadLine() && timer.elapsed() < 20'000)
            m_process.waitForReadyRead(1'000);
        const std::string read = m_process.readLine().trimmed().toStdString();
        if (read.empty()) throw std::runtime_error("the mirror server says nothing");
        return read;
    }

    QProcess m_process;
    std::filesystem::path m_caFile;
    std::string m_port;
};

}  // namespace ifrit::tests
