// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QScrollArea>

#include <map>

#include "gui/pages/page.h"
#include "gui/pages/releases/release_tabs.h"
#include "gui/presenters/release_charts.h"
#include "gui/presenters/release_presenter.h"
#include "gui/presenters/ring_presenter.h"
#include "gui/widgets/splitter.h"

class QTimer;

namespace ifrit::gui::widgets {
class BatchLanes;
class DataTable;
class FigureStrip;
class Panel;
class StatusBadge;
}  // namespace ifrit::gui::widgets

namespace ifrit::gui::pages {

class RingPanel;
class StageRow;

struct ReleasePageParts {
    presenters::ReleasePresenter& release;
    presenters::RingPresenter& ring;
    presenters::ReleaseCharts& charts;
    const models::TimeText& times;
};

/// One release as it goes.
class ReleasePage : public Page {
    Q_OBJECT
public:
    ReleasePage(const widgets::Theme& theme, const ReleasePageParts& parts, QWidget* parent);
    void refresh() override { m_presenter.refresh(); }
    ExportTable exportOf(const widgets::DataTable& table) const override;
    bool escape() override;
    QString place() const override;
    void toggleTableForm() override;
    QList<models::CtlCommand> commands() const override;
    ReleaseTabs* tabs() { return m_tabs; }
    widgets::Splitter* splitter() { return m_splitter; }

Q_SIGNALS:
    void backWanted();
    void machineWanted(const QString& uuid);
    void filterWanted(const QString& filter);

protected:
    void retranslate() override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void build();
    void buildStages();
    void buildTabs();
    void connectParts();
    void update();
    void count();
    void tell();
    void updateVerbs();
    void updateLanes();
    bool wantsRing() const;
    void showRing();
    void stagesResized();
    void ask(domain::ReleaseVerb verb);

    presenters::ReleasePresenter& m_presenter;
    presenters::RingPresenter& m_ring;
    widgets::StatusBadge* m_badge;
    std::map<domain::ReleaseVerb, QPushButton*> m_verbs;
    QLabel* m_line;
    QLabel* m_answer;
    widgets::FigureStrip* m_strip;
    widgets::Splitter* m_splitter;
    StageRow* m_stages = nullptr;
    widgets::Panel* m_stagePanel;
    QScrollArea* m_laneArea;
    widgets::BatchLanes* m_lanes;
    widgets::DataTable* m_stageTable;
    QPushButton* m_export;
    RingPanel* m_ringPanel;
    int m_ringNeeds;  ///< height, as it was when the ring was last shown
    bool m_isMoving = false;
    ReleaseTabs* m_tabs;
    QTimer* m_seconds;  ///< runs while something that is shown counts
};

}  // namespace ifrit::gui::pages
