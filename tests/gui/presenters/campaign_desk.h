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

/// The window is connected to cn-north-1; cn-test-1 and eu-west-1 are on the list.
struct CampaignDesk {
    explicit CampaignDesk(bool readOnly = false,
                          std::vector<std::string> permissions = {"campaign.import",
                                                                  "campaign.prepare",
                                                                  "campaign.start",
                                                                  "campaign.abort"})
        : settings(directory.filePath(QStringLiteral("s.ini")), QSettings::IniFormat),
          store(settings) {
        factory.others["cn-test-1"] = &test;
        factory.others["eu-west-1"] = &west;
        std::vector<gui::presenters::KnownMaster> known;
        for (const char* cluster : {"cn-test-1", "eu-west-1"}) {
            const QString path = directory.filePath(QString::fromUtf8(cluster));
            QFile file(path);
            if (!file.open(QIODevice::WriteOnly)) qFatal("no temporary file");
            const std::string pem =
                "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
            bundle::Bundle bundle{cluster,
                                  "production",
                                  {"127.0.0.1:1"},
                                  pem,
                                  pem,
                                  "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n"};
            file.write(QByteArray::fromStdString(bundle::formatBundle(bundle)));
            known.push_back({path, QString::fromUtf8(cluster), {}, {}, readOnly});
        }
        store.save(known);
        gui::services::ConnectionProfile profile;
        profile.bundle.cluster = "cn-north-1";
        profile.bundle.kind = "test";
        hub.open(profile);
        master.connection.tell(gui::services::LinkState::Connected);
        gui::services::Identity who;
        who.user = "wang";
        who.permissions = std::move(permissions);
        master.connection.whoAmICalls.deliver(who);
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
        const std::pair<const char*, FakeMaster*> all[] = {
            {"cn-test-1", &test}, {"cn-north-1", &master}, {"eu-west-1", &west}};
        for (const auto& [cluster, fakes] : all) {
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
    gui::presenters::CampaignsPresenter presenter{hub, feed, store, factory};
};

}  // namespace ifrit::tests
