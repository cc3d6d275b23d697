// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTemporaryDir>

#include "gui/presenters/connection_hub.h"
#include "gui/presenters/fleet_feed.h"
#include "gui/presenters/head_keeper.h"
#include "tests/gui/support/at_once_worker.h"
#include "tests/gui/support/fake_session.h"
#include "tests/gui/support/fixed_clock.h"

namespace ifrit::tests {

/// A hub over fakes that answer nothing by themselves.
struct HubFixture {
    FixedClock clock;
    gui::models::TimeText times{clock};
    FakeMaster master;
    FakeSessionFactory factory{master};
    gui::presenters::ConnectionHub hub{factory, times};
    gui::presenters::FleetFeed feed{hub};
    FakeSecrets secrets;
    QTemporaryDir headFolder;
    AtOnceWorker worker;
    gui::presenters::HeadKeeper heads{hub, feed, worker, headFolder.path().toStdString()};

    bundle::Bundle bundle{"demo", {}, {}, {}, {}, {}};  ///< kind is what open() says

    void open(const std::string& kind = "test", bool readOnly = false) {
        services::ConnectionProfile profile;
        profile.bundle = bundle;
        profile.bundle.kind = kind;
        profile.readOnly = readOnly;
        hub.open(profile);
    }
    /// Connected and known as somebody who may do `permissions`.
    void connect(std::vector<std::string> permissions, const std::string& kind = "test") {
        open(kind);
        master.connection.tell(services::LinkState::Connected);
        services::Identity who;
        who.user = "wang";
        who.permissions = std::move(permissions);
        master.connection.whoAmICalls.deliver(who);
    }
};

}  // namespace ifrit::tests
