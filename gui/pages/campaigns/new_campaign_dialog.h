// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>

#include "gui/pages/campaigns/cluster_order.h"
#include "gui/presenters/new_campaign_presenter.h"

class QVBoxLayout;

namespace ifrit::gui::widgets {
class Theme;
}

namespace ifrit::gui::pages {

/// What, in which clusters, in which order. It changes no machine, so nothing more is asked.
class NewCampaignDialog : public QDialog {
    Q_OBJECT
public:
    /// `releaseId`: made from this one, where the operator chooses no other; `clusters`: in this
    /// order, else all.
    NewCampaignDialog(const widgets::Theme& theme, presenters::NewCampaignPresenter& presenter,
                      QWidget* parent, const QString& releaseId = {},
                      const QStringList& clusters = {});

private:
    void buildForm(QVBoxLayout* layout);
    void buildButtons(QVBoxLayout* layout);
    void connectParts();
    void update();
    void fillReleases();
    presenters::NewCampaignPresenter::Form typed() const;

    presenters::NewCampaignPresenter& m_presenter;
    QComboBox* m_release;
    QLineEdit* m_name;
    ClusterOrder* m_clusters;
    QSpinBox* m_settle;
    QSpinBox* m_expires;
    QLineEdit* m_reason;
    QLabel* m_note;
    QLabel* m_hint;
    QPushButton* m_copy;
    QPushButton* m_create;
    bool m_filling = false;
};

}  // namespace ifrit::gui::pages
