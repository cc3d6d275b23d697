// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/freeze_button.h"

#include <QEvent>

#include "gui/pages/page.h"
#include "gui/widgets/danger_sheet.h"

namespace ifrit::gui::pages {

using presenters::FreezePresenter;
using Turn = FreezePresenter::Turn;

FreezeButton::FreezeButton(const widgets::Theme& theme, FreezePresenter& presenter, QWidget* parent)
    : QPushButton(parent), m_theme(theme), m_presenter(presenter) {
    setProperty("look", QLatin1String("danger"));
    connect(this, &QPushButton::clicked, this, &FreezeButton::ask);
    connect(&presenter, &FreezePresenter::changed, this, &FreezeButton::update);
    update();
}

void FreezeButton::changeEvent(QEvent* event) {
    QPushButton::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) update();
}

void FreezeButton::update() {
    const Turn turn = m_presenter.turn();
    setText(turn == Turn::Freeze ? tr("Freeze…") : tr("Unfreeze…"));
    apply(this, m_presenter.action(turn),
          turn == Turn::Freeze ? tr("Stop all change in this cluster at once")
                               : tr("Let machines of this cluster change again"));
}

void FreezeButton::ask() {
    const Turn turn = m_presenter.turn();
    if (!m_presenter.action(turn).enabled()) return;
    const auto follow = [this, turn](widgets::DangerSheet& sheet) {
        sheet.follow(m_presenter, &FreezePresenter::changed,
                     [this, turn] { return m_presenter.action(turn).whyNot; });
    };
    if (const auto said =
            widgets::DangerSheet::ask(m_theme, m_presenter.facts(turn), window(), follow))
        m_presenter.act(turn, said->reason);
}

}  // namespace ifrit::gui::pages
