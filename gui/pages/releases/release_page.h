// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QTabWidget>

#include <map>

#include "gui/pages/page.h"
#include "gui/presenters/release_presenter.h"

namespace ifrit::gui::widgets {
class BatchLanes;
class DataTable;
class FigureStrip;
class Panel;
class StatusBadge;
}  // namespace ifrit::gui::widgets

namespace ifrit::gui::pages {

/// One release as it goes.
class ReleasePage : public Page {
    Q_OBJECT
public:
    ReleasePage(const widgets::Theme& theme, presenters::ReleasePresenter& presenter,
                QWidget* parent);
    void refresh() override { m_presenter.refresh(); }
    bool escape() override;
    QString place() const override;
    void toggleTableForm() override;
    QList<models::CtlCommand> commands() const override;
    QTabWidget* tabs() { return m_tabs; }

Q_SIGNALS:
    void backWanted();
    void machineWanted(const QString& uuid);

protected:
    void retranslate() override;

private:
    void build();
    void buildTabs();
    void connectParts();
    void update();
    void updateVerbs();
    void ask(domain::ReleaseVerb verb);

    presenters::ReleasePresenter& m_presenter;
    widgets::StatusBadge* m_badge;
    std::map<domain::ReleaseVerb, QPushButton*> m_verbs;
    QLabel* m_line;
    QLabel* m_answer;
    widgets::FigureStrip* m_strip;
    widgets::Panel* m_stagePanel;
    widgets::BatchLanes* m_lanes;
    widgets::DataTable* m_stageTable;
    QTabWidget* m_tabs;
    widgets::DataTable* m_failures;
    widgets::DataTable* m_machines;
    widgets::DataTable* m_timeline;
    QPushButton* m_more;
};

}  // namespace ifrit::gui::pages
