// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFile>
#include <QSettings>
#include <QTemporaryDir>

#include <map>

#include "gui/presenters/fleet_roster.h"
#include "tests/gui/presenters/hub_fixture.h"

namespace ifrit::tests {

/// A master for each cluster that is opened.
class ManyMasters final : public gui::services::SessionFactory {
public:
    std::unique_ptr<gui::services::Session> open(
        const gui::services::ConnectionProfile& profile) override {
        ++opened[profile.bundle.cluster];
        masters[profile.bundle.cluster].profile = profile;
        return std::make_unique<FakeSession>(masters[profile.bundle.cluster]);
    }
    std::map<std::string, FakeMaster> masters;
    std::map<std::string, int> opened;
};

inline gui::services::ClusterSummary summary(std::uint64_t machines, std::uint64_t failed = 0) {
    gui::services::ClusterSummary out;
    out.machines = machines;
    out.machinesByState = {{domain::MachineState::Healthy, machines - failed}};
    if (failed > 0) out.machinesByState[domain::MachineState::Failed] = failed;
    out.runningReleases = 1;
    return out;
}

/// A list of three clusters, and the lines to those that the window is not about.
struct RosterDesk {
    RosterDesk() {
        for (const char* name : {"alpha", "beta", "gamma"})
            connections.import(bundle(name));
        roster = std::make_unique<gui::presenters::FleetRoster>(connections, fixture.hub, many);
    }
    enum class Login { Certificate, Password };
    QString bundle(const char* name, Login login = Login::Certificate) {
        bundle::Bundle content;
        content.cluster = name;
        content.kind = "production";
        content.addresses = {"127.0.0.1:7443"};
        content.caPem = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
        if (login == Login::Certificate) {
            content.certificatePem = content.caPem;
            content.privateKeyPem =
                "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n";
        }
        const QString path = directory.filePath(QString::fromLatin1(name));
        QFile file(path);
        if (file.open(QIODevice::WriteOnly))
            file.write(QByteArray::fromStdString(bundle::formatBundle(content)));
        return path;
    }
    /// The window is about this one of the list then.
    void open(int master) {
        connections.connectTo(master);
        QCoreApplication::processEvents();
    }
    FakeMaster& master(const char* name) { return many.masters[name]; }
    void answer(const char* name, std::uint64_t machines, std::uint64_t failed = 0) {
        master(name).connection.tell(services::LinkState::Connected);
        master(name).fleet.clusterCalls.deliver(summary(machines, failed));
    }

    HubFixture fixture;
    QTemporaryDir directory;
    QSettings settings{directory.filePath(QStringLiteral("desktop.ini")), QSettings::IniFormat};
    gui::presenters::ConnectionStore store{settings};
    gui::presenters::ConnectionsPresenter connections{
        {fixture.hub, store, fixture.factory, fixture.secrets}};
    ManyMasters many;
    std::unique_ptr<gui::presenters::FleetRoster> roster;
};

}  // namespace ifrit::tests
