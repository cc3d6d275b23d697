// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPushButton>

#include "gui/presenters/freeze_presenter.h"

namespace ifrit::gui::widgets {
class Theme;
}  // namespace ifrit::gui::widgets

namespace ifrit::gui::pages {

/// "Freeze…" or "Unfreeze…", whichever can be done now; asks by the danger sheet. Also for what
/// calls ask() by itself, as the palette.
class FreezeButton : public QPushButton {
    Q_OBJECT
public:
    FreezeButton(const widgets::Theme& theme, presenters::FreezePresenter& presenter,
                 QWidget* parent);
    void ask();

protected:
    void changeEvent(QEvent* event) override;

private:
    void update();
    const widgets::Theme& m_theme;
    presenters::FreezePresenter& m_presenter;
};

}  // namespace ifrit::gui::pages
