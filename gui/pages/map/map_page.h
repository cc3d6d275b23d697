// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>
#include <QLabel>
#include <QList>

#include "gui/pages/page.h"
#include "gui/presenters/freeze_presenter.h"
#include "gui/presenters/map_presenter.h"
#include "gui/presenters/ring_presenter.h"
#include "gui/presenters/version_history.h"

namespace ifrit::gui::widgets {
class DataTable;
class FigureStrip;
class MachineMap;
class Panel;
class ShareBar;
class StateDonut;
}  // namespace ifrit::gui::widgets

namespace ifrit::gui::pages {

class FreezeButton;
class ChartPane;
class ClusterTiles;
class MapLegend;
class RingPanel;

struct MapPageParts {
    presenters::MapPresenter& map;
    presenters::RingPresenter& ring;
    presenters::VersionHistory& versions;
    presenters::FreezePresenter& freeze;
    const models::TimeText& times;
};

/// The cluster map; in its place the hash ring or the versions over time.
class MapPage : public Page {
    Q_OBJECT
public:
    MapPage(const widgets::Theme& theme, const MapPageParts& parts, QWidget* parent);
    static QString viewName() { return tr("Cluster map"); }
    void refresh() override { m_presenter.refresh(); }
    void focusContent() override;
    void toggleFailing() override;
    void toggleTableForm() override { m_asTable->toggle(); }
    void toggleRing() override { m_showRing->toggle(); }
    void toggleVersions() override { m_showVersions->toggle(); }
    /// The map as a picture, or the states where the keyboard is at them; in its table form the
    /// table.
    void exportRows() override;
    QList<models::CtlCommand> commands() const override { return {models::clusterCommand()}; }
    bool escape() override;

Q_SIGNALS:
    void machineWanted(const QString& uuid);
    void filterWanted(const QString& filter);
    void releasesWanted();
    /// Another cluster, by its place on the list of masters.
    void clusterWanted(int master);

protected:
    void retranslate() override;
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void build();
    void update();
    int roomForTiles() const;
    void updateStrip();
    void showReleases();
    void updateGroupings();
    void updateMap();
    void updateVersions();
    /// Map, ring or versions.
    void showPart();
    /// What is about the map is off where something else stands in its place, and says so.
    void updateChoices();

    presenters::MapPresenter& m_presenter;
    QLabel* m_groupLabel;
    QComboBox* m_groupBy;
    QLabel* m_colorLabel;
    QComboBox* m_color;
    QPushButton* m_failing;
    presenters::FreezePresenter& m_freeze;
    FreezeButton* m_freezeButton;
    QPushButton* m_showRing;
    QPushButton* m_showVersions;
    QPushButton* m_asTable;
    QPushButton* m_export = nullptr;
    QAction* m_exportStates;
    QLabel* m_frozen;
    widgets::FigureStrip* m_strip;
    widgets::StateDonut* m_donut;
    widgets::ShareBar* m_versions;
    QPushButton* m_releases;
    ClusterTiles* m_tiles;
    widgets::Panel* m_panel;
    widgets::MachineMap* m_map;
    RingPanel* m_ring;
    presenters::VersionHistory& m_history;
    widgets::Panel* m_historyPanel;
    ChartPane* m_historyChart;
    widgets::DataTable* m_groups;
    widgets::DataTable* m_states;
    MapLegend* m_legend;
};

}  // namespace ifrit::gui::pages
