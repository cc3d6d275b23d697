// SPDX-License-Identifier: Apache-2.0
#include "tests/fault/fault_machine.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <set>

#include "agent/journal/journal.h"
#include "agent/package/manifest_store.h"
#include "shared/crypto/sha256.h"
#include "shared/domain/names.h"
#include "tests/agent/support/wait_until.h"
#include "tests/support/built_programs.h"

namespace ifrit::tests {
namespace {

namespace fs = std::filesystem;

constexpr char kAgent[] = "exporter";
constexpr char kMemory[] = "/dev/shm";

/// What a process that has just ended may take to be started again.
constexpr std::chrono::seconds kMostBehind{2};

/// "": it has none any more.
std::string programOf(pid_t pid) {
    std::error_code error;
    return fs::read_symlink("/proc/" + std::to_string(pid) + "/exe", error).string();
}

bool isBelow(const std::string& program, const std::string& directory) {
    return program.rfind(directory + '/', 0) == 0;
}

bool runsFrom(pid_t pid, const std::string& directory) {
    return isBelow(programOf(pid), directory);
}

std::vector<std::string> entriesOf(const std::string& directory) {
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(directory, error))
        names.push_back(entry.path().filename().string());
    return names;
}

/// Looks at every process.
std::map<pid_t, std::string> runningFrom(const std::string& directory) {
    std::map<pid_t, std::string> found;
    for (const std::string& name : entriesOf("/proc")) {
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        const pid_t pid = std::stoi(name);
        if (std::string program = programOf(pid); isBelow(program, directory))
            found.emplace(pid, std::move(program));
    }
    return found;
}

}  // namespace

FaultDirectory::FaultDirectory() {
    const bool inMemory = ::access(kMemory, W_OK | X_OK) == 0;
    std::string name = (inMemory ? fs::path(kMemory) : fs::temp_directory_path()) / "ifrit-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no directory " + name);
    m_path = name;
}

FaultDirectory::~FaultDirectory() {
    std::error_code ignored;
    fs::remove_all(m_path, ignored);
}

FaultMachine::FaultMachine(fs::path directory, std::string uuid, int port, const std::string& more)
    : m_directory(std::move(directory)),
      m_uuid(std::move(uuid)),
      m_layout((m_directory / "root").string()),
      m_config((m_directory / "agent.toml").string()) {
    fs::create_directories(m_layout.root());
    std::ofstream(m_config) << fmt::format(
        "root = \"{}\"\nmasters = [\"127.0.0.1:{}\"]\nca_file = \"unused\"\nuuid = \"{}\"\n"
        "machine_type = \"LINUX\"\n{}",
        m_layout.root(), port, m_uuid, more);
}

FaultMachine::~FaultMachine() {
    killManaged();
}

std::string FaultMachine::logText() const {
    std::ostringstream text;
    text << std::ifstream(logFile()).rdbuf();
    return text.str();
}

void FaultMachine::resetTo(const fs::path& image) {
    killManaged();
    fs::remove_all(m_layout.root());
    m_stamp = {};
    // By another process: a copy made in here would be open for writing in whatever another thread
    // starts meanwhile, and a program that is open for writing cannot be run.
    ChildProcess copy({"/bin/cp", "-a", image.string(), m_layout.root()}, "/dev/null");
    if (copy.wait() != 0) throw std::runtime_error("cannot copy " + image.string());
    fs::remove(logFile());
    // The image may have had another master, and what worked is preferred to what agent.toml says.
    fs::remove(m_layout.linkSettings());
}

std::unique_ptr<ChildProcess> FaultMachine::start(std::vector<std::string> wrapper) const {
    wrapper.insert(wrapper.end(), {built("bin/ifrit-agent"), "run", "--config", m_config});
    return std::make_unique<ChildProcess>(wrapper, logFile());
}

agent::journal::AgentRecord FaultMachine::record(const std::string& agent) const {
    struct stat found {};
    if (::stat(m_layout.journal().c_str(), &found) != 0) return {};
    // Each writing makes another file.
    const Stamp stamp{found.st_ino, found.st_mtim.tv_sec * 1'000'000'000 + found.st_mtim.tv_nsec};
    if (stamp == m_stamp && agent == m_agent) return m_record;
    // The file and not the class's repair of it: reading must not change what is tested.
    const auto opened = agent::journal::Journal::open(m_layout.journal());
    if (!opened.ok()) return {};
    if (!opened->damage.ok()) throw std::runtime_error(opened->damage.ToString());
    m_record = opened->journal->agent(agent);
    m_agent = agent;
    m_stamp = stamp;
    return m_record;
}

bool FaultMachine::isSettled(const std::string& version) const {
    const agent::journal::AgentRecord now = record();
    if (now.step) return false;
    if (version.empty()) return !now.current;
    return now.current && now.current->version == version && now.process &&
           now.process->version == *now.current &&
           runsFrom(now.process->process.pid, m_layout.version(kAgent, *now.current));
}

std::vector<pid_t> FaultMachine::managed() const {
    std::vector<pid_t> pids;
    for (const auto& [pid, program] : runningFrom(m_layout.agent(kAgent)))
        pids.push_back(pid);
    return pids;
}

void FaultMachine::killManaged() const {
    for (const std::string& agent : entriesOf(m_layout.agents())) {
        // Its slots are below the same directory, and it is no managed process.
        if (agent == domain::kSelfAgent) continue;
        const std::string directory = m_layout.agent(agent);
        for (const auto& [pid, program] : runningFrom(directory))
            ::kill(pid, SIGKILL);
        waitUntil([&] { return runningFrom(directory).empty(); });
    }
}

std::string FaultMachine::damage(const fs::path& version, const std::string& digest) const {
    const auto manifest = agent::package::ManifestStore(m_layout.agents()).load(kAgent, digest);
    if (!manifest.ok()) return "manifest: " + manifest.status().ToString();
    for (const domain::FileEntry& file : manifest->files) {
        const auto found = crypto::sha256File(version / file.path);
        if (!found.ok() || *found != file.sha256) return "not whole: " + file.path;
    }
    return {};
}

std::string FaultMachine::inconsistencyOnDisk() const {
    std::error_code error;
    const fs::path target = fs::read_symlink(m_layout.current(kAgent), error);
    if (target.empty()) return "there is no current version";
    // Its digest's beginning is the last word of the directory's name.
    const std::string name = target.filename().string();
    const std::string part = name.substr(name.rfind('-') + 1);
    for (const std::string& digest :
         agent::package::ManifestStore(m_layout.agents()).readableDigests(kAgent))
        if (digest.rfind(part, 0) == 0)
            return damage(fs::path(m_layout.agent(kAgent)) / target, digest);
    return "current points to " + name + ", which has no manifest";
}

FaultMachine::Moment FaultMachine::moment() const {
    return {record(), runningFrom(m_layout.agent(kAgent))};
}

std::string FaultMachine::inconsistency() const {
    std::string wrong;
    // Journal, disk and processes are read one after the other: where one of them moved meanwhile
    // they are of different moments. And what a killed ifrit-agent leaves may yet end: a signal is
    // on its way, or it died just when the program that it traced began (SIGTRAP).
    const auto isJudged = [&] {
        const Moment before = moment();
        wrong = inconsistencyOf(before);
        if (wrong.empty()) return true;
        const auto& process = before.record.process;
        const bool isBehind = process && before.programs.count(process->process.pid) == 0;
        return !isBehind && moment() == before;
    };
    waitUntil(isJudged, kMostBehind);
    return wrong;
}

std::string FaultMachine::inconsistencyOf(const Moment& now) const {
    const auto& current = now.record.current;
    std::error_code error;
    const std::string target = fs::read_symlink(m_layout.current(kAgent), error).string();
    if (!current) {
        if (!now.programs.empty()) return "something runs of which the journal does not know";
        return target.empty() ? "" : "current points to " + target + ", the journal to nothing";
    }
    if (target != agent::install::Layout::currentTarget(*current))
        return fmt::format("current points to '{}', the journal to {}", target, current->version);
    if (const std::string wrong = inconsistencyOnDisk(); !wrong.empty()) return wrong;
    if (now.programs.size() != 1) return fmt::format("{} processes run", now.programs.size());
    return isBelow(now.programs.begin()->second, m_layout.version(kAgent, *current))
               ? ""
               : "another version runs than the journal says";
}

std::string FaultMachine::garbage() const {
    const agent::journal::AgentRecord now = record();
    if (!now.current && fs::exists(m_layout.agent(kAgent))) return m_layout.agent(kAgent);
    std::set<std::string> versions;
    std::set<std::string> manifests;
    std::set<std::string> archives;
    for (const auto& kept : {now.current, now.previous}) {
        if (!kept) continue;
        versions.insert(agent::install::Layout::versionName(*kept));
        manifests.insert({kept->digest + ".toml", kept->digest + ".sig"});
        const auto manifest =
            agent::package::ManifestStore(m_layout.agents()).load(kAgent, kept->digest);
        if (manifest.ok()) archives.insert(manifest->archiveSha256 + ".tar.zst");
    }
    const std::set<std::string> state{"journal.toml", "journal.toml.room", "identity.pem",
                                      "link.toml",    "ifrit-agent.lock",  "address"};
    for (const auto& [directory, known] :
         {std::pair(m_layout.versions(kAgent), versions),
          std::pair(m_layout.manifests(kAgent), manifests), std::pair(m_layout.cache(), archives),
          std::pair(m_layout.state(), state)}) {
        for (const std::string& name : entriesOf(directory))
            if (known.count(name) == 0) return directory + '/' + name;
    }
    return {};
}

domain::DesiredEntry installOf(const TestPackage& package) {
    domain::DesiredEntry entry;
    entry.agent = package.manifest.name;
    entry.version = package.manifest.version;
    entry.manifestDigest = package.digest;
    entry.releaseId = "R" + package.manifest.version;
    return entry;
}

domain::DesiredEntry purgeOf(const std::string& agent) {
    domain::DesiredEntry entry;
    entry.agent = agent;
    entry.action = domain::DesiredAction::UninstallPurge;
    entry.releaseId = "RX";
    return entry;
}

}  // namespace ifrit::tests
