// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QFile>
#include <QTemporaryDir>
#include <string>

#include "agent/platform/platform.h"
#include "tests/agent/support/wait_until.h"

namespace ifrit::tests {

inline std::string misbehavingAgent() {
    return MISBEHAVING_AGENT;
}

inline std::string fileText(const std::string& path) {
    QFile file(QString::fromStdString(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

/// What follows "<word> " on the first line of the file that begins so; waits for it, empty after
/// the wait's limit.
inline std::string awaitWord(const std::string& path, const std::string& word) {
    std::string found;
    waitUntil([&] {
        const std::string text = '\n' + fileText(path);
        const auto at = text.find('\n' + word);
        const auto end = at == std::string::npos ? at : text.find('\n', at + 1);
        if (end == std::string::npos) return false;
        found = text.substr(at + 1 + word.size(), end - at - 1 - word.size());
        if (!found.empty() && found[0] == ' ') found.erase(0, 1);
        if (found.empty()) found = word;
        return true;
    });
    return found;
}

}  // namespace ifrit::tests
