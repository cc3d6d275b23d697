// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QButtonGroup>
#include <QDialog>
#include <QLabel>
#include <QPushButton>
#include <QStackedWidget>

#include "gui/pages/releases/new_release_form.h"
#include "gui/presenters/new_campaign_presenter.h"
#include "gui/presenters/new_release_presenter.h"

class QScrollArea;

namespace ifrit::gui::widgets {
class Theme;
}

namespace ifrit::gui::pages {

class PlanReview;

/// Makes a release in two steps: the form, then the master's plan. Closing it before start
/// leaves a draft only where it was saved. In further clusters it makes a campaign in place of the
/// release.
class NewReleaseDialog : public QDialog {
    Q_OBJECT
public:
    /// `campaigns`: null where none can be made.
    NewReleaseDialog(const widgets::Theme& theme, presenters::NewReleasePresenter& presenter,
                     QWidget* parent, presenters::NewCampaignPresenter* campaigns = nullptr);
    bool madeCampaign() const { return m_madeCampaign; }

protected:
    void closeEvent(QCloseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    /// Of the person at it, who is asked first where something would be lost; reject() asks nobody.
    void leave();
    QScrollArea* scrolled(QWidget* page);
    void buildReason();
    void buildButtons();
    void connectParts();
    void update();
    void showPlace();
    void forward();
    void chooseClusters();
    void updateForward();

    const widgets::Theme& m_theme;
    presenters::NewReleasePresenter& m_presenter;
    QLabel* m_title;
    QLabel* m_place;  ///< the cluster and its kind
    QStackedWidget* m_stack;
    NewReleaseForm* m_form;
    PlanReview* m_plan;
    QWidget* m_reason = nullptr;
    QLabel* m_hint;
    QPushButton* m_back;
    QPushButton* m_copy;
    QPushButton* m_save;
    QPushButton* m_forward;
    presenters::NewCampaignPresenter* m_campaigns;
    bool m_madeCampaign = false;
    presenters::ReleaseForm m_proposed;
};

}  // namespace ifrit::gui::pages
