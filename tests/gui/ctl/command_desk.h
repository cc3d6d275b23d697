// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

#include <sstream>
#include <string>
#include <vector>

#include "gui/ctl/shell.h"
#include "tests/gui/ctl/some_pem.h"
#include "tests/gui/support/fake_session.h"

namespace ifrit::tests {

/// The words that a POSIX shell makes of a line.
inline std::vector<std::string> wordsOf(const QString& line) {
    QProcess shell;
    shell.start(QStringLiteral("/bin/sh"),
                {QStringLiteral("-c"), QStringLiteral("printf '%s\\0' ") + line});
    if (!shell.waitForFinished(10'000) || shell.exitCode() != 0) return {};
    std::vector<std::string> out;
    for (const QByteArray& word : shell.readAllStandardOutput().split('\0'))
        out.push_back(word.toStdString());
    out.pop_back();  // behind the last zero
    return out;
}

/// A terminal at which what "copy as command" has copied is pasted: through a real shell's quoting
/// and ifritctl's own parser, down to the call that the master gets.
struct CommandDesk {
    CommandDesk() {
        QFile file(directory.filePath(QStringLiteral("admin.bundle")));
        if (!file.open(QIODevice::WriteOnly)) return;
        file.write(QByteArray::fromStdString(
            bundle::formatBundle({"demo", "test", {"127.0.0.1:7443"}, kPem, kPem, kPem})));
        bundlePath = file.fileName().toStdString();
        // Asked for after each change.
        for (FakeMaster* one : {&master, &other}) {
            one->audit.headCalls.automatic =
                [](const auto&) -> absl::StatusOr<gui::services::AuditHeads> {
                return absl::UnimplementedError("signs none");
            };
        }
    }
    /// The exit code; -1: it is no command of ifritctl.
    int run(const QString& text) {
        std::vector<std::string> words = wordsOf(text);
        if (words.empty() || words.front() != "ifritctl") return -1;
        words.erase(words.begin());
        std::istringstream in;
        std::ostringstream out;
        std::ostringstream err;
        FakeSessionFactory sessions(master);
        sessions.others["beta"] = &other;
        // Nobody is there to be asked, as in a script.
        gui::ctl::Terminal terminal{in, out, err, false, [](const std::string&, gui::ctl::Echo) {
                                        return absl::StatusOr<std::string>(std::string());
                                    }};
        const std::string config = directory.filePath(QStringLiteral("config")).toStdString();
        gui::ctl::Shell shell({sessions, terminal, gui::ctl::ContextStore(config),
                               [this](const char* name) {
                                   return std::string(name) == "IFRIT_BUNDLE" ? bundlePath
                                                                              : std::string();
                               },
                               [] { return false; }});
        const int code = shell.run(std::move(words));
        error = err.str();
        return code;
    }

    QTemporaryDir directory;
    FakeMaster master;
    FakeMaster other;  ///< of the cluster beta
    std::string bundlePath;
    std::string error;  ///< of the last run()
};

}  // namespace ifrit::tests
