// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/pages/page.h"
#include "gui/presenters/campaigns_presenter.h"
#include "gui/presenters/new_campaign_presenter.h"

namespace ifrit::gui::widgets {
class DataTable;
class FigureStrip;
class FilterLine;
class Panel;
class StatusBadge;
}  // namespace ifrit::gui::widgets

namespace ifrit::gui::pages {

/// Campaigns above, the clusters of the chosen one below in their order.
class CampaignsPage : public Page {
    Q_OBJECT
public:
    CampaignsPage(const widgets::Theme& theme, presenters::CampaignsPresenter& presenter,
                  presenters::NewCampaignPresenter& newCampaign, QWidget* parent);
    static QString viewName() { return tr("Campaigns"); }
    void focusFilter() override;
    ExportTable exportOf(const widgets::DataTable& table) const override;
    bool escape() override;
    void refresh() override { m_presenter.refresh(); }
    QList<models::CtlCommand> commands() const override;
    /// Opens the dialog that makes a campaign.
    void create();
    /// One that has just been made, by whichever dialog.
    void showCampaign(const QString& id);

Q_SIGNALS:
    /// Of the cluster that the window is connected to.
    void releaseWanted(const QString& releaseId);

protected:
    void retranslate() override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void buildList();
    void buildDetail();
    void connectParts();
    void update();
    void askStart();
    void askAbort();

    presenters::CampaignsPresenter& m_presenter;
    presenters::NewCampaignPresenter& m_newCampaign;
    QPushButton* m_new;
    widgets::FigureStrip* m_strip;
    widgets::FilterLine* m_filter;
    widgets::DataTable* m_table;
    widgets::Panel* m_detail;
    widgets::StatusBadge* m_badge;
    QLabel* m_facts;
    QLabel* m_carried;
    QLabel* m_answer;
    widgets::DataTable* m_seats;
    QPushButton* m_start;
    QPushButton* m_abort;
};

}  // namespace ifrit::gui::pages
