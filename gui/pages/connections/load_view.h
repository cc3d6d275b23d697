// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "gui/models/text_format.h"
#include "gui/presenters/master_load_presenter.h"

namespace ifrit::gui::widgets {
class Theme;
}

namespace ifrit::gui::pages {

class ChartPane;

/// How the masters of the connected cluster bear its machines: two plots over the last hour. Asks
/// for nothing while it is not seen.
class LoadView : public QWidget {
    Q_OBJECT
public:
    LoadView(const widgets::Theme& theme, presenters::MasterLoadPresenter& presenter,
             const models::TimeText& times, QWidget* parent);
    /// Whether the master that the page is about is the one that the window is connected to.
    void setConnected(bool connected);
    void toggleTableForm();

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void update();

    presenters::MasterLoadPresenter& m_presenter;
    ChartPane* m_polls;
    ChartPane* m_latency;
    bool m_connected = false;
    bool m_asTable = false;
};

}  // namespace ifrit::gui::pages
