// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "gui/presenters/release_presenter.h"
#include "tests/gui/presenters/hub_fixture.h"

namespace ifrit::tests {

/// Number 12, whose gray stage has one machine that is done and two that went back.
inline gui::services::ReleaseInfo releaseInGray(const char* id, domain::ReleaseState state) {
    using domain::ReleaseVerb;
    gui::services::ReleaseInfo info;
    info.release.id = id;
    info.release.number = 12;
    info.release.spec.agent = "logd";
    info.release.spec.version = "1.6.1";
    info.release.state = state;
    gui::services::StageProgress gray;
    gray.counts.kind = domain::StageKind::Gray;
    gray.counts.targeted = 3;
    gray.counts.outcomes = {{domain::Outcome::Ok, 1}, {domain::Outcome::Reverted, 2}};
    info.stages = {gray};
    info.allowedVerbs = {ReleaseVerb::Verify, ReleaseVerb::Abort, ReleaseVerb::Pause};
    info.refusedVerbs = {{ReleaseVerb::Rollback, "nothing was changed yet"}};
    return info;
}

/// Somebody with these permissions who looks at the release "a", of which nothing was told yet.
struct ReleaseDesk : HubFixture {
    explicit ReleaseDesk(std::vector<std::string> permissions = {},
                         const std::string& kind = "test") {
        connect(std::move(permissions), kind);
        look("a");
    }
    void look(const char* id) { presenter.open(QString::fromLatin1(id)); }
    void tell(const gui::services::ReleaseInfo& info) { releases.releaseWatch.tell(info); }

    FakeReleases& releases = master.releases;
    gui::presenters::ReleasePresenter presenter{hub, &feed};
};

}  // namespace ifrit::tests
