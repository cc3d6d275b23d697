// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/campaigns/abort_sheet.h"

namespace ifrit::gui::pages {

using services::CampaignReleases;

AbortSheet::AbortSheet(const widgets::Theme& theme, const presenters::CampaignsPresenter& campaigns,
                       QWidget* parent)
    : DangerSheet(theme,
                  campaigns.abortFacts(campaigns.canAbortAlone() ? CampaignReleases::Left
                                                                 : CampaignReleases::RolledBack),
                  parent),
      m_canAbortAlone(campaigns.canAbortAlone()),
      m_alone(campaigns.abortTarget(CampaignReleases::Left)),
      m_withReleases(campaigns.abortTarget(CampaignReleases::RolledBack)) {
    if (m_canAbortAlone)
        offer(tr("Roll its releases back, too"), campaigns.rollbackAction().whyNot,
              campaigns.abortFacts(CampaignReleases::RolledBack));
    follow(campaigns, &presenters::CampaignsPresenter::changed, [this, &campaigns] {
        return campaigns.abortTarget(CampaignReleases::Left).campaign == m_alone.campaign
                   ? campaigns.abortAction().whyNot
                   : gone();
    });
}

presenters::CampaignsPresenter::AbortTarget AbortSheet::target() const {
    return m_canAbortAlone && !doesMore() ? m_alone : m_withReleases;
}

}  // namespace ifrit::gui::pages
