// SPDX-License-Identifier: Apache-2.0
#include "agent/install/run_spec_maker.h"

#include <algorithm>

#include "agent/install/preflight.h"
#include "agent/reconcile/reasons.h"
#include "agent/supervise/program_check.h"
#include "shared/package/packaged_files.h"

namespace ifrit::agent::install {
namespace {

constexpr char kAddress[] = "machine.address";
constexpr char kPath[] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

absl::StatusOr<domain::Probe> expanded(const domain::Probe& probe,
                                       const ::ifrit::package::Variables& variables) {
    domain::Probe out = probe;
    IFRIT_ASSIGN_OR_RETURN(out.address, ::ifrit::package::expand(probe.address, variables));
    IFRIT_ASSIGN_OR_RETURN(out.url, ::ifrit::package::expand(probe.url, variables));
    IFRIT_ASSIGN_OR_RETURN(out.command, ::ifrit::package::expandAll(probe.command, variables));
    return out;
}

/// SHA-256 of the listed file that `command`'s program is, also by way of listed links; empty when
/// it is none of the package's own.
std::string signedDigest(const domain::Manifest& manifest, const std::string& root,
                         const std::vector<std::string>& command) {
    if (command.empty()) return {};
    const std::string& program = command[0];
    if (program.rfind(root + '/', 0) != 0) return {};
    const ::ifrit::package::PackagedFiles files(manifest);
    const domain::FileEntry* file = files.at(program.substr(root.size() + 1));
    return file != nullptr && file->kind == domain::FileEntry::Kind::Regular ? file->sha256 : "";
}

/// Why an expansion failed, where the machine's address is what is missing.
absl::Status explained(const absl::Status& status, const ::ifrit::package::Variables& variables) {
    const bool isAddress = variables.count(kAddress) == 0 &&
                           base::messageOf(status).find(kAddress) != std::string::npos;
    if (!isAddress) return status;
    return base::makeError(absl::StatusCode::kUnavailable, reconcile::kNoAddress, "",
                           "waits until this machine has an address: the package uses "
                           "${machine.address}, and no network is up");
}

}  // namespace

RunSpecMaker::RunSpecMaker(Layout layout, domain::MachineFacts machine,
                           std::map<std::string, std::string> vars, AddressNow addressNow)
    : m_layout(std::move(layout)),
      m_machine(std::move(machine)),
      m_vars(std::move(vars)),
      m_addressNow(std::move(addressNow)) {}

::ifrit::package::Variables RunSpecMaker::variables(const domain::Manifest& manifest,
                                                    const journal::InstalledVersion& version,
                                                    Purpose purpose) const {
    ::ifrit::package::Variables variables{
        {"root", m_layout.version(manifest.name, version)},
        {"data_dir", m_layout.data(manifest.name)},
        {"machine.uuid", m_machine.uuid},
        {"machine.type", m_machine.machineType},
        {"machine.pin", m_machine.pin},
    };
    const MachineAddress address = m_addressNow();
    const bool isGood = !address.isAssumed || purpose != Purpose::Trial;
    if (!address.text.empty() && isGood) variables[kAddress] = address.text;
    for (const auto& [name, value] : manifest.vars) {
        const auto own = m_vars.find(name);
        variables["vars." + name] = own == m_vars.end() ? value : own->second;
    }
    return variables;
}

absl::StatusOr<std::vector<std::string>> RunSpecMaker::command(
    const std::vector<std::string>& texts, const ::ifrit::package::Variables& variables) const {
    IFRIT_ASSIGN_OR_RETURN(std::vector<std::string> argv,
                           ::ifrit::package::expandAll(texts, variables));
    if (!argv.empty() && !argv[0].empty() && argv[0].front() != '/') {
        argv[0] = variables.find("root")->second + '/' + argv[0];
    }
    return argv;
}

absl::StatusOr<std::map<std::string, std::string>> RunSpecMaker::environment(
    const domain::Manifest& manifest, const ::ifrit::package::Variables& variables) const {
    std::map<std::string, std::string> environment{
        {"PATH", kPath},
        {"LANG", "C.UTF-8"},
        {"HOME", m_layout.data(manifest.name)},
        {"IFRIT_AGENT", manifest.name},
        {"IFRIT_VERSION", manifest.version},
        {"IFRIT_DATA_DIR", m_layout.data(manifest.name)},
    };
    for (const auto& [name, value] : manifest.start.environment) {
        IFRIT_ASSIGN_OR_RETURN(environment[name], ::ifrit::package::expand(value, variables));
    }
    return environment;
}

supervise::RunSpec RunSpecMaker::bareSpec(const std::string& agent,
                                          const journal::InstalledVersion& version) const {
    supervise::RunSpec spec;
    spec.agent = agent;
    spec.version = version.version;
    spec.digest = version.digest;
    spec.command = {m_layout.version(agent, version)};  // a directory: it cannot be run
    spec.output.path = m_layout.log(agent);
    return spec;
}

absl::StatusOr<supervise::RunSpec> RunSpecMaker::runSpec(const domain::Manifest& manifest,
                                                         const journal::InstalledVersion& version,
                                                         Purpose purpose) const {
    ::ifrit::package::Variables values = variables(manifest, version, purpose);
    if (purpose == Purpose::Stop) values.emplace(kAddress, "");
    auto spec = runSpecWith(values, manifest, version);
    if (!spec.ok()) return explained(spec.status(), values);
    const std::string address = values[kAddress];
    values.erase(kAddress);
    if (!runSpecWith(values, manifest, version).ok()) spec->address = address;
    return spec;
}

absl::StatusOr<supervise::RunSpec> RunSpecMaker::runSpecWith(
    const ::ifrit::package::Variables& values, const domain::Manifest& manifest,
    const journal::InstalledVersion& version) const {
    supervise::RunSpec spec;
    spec.agent = manifest.name;
    spec.version = version.version;
    spec.digest = version.digest;
    IFRIT_ASSIGN_OR_RETURN(spec.command, command(manifest.start.command, values));
    const std::string root = m_layout.version(manifest.name, version);
    spec.programSha256 = signedDigest(manifest, root, spec.command);
    IFRIT_ASSIGN_OR_RETURN(spec.environment, environment(manifest, values));
    spec.workingDirectory = m_layout.data(manifest.name);
    spec.user = manifest.start.user;
    IFRIT_ASSIGN_OR_RETURN(spec.stopSignal, platform::signalFromName(manifest.stop.signal));
    spec.stopGrace = manifest.stop.grace;
    spec.limits = manifest.limits;
    if (manifest.probe) {
        IFRIT_ASSIGN_OR_RETURN(spec.probe, expanded(*manifest.probe, values));
        IFRIT_ASSIGN_OR_RETURN(spec.probe->command, command(manifest.probe->command, values));
        spec.probeSha256 = signedDigest(manifest, root, spec.probe->command);
    }
    spec.output.path = m_layout.log(manifest.name);
    return spec;
}

absl::StatusOr<platform::LaunchSpec> RunSpecMaker::hookSpec(
    const domain::Manifest& manifest, const journal::InstalledVersion& version,
    const domain::Hook& hook, Purpose purpose) const {
    const ::ifrit::package::Variables values = variables(manifest, version, purpose);
    platform::LaunchSpec spec;
    auto argv = command(hook.command, values);
    if (!argv.ok()) return explained(argv.status(), values);
    auto variables = environment(manifest, values);
    if (!variables.ok()) return explained(variables.status(), values);
    spec.command = *std::move(argv);
    if (!spec.command.empty()) {
        spec.checkProgram = supervise::programCheck(
            spec.command[0],
            signedDigest(manifest, m_layout.version(manifest.name, version), spec.command));
    }
    spec.environment = *std::move(variables);
    spec.workingDirectory = m_layout.data(manifest.name);
    return spec;
}

absl::StatusOr<std::vector<std::uint16_t>> RunSpecMaker::ports(
    const domain::Manifest& manifest, const journal::InstalledVersion& version) const {
    const ::ifrit::package::Variables values = variables(manifest, version, Purpose::Start);
    const auto texts = ::ifrit::package::expandAll(manifest.preflight.ports, values);
    if (!texts.ok()) return explained(texts.status(), values);
    std::vector<std::uint16_t> ports;
    for (const std::string& text : *texts) {
        const auto port = parsePort(text);
        if (!port) {
            return base::failedPrecondition("PREFLIGHT_PORT", manifest.name,
                                            "'{}' is not a TCP port; check vars", text);
        }
        ports.push_back(*port);
    }
    return ports;
}

}  // namespace ifrit::agent::install
