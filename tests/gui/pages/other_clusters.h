// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFile>

#include <memory>
#include <vector>

#include "tests/gui/pages/window_fixture.h"
#include "tests/gui/support/cluster_pki.h"
#include "tests/gui/support/scripted_campaigns.h"

namespace ifrit::tests {

/// Puts a cluster on the operator's list, as a bundle file brings it; its index there.
inline int importBundle(WindowFixture& fixture, const std::string& cluster) {
    const QString path = fixture.directory.filePath(QString::fromStdString(cluster + ".bundle"));
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly)) return -1;
    bundle::Bundle content = ScriptedMaster::profile().bundle;
    const ClusterPki pki(cluster, fixture.clock.now());
    pki.fill(content, "chen.yu");
    // One that somebody has to see to.
    if (cluster == ScriptedMaster::profile().bundle.cluster)
        fixture.master.serverCertificatePem = pki.server(std::chrono::hours(24 * 19));
    file.write(QByteArray::fromStdString(bundle::formatBundle(content)));
    file.close();
    return fixture.desktop->connections.import(path);
}

/// The clusters of scriptedCampaigns() beside the one that the window is connected to: on the list,
/// each with a master of its own.
struct OtherClusters {
    OtherClusters(WindowFixture& fixture, bool wanted) : factory(fixture.factory) {
        for (const std::string& cluster : kCampaignClusters) {
            if (!wanted || cluster == ScriptedMaster::profile().bundle.cluster) continue;
            masters.push_back(std::make_unique<ScriptedMaster>(fixture.clock.now(), 24));
            masters.back()->campaigns = scriptedCampaigns(fixture.clock.now(), cluster);
            factory.others[cluster] = &masters.back()->fakes();
            importBundle(fixture, cluster);
        }
    }
    ~OtherClusters() { factory.others.clear(); }
    OtherClusters(const OtherClusters&) = delete;
    OtherClusters& operator=(const OtherClusters&) = delete;

    FakeSessionFactory& factory;
    std::vector<std::unique_ptr<ScriptedMaster>> masters;
};

/// A window in the size of the look, connected to the first cluster on its list: to it alone, or
/// with others beside it.
struct ListedClusters {
    explicit ListedClusters(std::size_t machines, bool others)
        : fixture(machines),
          own(importBundle(fixture, ScriptedMaster::profile().bundle.cluster)),
          clusters(fixture, others) {
        fixture.window->resize(1440, 900);
        fixture.desktop->connections.connectTo(own);
        WindowFixture::settle();
        fixture.master.connect();
        WindowFixture::settle();
    }

    WindowFixture fixture;
    int own;
    OtherClusters clusters;
};

}  // namespace ifrit::tests
