// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSpinBox>
#include <QWidget>

#include "gui/presenters/new_campaign_presenter.h"
#include "gui/presenters/new_release_presenter.h"

class QFormLayout;
class QHBoxLayout;

namespace ifrit::gui::widgets {
class Theme;
}

namespace ifrit::gui::pages {

class ClusterOrder;
class NewReleaseGates;
class NewReleaseRules;

/// What, where and how of a release, as typed; each edit goes to the presenter.
class NewReleaseForm : public QWidget {
    Q_OBJECT
public:
    NewReleaseForm(const widgets::Theme& theme, presenters::NewReleasePresenter& presenter,
                   QWidget* parent);

    /// What the presenter proposes for a cluster of this size.
    void takeProposal();
    void edit();
    /// Fills the choices anew and enables what the form says. False: what was chosen is gone, and
    /// the presenter was told of another choice.
    bool show(const presenters::NewReleasePresenter::Form& form);
    /// In further clusters after this one.
    bool asCampaign() const { return m_campaign->isChecked(); }
    /// Null: none can be made.
    void offerCampaign(presenters::NewCampaignPresenter* campaigns);
    /// Of the campaign, in their order.
    QStringList clusters() const;
    /// Why: for whoever shows the form to give it a place.
    QLineEdit* reasonField() { return m_reason; }
    /// Of the column at the left: what stands below it begins where its fields begin.
    int labelWidth() const;

private:
    static QFormLayout* addColumn(QHBoxLayout* row);
    void addHeading(QFormLayout* form, const QString& text);
    void addWhat(QFormLayout* form);
    void addWhere(QFormLayout* form);
    void addStages(QFormLayout* form);
    void addPilot(QFormLayout* form);
    void addHow(QFormLayout* form);
    void connectParts();
    void showClusters();
    void offerClusters();
    presenters::NewReleasePresenter::Form typed() const;
    QStringList chosenTypes() const;
    void refill();
    void refillTypes(const QStringList& types);

    const widgets::Theme& m_theme;
    presenters::NewReleasePresenter& m_presenter;
    bool m_filling = false;
    QFormLayout* m_left = nullptr;
    QComboBox* m_kind = nullptr;
    QComboBox* m_agent = nullptr;
    QComboBox* m_version = nullptr;
    QWidget* m_types = nullptr;
    QList<QCheckBox*> m_typeBoxes;
    QLabel* m_runsNow = nullptr;
    QHash<QString, bool> m_leftOut;  ///< types that the operator has unticked, by name
    QCheckBox* m_gray = nullptr;
    QPlainTextEdit* m_uuids = nullptr;
    QLineEdit* m_pin = nullptr;
    QLineEdit* m_labels = nullptr;
    QLabel* m_grayCount = nullptr;
    QCheckBox* m_campaign = nullptr;
    ClusterOrder* m_clusters = nullptr;
    QStringList m_offered;  ///< clusters
    presenters::NewCampaignPresenter* m_campaigns = nullptr;
    QSpinBox* m_pilot = nullptr;
    QSpinBox* m_pilotCount = nullptr;
    QCheckBox* m_batches = nullptr;
    QSpinBox* m_interval = nullptr;
    QCheckBox* m_promote = nullptr;
    QLineEdit* m_order = nullptr;
    QSpinBox* m_maxInFlight = nullptr;
    QSpinBox* m_soak = nullptr;
    QSpinBox* m_deadline = nullptr;
    QLineEdit* m_downloadRate = nullptr;
    QCheckBox* m_auto = nullptr;
    NewReleaseGates* m_gates = nullptr;
    NewReleaseRules* m_rules = nullptr;
    QLineEdit* m_reason = nullptr;
};

}  // namespace ifrit::gui::pages
