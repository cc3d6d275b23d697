// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>
#include <QWidget>

#include "gui/presenters/map_presenter.h"

namespace ifrit::gui::widgets {
class Theme;
}

namespace ifrit::gui::pages {

class LegendButton;

/// What the map's colours mean, in rows of buttons that filter.
class MapLegend : public QWidget {
    Q_OBJECT
public:
    using Entries = std::vector<presenters::MapPresenter::LegendEntry>;

    MapLegend(const widgets::Theme& theme, QWidget* parent);
    /// `roomy`: few entries, beside which the hint has room.
    void setEntries(const Entries& entries, bool roomy);
    /// Some entry is chosen: the map shows it alone.
    bool filters() const { return m_filters; }

Q_SIGNALS:
    /// LegendEntry::entry.
    void toggled(int entry);
    /// A filter of the machines view.
    void opened(const QString& filter);

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void addButton();
    void retranslate();
    void placeHint();

    const widgets::Theme& m_theme;
    QList<QHBoxLayout*> m_rows;
    QList<LegendButton*> m_buttons;
    QLabel* m_hint;
    Entries m_entries;
    bool m_filters = false;
    bool m_roomy = false;
};

}  // namespace ifrit::gui::pages
