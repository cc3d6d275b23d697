// SPDX-License-Identifier: Apache-2.0
#include "tests/fault/guarded_machine.h"

#include <signal.h>

#include <set>

#include "agent/guard/guard_record.h"
#include "agent/guard/slots.h"
#include "agent/platform/platform.h"
#include "tests/agent/support/wait_until.h"
#include "tests/support/built_programs.h"

namespace ifrit::tests {
namespace {

namespace fs = std::filesystem;

constexpr char kSelf[] = "ifrit-agent";

const agent::platform::Platform& system() {
    static const agent::platform::Platform kPlatform = *agent::platform::makePlatform();
    return kPlatform;
}

pid_t alive(const agent::platform::ProcessId& process) {
    return system().processes->isAlive(process) ? process.pid : 0;
}

std::string programOf(pid_t pid) {
    std::error_code error;
    return fs::read_symlink("/proc/" + std::to_string(pid) + "/exe", error).string();
}

/// Whether a program of ours was started for this machine: its root or configuration is an
/// argument.
bool isOf(pid_t pid, const std::string& place) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/cmdline", std::ios::binary);
    std::ostringstream words;
    words << file.rdbuf();
    return words.str().find(place) != std::string::npos;
}

}  // namespace

GuardedMachine::~GuardedMachine() {
    killIfrit();
}

std::unique_ptr<ChildProcess> GuardedMachine::startGuard(
    std::vector<std::string> wrapper, const std::vector<std::string>& flags) const {
    const std::vector<std::string> guard{
        built("bin/ifrit-guard"), "--root", layout().root(), "--agent", built("bin/ifrit-agent"),
        "--stop-timeout",         "5"};
    wrapper.insert(wrapper.end(), guard.begin(), guard.end());
    wrapper.insert(wrapper.end(), flags.begin(), flags.end());
    wrapper.insert(wrapper.end(), {"--", "run", "--config", configFile()});
    return std::make_unique<ChildProcess>(wrapper, logFile());
}

pid_t GuardedMachine::agentPid() const {
    const auto started = agent::guard::readStartedAgent(layout().root());
    return started.ok() ? alive(*started) : 0;
}

pid_t GuardedMachine::guardPid() const {
    const auto record = agent::guard::readGuardRecord(layout().root());
    return record.ok() ? alive(record->process) : 0;
}

std::string GuardedMachine::agentVersion() const {
    const pid_t pid = agentPid();
    const std::string program = pid == 0 ? "" : programOf(pid);
    if (program.empty()) return "";
    const std::string versions = layout().versions(kSelf) + '/';
    if (program.rfind(versions, 0) != 0) return "installed";
    return program.substr(versions.size(), program.find('-', versions.size()) - versions.size());
}

bool GuardedMachine::isSelfSettled(const std::string& version) const {
    const agent::journal::AgentRecord now = record(kSelf);
    const agent::guard::Slots slots(layout().root(), *system().directories);
    const std::string recorded = now.current ? now.current->version : "installed";
    return !now.step && recorded == version && !slots.trial() && !slots.lastPutBack() &&
           agentVersion() == version;
}

std::string GuardedMachine::selfGarbage() const {
    const std::set<std::string> known{"current",     "beat",       "guard-process",
                                      "guard-state", "guard.lock", "slots"};
    for (const auto& entry : fs::directory_iterator(layout().root() + "/ifrit")) {
        const std::string name = entry.path().filename().string();
        if (known.count(name) == 0) return "ifrit/" + name;
    }
    const agent::journal::AgentRecord now = record(kSelf);
    std::set<std::string> versions;
    for (const auto& kept : {now.current, now.previous})
        if (kept) versions.insert(agent::install::Layout::versionName(*kept));
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(layout().versions(kSelf), error)) {
        const std::string name = entry.path().filename().string();
        if (versions.count(name) == 0 && now.knownBad.empty()) return "versions/" + name;
        if (name.front() == '.') return "versions/" + name;
    }
    return {};
}

void GuardedMachine::killIfrit() const {
    const auto left = [this] {
        int found = 0;
        for (const auto& entry : fs::directory_iterator("/proc")) {
            const std::string name = entry.path().filename().string();
            if (name.find_first_not_of("0123456789") != std::string::npos) continue;
            const pid_t pid = std::stoi(name);
            const std::string program = programOf(pid);
            const std::string word = program.substr(program.rfind('/') + 1);
            if (word.rfind("ifrit-", 0) != 0 && word != "fault_injector") continue;
            if (!isOf(pid, configFile())) continue;
            ::kill(pid, SIGKILL);
            ++found;
        }
        return found;
    };
    waitUntil([&] { return left() == 0; });
}

SelfPackages::SelfPackages(const PackageFactory& factory)
    : m_factory(factory), m_program(factory.directory() / "variant") {
    // Its debug information is many times its size, and would be copied for every machine.
    ChildProcess strip({"/usr/bin/strip", "-o", m_program.string(), built("tests/variant_agent")},
                       "/dev/null");
    if (strip.wait() != 0) throw std::runtime_error("cannot strip variant_agent");
}

TestPackage SelfPackages::make(const std::string& version, const std::string& behaviour,
                               const std::string& probation, const std::string& limits) const {
    const fs::path source = m_factory.directory() / ("self-" + version);
    fs::remove_all(source);
    fs::create_directories(source / "files/bin");
    fs::copy_file(m_program, source / "files/bin/ifrit-agent");
    std::ofstream(source / "files/bin/version") << version << '\n';
    std::ofstream(source / "files/bin/behaviour") << behaviour << '\n';
    std::ofstream(source / "package.toml")
        << "format = 1\nname = \"ifrit-agent\"\nversion = \"" << version
        << "\"\nmachine_types = [\"LINUX\"]\nprobation = \"" << probation
        << "\"\n[start]\ncommand = [\"bin/ifrit-agent\", \"run\"]\n[limits]\n"
        << limits;
    const auto built =
        ::ifrit::package::buildPackage(source, m_factory.key(), m_factory.directory());
    if (!built.ok()) throw std::runtime_error(built.status().ToString());
    fs::rename(built->path, m_factory.directory() / (built->digest + ".ifrit"));
    return {built->manifest, built->digest};
}

}  // namespace ifrit::tests
