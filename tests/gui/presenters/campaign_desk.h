// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFile>
#include <QSettings>
#include <QTemporaryDir>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "gui/presenters/campaigns_presenter.h"
#include "tests/gui/presenters/hub_fixture.h"
#include "tests/gui/support/scripted_campaigns.h"

namespace ifrit::tests {

using Campaigns = gui::services::Page<gui::services::CampaignInfo>;

inline const QString kMoving = QStringLiteral("5b1d7c1e-0f52-4a51-8f0a-5a2f6f3f7a01");

/// Of cn-north-1 and cn-test-1; eu-west-1 is production.
struct DeskKinds {
    std::string own = "test";
    std::string other = "production";
};

/// The window is connected to cn-north-1; cn-test-1 and eu-west-1 are on the list.
struct CampaignDesk {
    /// How one signs in to eu-west-1.
    enum class Third { Certificate, Password };
    explicit CampaignDesk(bool readOnly = false,
                          std::vector<std::string> permissions = {"campaign.import",
                                                                  "campaign.prepare",
                                                                  "campaign.start",
                                                                  "campaign.abort"},
                          Third third = Third::Certificate, const DeskKinds& kinds = {})
        : settings(directory.filePath(QStringLiteral("s.ini")), QSettings::IniFormat),
          store(settings) {
        factory.others["cn-test-1"] = &test;
        factory.others["eu-west-1"] = &west;
        connections.setReadOnlyFirst(readOnly);
        connections.import(write(bundleOf("cn-test-1", kinds.other)));
        connections.import(
            write(third == Third::Password ? withoutLogin("eu-west-1") : bundleOf("eu-west-1")));
        gui::services::ConnectionProfile profile;
        profile.bundle.cluster = "cn-north-1";
        profile.bundle.kind = kinds.own;
        hub.open(profile);
        master.connection.tell(gui::services::LinkState::Connected);
        gui::services::Identity who;
        who.user = "wang";
        who.permissions = std::move(permissions);
        master.connection.whoAmICalls.deliver(who);
    }

    static bundle::Bundle bundleOf(const std::string& cluster,
                                   const std::string& kind = "production") {
        const std::string pem = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
        return {cluster, kind, {"127.0.0.1:1"},
                pem,     pem,  "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n"};
    }
    /// One that a password goes with.
    static bundle::Bundle withoutLogin(const std::string& cluster) {
        bundle::Bundle out = bundleOf(cluster);
        out.certificatePem.clear();
        out.privateKeyPem.clear();
        return out;
    }
    QString write(const bundle::Bundle& bundle) const {
        const QString path = directory.filePath(QString::fromStdString(bundle.cluster));
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly)) qFatal("no temporary file");
        file.write(QByteArray::fromStdString(bundle::formatBundle(bundle)));
        return path;
    }
    std::vector<std::pair<const char*, FakeMaster*>> all() {
        return {{"cn-test-1", &test}, {"cn-north-1", &master}, {"eu-west-1", &west}};
    }
    /// Whatever waits for its time has it.
    void fireTimers() {
        for (auto* timer : presenter.findChildren<QTimer*>())
            if (timer->isActive()) Q_EMIT timer->timeout({});
    }
    Campaigns held(const std::string& cluster) const {
        Campaigns page;
        for (gui::services::CampaignInfo& info : scriptedCampaigns(clock.now(), cluster)) {
            if (QString::fromStdString(info.campaign.id) == kMoving) page.items.push_back(info);
        }
        return page;
    }
    /// All three answer what scriptedCampaigns() says, as `change` has it.
    void answer(
        const std::function<void(const std::string&, gui::services::CampaignInfo&)>& change = {}) {
        presenter.setShown(true);
        for (const auto& [cluster, fakes] : all()) {
            Campaigns page = held(cluster);
            if (change) change(cluster, page.items.front());
            fakes->campaigns.lists.deliver(page);
        }
    }

    QTemporaryDir directory;
    QSettings settings;
    gui::presenters::ConnectionStore store;
    FixedClock clock;
    gui::models::TimeText times{clock};
    FakeMaster master;
    FakeMaster test;
    FakeMaster west;
    FakeSessionFactory factory{master};
    gui::presenters::ConnectionHub hub{factory, times};
    gui::presenters::FleetFeed feed{hub};
    FakeSecrets secrets;
    gui::presenters::ConnectionsPresenter connections{{hub, store, factory, secrets}};
    gui::presenters::CampaignsPresenter presenter{hub, feed, connections, factory};
};

}  // namespace ifrit::tests
