// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>
#include <QLabel>
#include <QList>

#include "gui/pages/page.h"
#include "gui/presenters/freeze_presenter.h"
#include "gui/presenters/map_presenter.h"

namespace ifrit::gui::widgets {
class ClusterTile;
class FigureStrip;
class MachineMap;
class Panel;
class ShareBar;
}  // namespace ifrit::gui::widgets

namespace ifrit::gui::pages {

class FreezeButton;
class LegendButton;

/// The cluster map.
class MapPage : public Page {
    Q_OBJECT
public:
    MapPage(const widgets::Theme& theme, presenters::MapPresenter& presenter,
            presenters::FreezePresenter& freeze, QWidget* parent);
    void refresh() override { m_presenter.refresh(); }
    void toggleFailing() override;
    QList<models::CtlCommand> commands() const override { return {models::clusterCommand()}; }
    bool escape() override;

Q_SIGNALS:
    void machineWanted(const QString& uuid);
    void filterWanted(const QString& filter);
    void connectionsWanted();
    void releasesWanted();
    /// Another cluster, by its place on the list of masters.
    void clusterWanted(int master);

protected:
    void retranslate() override;
    void showEvent(QShowEvent* event) override;

private:
    void build();
    void update();
    void updateLegend();
    void updateTiles();

    presenters::MapPresenter& m_presenter;
    QLabel* m_groupLabel;
    QComboBox* m_groupBy;
    QPushButton* m_failing;
    presenters::FreezePresenter& m_freeze;
    FreezeButton* m_freezeButton;
    QLabel* m_frozen;
    widgets::FigureStrip* m_strip;
    widgets::ShareBar* m_versions;
    QPushButton* m_releases;
    QVBoxLayout* m_tiles;
    QList<widgets::ClusterTile*> m_tileList;
    widgets::Panel* m_panel;
    widgets::MachineMap* m_map;
    QHBoxLayout* m_legend;
    QList<LegendButton*> m_legendButtons;
    QLabel* m_legendHint;
    bool m_filtered = false;
};

}  // namespace ifrit::gui::pages
