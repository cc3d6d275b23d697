// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFile>
#include <QStringList>
#include <QTemporaryDir>

#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "gui/ctl/shell.h"
#include "tests/gui/ctl/answering_masters.h"
#include "tests/gui/ctl/some_pem.h"

namespace ifrit::tests {

namespace ctl = gui::ctl;

struct Outcome {
    int code = -1;
    std::string out;
    std::string err;
};

inline void write(const std::string& path, const std::string& text) {
    QFile file(QString::fromStdString(path));
    if (!file.open(QIODevice::WriteOnly)) qFatal("no temporary file");
    file.write(QByteArray::fromStdString(text));
}

/// ifritctl in this process, with everything around it faked.
struct Ctl {
    QTemporaryDir dir;
    AnsweringMasters sessions;
    std::istringstream in;
    bool interactive = false;
    std::string typed;  ///< what a person answers
    bool interrupted = false;
    bool outputFails = false;  ///< what is printed cannot be written
    bool readerLeft = false;   ///< because nobody reads it
    std::map<std::string, std::string> variables;

    Ctl() {
        bundle::Bundle bundle{"demo", "test", {"127.0.0.1:7443"}, kPem, kPem, kPem};
        variables["IFRIT_BUNDLE"] = path("admin.bundle");
        write(path("admin.bundle"), bundle::formatBundle(bundle));
    }

    std::string path(const char* name) const {
        return dir.filePath(QString::fromUtf8(name)).toStdString();
    }

    Outcome run(std::vector<std::string> arguments) {
        std::ostringstream out;
        std::ostringstream err;
        ctl::Terminal terminal{in,
                               out,
                               err,
                               interactive,
                               [this, &err](const std::string& prompt, ctl::Echo) {
                                   err << prompt;
                                   return absl::StatusOr<std::string>(typed);
                               },
                               [this] { return readerLeft; }};
        if (outputFails) out.setstate(std::ios::badbit);
        ctl::Shell shell({sessions, terminal, ctl::ContextStore(path("config")),
                          [this](const char* name) { return variables[name]; },
                          [this] { return interrupted; }});
        Outcome outcome;
        outcome.code = shell.run(std::move(arguments));
        outcome.out = out.str();
        outcome.err = err.str();
        return outcome;
    }
};

inline bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

inline services::MachineInfo machine(const std::string& uuid) {
    services::MachineInfo out;
    out.facts = {uuid,    "LINUX", "acme", {{"zone", "b"}}, "10.0.0.7",
                 "web-7", "6.1",   "2.36", "x86_64",        "0.1.0"};
    out.lastSeen = base::fromUnixMillis(1'700'000'000'000);
    out.state = domain::MachineState::Failed;
    domain::AgentReport agent;
    agent.agent = "logd";
    agent.runningVersion = "1.0";
    agent.desiredVersion = "1.1";
    agent.state = domain::MachineState::Failed;
    agent.lastError = domain::AgentError{"PROBE", "probe failed\x1b[31m", "watching", 2, {}};
    out.agents = {agent};
    return out;
}

inline services::ReleaseInfo release(domain::ReleaseState state,
                                     std::map<domain::Outcome, std::uint32_t> outcomes,
                                     std::uint32_t targeted = 2) {
    services::ReleaseInfo out;
    out.release.id = "r-1";
    out.release.number = 12;
    out.release.state = state;
    out.release.spec.agent = "logd";
    out.release.spec.version = "1.1";
    out.release.spec.machineTypes = {"LINUX"};
    out.release.stage = domain::StageKind::Gray;
    services::StageProgress stage;
    stage.counts.kind = domain::StageKind::Gray;
    stage.counts.targeted = targeted;
    stage.counts.outcomes = std::move(outcomes);
    out.stages = {stage};
    return out;
}

inline QStringList words(const char* line) {
    return QString::fromUtf8(line).split(QLatin1Char(' '), Qt::SkipEmptyParts);
}

inline std::vector<std::string> arguments(const char* line) {
    std::vector<std::string> out;
    for (const QString& word : words(line))
        out.push_back(word.toStdString());
    return out;
}

}  // namespace ifrit::tests
