// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStackedWidget>

#include "gui/pages/page.h"
#include "gui/presenters/freeze_presenter.h"
#include "gui/presenters/new_campaign_presenter.h"
#include "gui/presenters/new_release_presenter.h"
#include "gui/presenters/release_presenter.h"
#include "gui/presenters/releases_presenter.h"

namespace ifrit::gui::widgets {
class DataTable;
class FigureStrip;
class FilterLine;
}  // namespace ifrit::gui::widgets

namespace ifrit::gui::pages {

class FreezeButton;

/// The list of releases.
class ReleasesPage : public Page {
    Q_OBJECT
public:
    ReleasesPage(const widgets::Theme& theme, presenters::ReleasesPresenter& presenter,
                 presenters::NewReleasePresenter& newRelease,
                 presenters::NewCampaignPresenter& newCampaign, presenters::FreezePresenter& freeze,
                 QWidget* parent);
    static QString viewName() { return tr("Releases"); }
    void focusFilter() override;
    bool escape() override;
    void refresh() override { m_presenter.refresh(); }
    ExportTable exportOf(const widgets::DataTable& table) const override;
    QList<models::CtlCommand> commands() const override { return {models::releasesCommand()}; }
    /// Opens the dialog that makes a release.
    void create();

Q_SIGNALS:
    void releaseWanted(const QString& releaseId);
    /// A campaign was made.
    void campaignsWanted();

protected:
    void retranslate() override;

private:
    void update();
    void updateDiscard();
    void discard();
    /// The row that the operator is at; nullptr: none.
    const services::ReleaseInfo* chosen() const;

    presenters::ReleasesPresenter& m_presenter;
    presenters::NewReleasePresenter& m_newRelease;
    presenters::NewCampaignPresenter& m_newCampaign;
    presenters::FreezePresenter& m_freeze;
    QPushButton* m_new;
    QPushButton* m_discard;
    FreezeButton* m_freezeButton;
    QLabel* m_frozen;
    QLabel* m_answer;
    QString m_answerOf;  ///< the release that it is about
    widgets::FigureStrip* m_strip;
    widgets::FilterLine* m_filter;
    widgets::DataTable* m_table;
    QPushButton* m_more;
};

}  // namespace ifrit::gui::pages
