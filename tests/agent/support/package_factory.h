// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

#include "shared/base/atomic_file.h"
#include "shared/crypto/sha256.h"
#include "shared/crypto/signing_key.h"
#include "shared/package/builder.h"
#include "shared/package/package_file.h"
#include "shared/package/signed_manifest.h"

namespace ifrit::tests {

/// A signed package as a master holds it: `<digest>.ifrit` in a directory.
struct TestPackage {
    domain::Manifest manifest;
    std::string digest;
};

/// For PackageFactory::probeFailures: many machines at work on few processors are slow, not sick.
constexpr int kPatientProbe = 200;
/// For PackageFactory::probeInterval, where a managed agent only has to be there: a dozen machines
/// that start ten programs a second each keep a processor busy with nothing else.
constexpr char kSeldomProbed[] = "2s";

/// Signs packages of the program misbehaving_agent and writes them to `directory`.
class PackageFactory {
public:
    PackageFactory(std::filesystem::path directory, std::string program)
        : m_directory(std::move(directory)),
          m_program(std::move(program)),
          m_key(*crypto::SigningKey::generate()) {
        std::filesystem::create_directories(m_directory);
    }

    /// Probes that may fail in a row; many where the machine is busier than the probe is patient.
    int probeFailures = 3;
    std::string agent = "exporter";
    std::string user;  ///< none: that of ifrit-agent
    std::string probation = "200ms";
    std::string probe = "exec = [\"/bin/true\"]";
    std::string probeInterval = "100ms";
    std::string probeTimeout = "3s";

    const crypto::SigningKey& key() const { return m_key; }
    const std::filesystem::path& directory() const { return m_directory; }

    /// Puts the publisher's key where the machine below `root` looks for it.
    void trustOn(const std::filesystem::path& root) const {
        std::filesystem::create_directories(root / "keys");
        std::ofstream(root / "keys/publisher.pub.pem")
            << *crypto::publicKeyToPem(m_key.publicKey());
    }

    /// The folder that make() builds a version of `agent` from; a test may add files to it.
    std::filesystem::path sourceOf(const std::string& version) const {
        return m_directory / ("source-" + agent + '-' + version);
    }

    /// `behaviour` is what the program does; `more` is added to package.toml before [start].
    TestPackage make(const std::string& version, const std::string& behaviour,
                     const std::string& more = "", const std::string& tables = "") const {
        const std::filesystem::path source = sourceOf(version);
        std::filesystem::create_directories(source / "files/bin");
        std::filesystem::copy_file(m_program, source / "files/bin/app",
                                   std::filesystem::copy_options::overwrite_existing);
        std::string command = "\"bin/app\"";
        std::istringstream words(behaviour);
        for (std::string word; words >> word;)
            command += ", \"" + word + '"';
        std::ofstream(source / "package.toml")
            << "format = 1\nname = \"" << agent << "\"\nversion = \"" << version
            << "\"\nmachine_types = [\"LINUX\"]\nprobation = \"" << probation << "\"\n"
            << more << "\n[start]\ncommand = [" << command << "]\n"
            << (user.empty() ? "" : "user = \"" + user + "\"\n") << "[stop]\ngrace = \"2s\"\n"
            << "[probe]\n"
            << probe << "\ninterval = \"" << probeInterval << "\"\ntimeout = \"" << probeTimeout
            << "\"\nfailures = " << probeFailures << "\n"
            << tables;
        const auto built = ::ifrit::package::buildPackage(source, m_key, m_directory);
        if (!built.ok()) throw std::runtime_error(built.status().ToString());
        std::filesystem::rename(built->path, m_directory / (built->digest + ".ifrit"));
        return {built->manifest, built->digest};
    }

private:
    std::filesystem::path m_directory;
    std::string m_program;
    crypto::SigningKey m_key;
};

}  // namespace ifrit::tests
