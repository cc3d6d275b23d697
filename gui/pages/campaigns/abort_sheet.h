// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/presenters/campaigns_presenter.h"
#include "gui/widgets/danger_sheet.h"

namespace ifrit::gui::pages {

/// Asks whether the chosen campaign is aborted, and whether its releases go back with it. Of one
/// that is over only the releases are asked about. What was chosen when it opened is what is told.
class AbortSheet : public widgets::DangerSheet {
    Q_OBJECT
public:
    AbortSheet(const widgets::Theme& theme, const presenters::CampaignsPresenter& campaigns,
               QWidget* parent);
    presenters::CampaignsPresenter::AbortTarget target() const;

private:
    bool m_canAbortAlone;
    presenters::CampaignsPresenter::AbortTarget m_alone;
    presenters::CampaignsPresenter::AbortTarget m_withReleases;
};

}  // namespace ifrit::gui::pages
