// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QDir>
#include <QTemporaryDir>

#include "agent/app/doctor.h"
#include "agent/app/machine_identity.h"
#include "agent/journal/journal.h"
#include "agent/package/manifest_store.h"
#include "shared/base/atomic_file.h"
#include "shared/crypto/certificates.h"
#include "shared/package/signed_manifest.h"
#include "tests/agent/support/fake_machine.h"
#include "tests/agent/support/fake_master.h"
#include "tests/agent/support/manual_clock.h"
#include "tests/support/test_manifest.h"

namespace ifrit::tests {

class ExaminedHost final : public agent::platform::Host {
public:
    agent::platform::HostFacts facts_;
    agent::platform::FreeSpace space{1ULL << 40, 1'000'000};
    agent::platform::HostFacts facts() const override { return facts_; }
    absl::StatusOr<agent::platform::FreeSpace> freeSpace(const std::string&) const override {
        return space;
    }
};

/// An enrolled machine on which all is well, to be spoilt by the test.
struct Patient {
    Patient()
        : root(directory.path().toStdString()),
          layout(root),
          master(std::make_shared<FakeMaster>(root)),
          connector(master) {
        host.facts_.machineId = "0123";
        config.root = root;
        config.uuid = "m1";
        config.masters = {"master:7443"};
        config.trustedKeys = layout.keys();
        QDir().mkpath(QString::fromStdString(layout.state()));
        QDir().mkpath(QString::fromStdString(layout.keys()));
        write(layout.keys() + "/p.pub.pem", *crypto::publicKeyToPem(key.publicKey()));
        enrol(std::chrono::hours(720));
        master->onSync = [this](const auto&) -> absl::StatusOr<agent::link::SyncReply> {
            agent::link::SyncReply reply;
            reply.masterTime = clock.now() + skew;
            return reply;
        };
        record("exporter", [this](auto& agent) {
            agent.current = agent::journal::InstalledVersion{"1", std::string(64, '1')};
            agent.process =
                agent::journal::RunningProcess{machine.addForeign({}), *agent.current, clock.now()};
        });
    }
    static void write(const std::string& path, const std::string& text) {
        base::writeFileAtomically(path, text, 0600).IgnoreError();
    }
    void enrol(std::chrono::hours validity) {
        const auto ca = crypto::createCa("demo", clock.now(), std::chrono::hours(10'000));
        crypto::CertificateRequest request;
        request.cluster = "demo";
        request.name = "m1";
        request.now = clock.now();
        request.validity = validity;
        const auto issued = crypto::issue(*ca, request);
        agent::link::IdentityStore(layout.identity())
            .save({issued->privateKeyPem, issued->certificatePem, ca->certificatePem},
                  agent::app::hostMarks(host.facts_), clock.now())
            .IgnoreError();
    }
    /// A package of the agent is on the disk.
    void unpack(const std::string& agent, const std::string& variable) {
        domain::Manifest manifest = manifestOf(agent, "1", "program");
        manifest.archiveSha256 = std::string(64, 'a');
        manifest.archiveSizeBytes = 1;
        manifest.vars = {{variable, "9100"}};
        agent::package::ManifestStore(layout.agents())
            .save(agent, *package::signManifest(manifest, key))
            .IgnoreError();
    }
    /// agent.toml says nothing any more but its root.
    void spoilFile() {
        config = {};
        config.root = root;
        file = base::invalidArgument("CONFIG_INVALID", "agent.toml", "agent.toml:3: not TOML");
    }
    /// What a call has succeeded with.
    void prove(std::vector<std::string> masters, const std::string& serverName = "",
               const std::string& caPem = "") const {
        agent::link::LinkSettingsStore(layout.linkSettings())
            .save({std::move(masters), serverName, caPem})
            .IgnoreError();
    }
    template <typename Change>
    void record(const std::string& agent, const Change& change) {
        const auto opened = agent::journal::Journal::open(layout.journal());
        opened->journal->updateAgent(agent, change).IgnoreError();
    }
    std::vector<agent::app::Finding> examine() {
        return agent::app::Doctor(
                   {clock, host, machine, connector, [this](const std::string&) { return names; },
                    [this](const std::string&, std::uint16_t) { return port; },
                    [this](const agent::local::LocalRequest& request) {
                        ++asked;
                        return request.verb == "link" ? link : states;
                    }},
                   config, file)
            .examine();
    }

    QTemporaryDir directory;
    const crypto::SigningKey key = *crypto::SigningKey::generate();
    const std::string root;
    const agent::install::Layout layout;
    ManualClock clock;
    ExaminedHost host;
    FakeMachine machine;
    std::shared_ptr<FakeMaster> master;
    FakeConnector connector;
    agent::app::Config config;
    std::chrono::milliseconds skew{0};
    absl::StatusOr<std::vector<std::string>> names = std::vector<std::string>{"10.0.0.1"};
    absl::Status port;
    int asked = 0;  ///< the running ifrit-agent
    absl::StatusOr<std::string> states = std::string("exporter\thealthy\t\n");
    absl::StatusOr<std::string> link = std::string("0\tmaster:7443\t\t\n");
    absl::Status file;  ///< agent.toml
};

}  // namespace ifrit::tests
